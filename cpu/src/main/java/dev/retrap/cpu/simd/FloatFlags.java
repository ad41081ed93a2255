package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of COMISS, COMISD, UCOMISS and UCOMISD: comparisons to EFLAGS. */
final class FloatFlags {
    private static final int CF = 1, PF = 4, ZF = 0x40;

    private FloatFlags() {}

    static Exec bind(Op op) {
        return switch (op) {
            case COMISS -> single(false);
            case UCOMISS -> single(true);
            case COMISD -> scalarDouble(false);
            case UCOMISD -> scalarDouble(true);
            default -> null;
        };
    }

    private static Exec single(boolean quiet) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long b = Access.source32(c, n);
            compare(c, n, BinaryFormat.SINGLE, c.fpu.xmm[n.r0 << 1] & 0xFFFFFFFFL, b, quiet, x);
        };
    }

    private static Exec scalarDouble(boolean quiet) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long b = Access.source64(c, n);
            compare(c, n, BinaryFormat.DOUBLE, c.fpu.xmm[n.r0 << 1], b, quiet, x);
        };
    }

    private static void compare(Cpu c, Insn n, BinaryFormat f, long a, long b, boolean quiet, FloatContext x) {
        x.begin(c.fpu.mxcsr);
        int relation = FloatCompare.compare(f, a, b, quiet, x);
        x.end(c);
        c.setArith(switch (relation) {
            case FloatCompare.LESS -> CF;
            case FloatCompare.EQUAL -> ZF;
            case FloatCompare.GREATER -> 0;
            default -> ZF | PF | CF;
        });
    }
}
