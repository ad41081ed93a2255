package dev.retrap.trace.diff;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;

/** A way of the user program into the kernel: a system call, a fault or trap, or another software interrupt. */
final class Call {
    private static final String[] ARGUMENTS_32 = {"bx", "cx", "dx", "si", "di", "bp"};
    private static final String[] ARGUMENTS_64 = {"di", "si", "dx", "r10", "r8", "r9"};

    private Call() {}

    /** True for the entry of a call; what comes from outside (interrupts) is none. */
    static boolean isCall(Event e) {
        return e.isEntry() && e.fromUser() && e.kind() != Crossing.Kind.INTERRUPT && e.kind() != Crossing.Kind.NMI;
    }

    /** What a call is, the same in whatever way it enters the kernel: {@code nr=20}, {@code #PF}, {@code INT 0x03}. */
    static String what(Event e) {
        return e.systemCall() >= 0 ? "nr=" + e.systemCall() : e.name();
    }

    /** A hash that equal calls of two recordings share: number and arguments, or vector and place. */
    static long hash(Event e, Space space) {
        long h = weakHash(e);
        if (e.systemCall() < 0) {
            h = mix(h, space.hash(e.before(Reg.RIP)));
            return e.vector() == 14 ? mix(h, space.hash(e.cr2())) : h;
        }
        PtRegs r = e.ptRegs().orElse(null);
        if (r == null) {
            return mix(h, space.hash(e.before(Reg.RBX)));
        }
        for (String argument : r.layout() == PtRegs.Layout.X86_64 && space.wide() ? ARGUMENTS_64 : ARGUMENTS_32) {
            h = mix(h, space.hash(r.get(argument)));
        }
        return h;
    }

    /** The same without arguments and places. */
    static long weakHash(Event e) {
        return e.systemCall() >= 0 ? mix(1, e.systemCall()) : mix(2, e.kind().ordinal() << 8 | e.vector() & 0xff);
    }

    private static long mix(long h, long v) {
        long x = (h ^ v) * 0x9E37_79B9_7F4A_7C15L;
        return x ^ x >>> 29;
    }
}
