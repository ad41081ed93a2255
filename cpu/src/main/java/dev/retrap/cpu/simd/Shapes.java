package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import java.util.function.LongBinaryOperator;

/** Handlers of integer instructions by the way their result is made of quadwords. */
final class Shapes {
    /** What a 128-bit source does to a destination, quadwords {@code d} and {@code d + 1} of {@code x}. */
    @FunctionalInterface
    interface Wide {
        void apply(long[] x, int d, long lo, long hi);
    }

    private Shapes() {}

    /** Each quadword of the destination by the same quadword of the source. */
    static Exec halves(Insn i, LongBinaryOperator f) {
        return Access.onMm(i) ? mm(f) : (c, n) -> {
            Access.sse(c);
            long[] x = c.fpu.xmm;
            int d = n.r0 << 1;
            if (n.memAt < 0) {
                int s = n.r1 << 1;
                x[d] = f.applyAsLong(x[d], x[s]);
                x[d + 1] = f.applyAsLong(x[d + 1], x[s + 1]);
            } else {
                long la = Access.operand(c, n);
                long lo = c.mmu.load64(la);
                long hi = c.mmu.load64(Access.second(c, la));
                x[d] = f.applyAsLong(x[d], lo);
                x[d + 1] = f.applyAsLong(x[d + 1], hi);
            }
        };
    }

    /** The low half of the result from the destination, the high half from the source (packs, horizontal sums). */
    static Exec joined(Insn i, LongBinaryOperator f) {
        return Access.onMm(i) ? mm(f) : wide((x, d, lo, hi) -> {
            x[d] = f.applyAsLong(x[d], x[d + 1]);
            x[d + 1] = f.applyAsLong(lo, hi);
        });
    }

    /** The low halves of destination and source interleaved; an MM source in memory is a doubleword. */
    static Exec low(Insn i, LongBinaryOperator interleave) {
        if (Access.onMm(i)) {
            return (c, n) -> {
                Access.mmx(c);
                long[] mm = c.fpu.significand;
                long s = n.memAt < 0 ? mm[n.r1] : c.ld32(n.seg, c.ea(n));
                Access.setMm(c.fpu, n.r0, interleave.applyAsLong(mm[n.r0], s));
            };
        }
        return wide((x, d, lo, hi) -> {
            long a = x[d];
            x[d] = interleave.applyAsLong(a, lo);
            x[d + 1] = interleave.applyAsLong(a >>> 32, lo >>> 32);
        });
    }

    /** The high halves of destination and source interleaved. */
    static Exec high(Insn i, LongBinaryOperator interleave) {
        return Access.onMm(i) ? mm((a, b) -> interleave.applyAsLong(a >>> 32, b >>> 32)) : wide((x, d, lo, hi) -> {
            long a = x[d + 1];
            x[d] = interleave.applyAsLong(a, hi);
            x[d + 1] = interleave.applyAsLong(a >>> 32, hi >>> 32);
        });
    }

    /** An MM register by an MM register or 64 bits of memory. */
    static Exec mm(LongBinaryOperator f) {
        return (c, n) -> {
            Access.mmx(c);
            FpuState p = c.fpu;
            long s = Access.sourceMm(c, n);
            Access.setMm(p, n.r0, f.applyAsLong(p.significand[n.r0], s));
        };
    }

    /** An XMM register by an XMM register or 16 aligned bytes of memory. */
    static Exec wide(Wide f) {
        return (c, n) -> {
            Access.sse(c);
            if (n.memAt < 0) {
                apply(c, n, f);
            } else {
                long la = Access.operand(c, n);
                f.apply(c.fpu.xmm, n.r0 << 1, c.mmu.load64(la), c.mmu.load64(Access.second(c, la)));
            }
        };
    }

    /** As {@link #wide}, but memory need not be aligned. */
    static Exec wideUnaligned(Wide f) {
        return (c, n) -> {
            Access.sse(c);
            if (n.memAt < 0) {
                apply(c, n, f);
            } else {
                long la = c.readable(n.seg, c.ea(n), 16);
                f.apply(c.fpu.xmm, n.r0 << 1, c.mmu.load64(la), c.mmu.load64(Access.second(c, la)));
            }
        };
    }

    private static void apply(Cpu c, Insn n, Wide f) {
        long[] x = c.fpu.xmm;
        int s = n.r1 << 1;
        f.apply(x, n.r0 << 1, x[s], x[s + 1]);
    }

    /** An XMM register alone, with an immediate known when the instruction is bound (PSRLDQ). */
    static Exec alone(Wide f) {
        return (c, n) -> {
            Access.sse(c);
            f.apply(c.fpu.xmm, n.r0 << 1, 0, 0);
        };
    }
}
