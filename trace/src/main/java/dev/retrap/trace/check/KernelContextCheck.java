package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.trace.Event;

/** Stack and GS base while the kernel runs. */
final class KernelContextCheck extends Assertion {
    private static final long KERNEL_32 = 0xc000_0000L;
    /** The i386 kernel's stack on the way to a 16-bit one: its base makes up for the user's upper half of ESP. */
    private static final int ESPFIX_SS_32 = 0xd0;
    private static final int DEBUG = 1;

    private final boolean wide;

    KernelContextCheck(Scene scene) {
        super(scene);
        wide = ElfImage.parse("kernel", scene.recording().bootImage().kernel()).is64();
    }

    @Override
    void crossing(Event e) {
        boolean nested = e.isEntry() && e.before(Reg.CPL) == 0;
        if (!nested && e.kind() != Crossing.Kind.IRET) {
            return;
        }
        examined();
        long sp = e.before(Reg.RSP);
        if (!kernels(sp) && (wide || e.before(Reg.SS) != ESPFIX_SS_32)) {
            violated(e, "the kernel's stack pointer is " + Text.hex(sp) + ", a user address",
                    "whatever the kernel pushes goes where the user says");
        }
        // #DB and NMI can come before the entry code's SWAPGS: their handlers look for themselves. A fault of IRET comes after
        // the exit's.
        if (wide && nested && e.vector() != DEBUG && e.kind() != Crossing.Kind.NMI && !kernels(e.before(Reg.GS_BASE))
                && !atIret(e)) {
            examined();
            gs(e, e.position(), e.before(Reg.GS_BASE));
        }
    }

    @Override
    void call(SystemCall c) {
        if (c.exit().decision().isEmpty() || !scene.close(Check.KERNEL_CONTEXT, c)) {
            return;
        }
        examined();
        long position = c.exit().decision().get().position();
        Machine m = scene.at(position);
        if (!kernels(m.get(Reg.RSP))) {
            violated(c.entry(), position, "the kernel's stack pointer is " + Text.hex(m.get(Reg.RSP))
                    + ", a user address", "whatever the kernel pushes goes where the user says");
        }
        if (wide) {
            examined();
            gs(c.entry(), position, m.get(Reg.GS_BASE));
        }
    }

    private boolean atIret(Event e) {
        Machine m = scene.at(e.position());
        Insn insn = m.decodeAt(m.linearIp());
        return insn != null && insn.op == Op.IRET;
    }

    private void gs(Event e, long position, long base) {
        if (!kernels(base)) {
            violated(e, position, "the kernel runs with GS base " + Text.hex(base) + ", the user's",
                    "per-CPU data are what the user put there");
        }
    }

    private boolean kernels(long address) {
        return wide ? address < 0 : address >= KERNEL_32;
    }
}
