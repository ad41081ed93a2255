package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arguments passed against arguments in pt_regs. */
final class ArgumentsCheck extends Assertion {
    ArgumentsCheck(Scene scene) {
        super(scene);
    }

    @Override
    void call(SystemCall c) {
        PtRegs r = c.built();
        if (r == null) {
            return;
        }
        if (!c.fast() || c.wide()) {
            if (scene.vdso(c.entry()).isEmpty() || c.wide()) {
                compare(c, r, c.entry()::before);
                return;
            }
        }
        Optional<Vdso> vdso = scene.vdso(c.entry());
        if (vdso.isPresent() && madeAgain(c)) {
            // IP was backed up to the instruction: the registers are as for INT 0x80, whoever set them.
            compare(c, r, c.entry()::before);
        } else if (vdso.isPresent() && scene.close(Check.ARGUMENTS, c)) {
            long[] caller = scene.walk(c, vdso.get()).arrival();
            if (caller != null) {
                compare(c, r, reg -> caller[reg.slot()]);
            }
        }
    }

    /** The kernel came back to this very instruction. */
    private boolean madeAgain(SystemCall c) {
        if (c.entry().index() == 0) {
            return false;
        }
        Event back = scene.recording().event(c.entry().index() - 1);
        // Not after a signal handler, as of a debugger's step: sigreturn gives back whatever the way in has already moved.
        return !back.isEntry() && !(back.pair() >= 0 && back.systemCall() >= 0
                && new SystemCall(scene.recording().event(back.pair()), back, false).sigreturn()) && back.position() + 1 == c.entry().position()
                && back.after(Reg.RIP) == c.entry().before(Reg.RIP);
    }

    private interface Registers {
        long of(Reg r);
    }

    private void compare(SystemCall c, PtRegs r, Registers caller) {
        examined();
        List<String> differ = new ArrayList<>();
        long number = caller.of(Reg.RAX) & 0xffff_ffffL;
        if ((r.get("orig_ax") & 0xffff_ffffL) != number) {
            differ.add(Text.differs("orig_ax", r.get("orig_ax"), number));
        }
        for (SystemCall.Place p : c.arguments()) {
            long passed = caller.of(p.reg());
            if (r.get(p.member()) != passed) {
                differ.add(Text.differs(p.member(), r.get(p.member()), passed));
            }
        }
        if (!differ.isEmpty()) {
            violated(c.entry(), "pt_regs are not what the caller passed: " + String.join("; ", differ),
                    "a tracer sees wrong arguments, and a restart passes them");
        }
    }
}
