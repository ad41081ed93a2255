package dev.retrap.trace.check;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;

/** NT, TF and AC on their way through the kernel. */
final class SystemFlagsCheck extends Assertion {
    private static final long TF = 1 << 8;
    private static final long NT = 1 << 14;
    private static final long AC = 1 << 18;
    private static final long CR4_SMAP = 1 << 21;
    private static final int DEBUG = 1;
    private static final int INVALID_TSS = 10;

    SystemFlagsCheck(Scene scene) {
        super(scene);
    }

    @Override
    void crossing(Event e) {
        // Entry code that is stepped, by the user's TF, is about to do something against that.
        if (!e.isEntry() || e.before(Reg.CPL) != 0 || e.vector() == DEBUG) {
            return;
        }
        examined();
        if ((e.before(Reg.RFLAGS) & NT) != 0) {
            violated(e, e.name() + " while the kernel runs with NT",
                    e.vector() == INVALID_TSS
                            ? "IRET took NT for a return from a nested task; the program gets a signal for it"
                            : "an IRET of the kernel would be taken for a return from a nested task");
        }
    }

    @Override
    void call(SystemCall c) {
        long before = c.entry().before(Reg.RFLAGS);
        long mask = NT | TF | AC;
        if (c.plain() && !c.traced()) {
            examined();
            long lost = (before ^ c.exit().after(Reg.RFLAGS)) & mask;
            if (lost != 0) {
                violated(c.exit(), Text.flags(lost) + ((before & lost) != 0 ? " was set and is not" : " was not set and is"),
                        "flags that only the program itself may change");
            }
        }
        if ((before & mask) != 0 && c.exit().decision().isPresent() && scene.close(Check.NT_TF_AC, c)) {
            examined();
            long position = c.exit().decision().get().position();
            Machine m = scene.at(position);
            long there = m.get(Reg.RFLAGS) & (NT | TF | ((m.get(Reg.CR4) & CR4_SMAP) != 0 ? AC : 0));
            if (there != 0) {
                violated(c.entry(), position, "the kernel still runs with the user's " + Text.flags(there),
                        (there & NT) != 0 ? "an IRET, of an interrupt or of this exit, faults"
                                : (there & AC) != 0 ? "AC switches SMAP off"
                                : "each kernel instruction is trapped");
            }
        }
    }
}
