package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * Floating-point instructions of two operands, or of one, whose result is lane by lane: arithmetic, comparisons to
 * masks, square roots, ROUNDxx, conversions within a register.
 */
final class FloatBinary {
    private static final long LOW = 0xFFFFFFFFL;

    /** A lane of the result, from that of destination and source; singles in the low half. */
    @FunctionalInterface
    interface Lanes {
        long apply(long a, long b, FloatContext x);
    }

    private FloatBinary() {}

    static Exec bind(Op op, Insn i) {
        int imm = (int) i.imm;
        BinaryFormat s = BinaryFormat.SINGLE;
        BinaryFormat d = BinaryFormat.DOUBLE;
        return switch (op) {
            case ADDPS -> singles(Singles::add);
            case ADDPD -> doubles(Doubles::add);
            case ADDSS -> single(Singles::add);
            case ADDSD -> scalarDouble(Doubles::add);
            case SUBPS -> singles(Singles::subtract);
            case SUBPD -> doubles(Doubles::subtract);
            case SUBSS -> single(Singles::subtract);
            case SUBSD -> scalarDouble(Doubles::subtract);
            case MULPS -> singles(Singles::multiply);
            case MULPD -> doubles(Doubles::multiply);
            case MULSS -> single(Singles::multiply);
            case MULSD -> scalarDouble(Doubles::multiply);
            case DIVPS -> singles(Singles::divide);
            case DIVPD -> doubles(Doubles::divide);
            case DIVSS -> single(Singles::divide);
            case DIVSD -> scalarDouble(Doubles::divide);
            case MINPS -> singles((a, b, x) -> FloatCompare.min(s, a, b, x));
            case MINPD -> doubles((a, b, x) -> FloatCompare.min(d, a, b, x));
            case MINSS -> single((a, b, x) -> FloatCompare.min(s, a, b, x));
            case MINSD -> scalarDouble((a, b, x) -> FloatCompare.min(d, a, b, x));
            case MAXPS -> singles((a, b, x) -> FloatCompare.max(s, a, b, x));
            case MAXPD -> doubles((a, b, x) -> FloatCompare.max(d, a, b, x));
            case MAXSS -> single((a, b, x) -> FloatCompare.max(s, a, b, x));
            case MAXSD -> scalarDouble((a, b, x) -> FloatCompare.max(d, a, b, x));
            case CMPPS -> singles((a, b, x) -> FloatCompare.mask(s, imm, a, b, x));
            case CMPPD -> doubles((a, b, x) -> FloatCompare.mask(d, imm, a, b, x));
            case CMPSS -> single((a, b, x) -> FloatCompare.mask(s, imm, a, b, x));
            case CMPSD -> scalarDouble((a, b, x) -> FloatCompare.mask(d, imm, a, b, x));
            case SQRTPS -> singles((a, b, x) -> Singles.squareRoot(b, x));
            case SQRTPD -> doubles((a, b, x) -> Doubles.squareRoot(b, x));
            case SQRTSS -> single((a, b, x) -> Singles.squareRoot(b, x));
            case SQRTSD -> scalarDouble((a, b, x) -> Doubles.squareRoot(b, x));
            case ROUNDPS -> singles((a, b, x) -> FloatConvert.roundToIntegral(s, b, imm, x));
            case ROUNDPD -> doubles((a, b, x) -> FloatConvert.roundToIntegral(d, b, imm, x));
            case ROUNDSS -> single((a, b, x) -> FloatConvert.roundToIntegral(s, b, imm, x));
            case ROUNDSD -> scalarDouble((a, b, x) -> FloatConvert.roundToIntegral(d, b, imm, x));
            case RCPPS -> singles((a, b, x) -> Estimates.reciprocal(b));
            case RCPSS -> single((a, b, x) -> Estimates.reciprocal(b));
            case RSQRTPS -> singles((a, b, x) -> Estimates.reciprocalRoot(b));
            case RSQRTSS -> single((a, b, x) -> Estimates.reciprocalRoot(b));
            case CVTDQ2PS -> singles((a, b, x) -> FloatConvert.fromInteger(s, (int) b, x));
            case CVTPS2DQ -> singles((a, b, x) -> FloatConvert.singleToInt(b, false, x));
            case CVTTPS2DQ -> singles((a, b, x) -> FloatConvert.singleToInt(b, true, x));
            case CVTSD2SS -> single64((a, b, x) -> FloatConvert.toSingle(b, x));
            case CVTSS2SD -> scalarDouble32((a, b, x) -> FloatConvert.toDouble(b, x));
            default -> null;
        };
    }

    /** Both singles of a quadword. */
    private static long pair(Lanes f, long a, long b, FloatContext x) {
        return f.apply(a & LOW, b & LOW, x) | f.apply(a >>> 32, b >>> 32, x) << 32;
    }

    private static Exec singles(Lanes f) {
        return doubles((a, b, x) -> pair(f, a, b, x));
    }

    private static Exec doubles(Lanes f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long[] v = c.fpu.xmm;
            long lo;
            long hi;
            if (n.memAt < 0) {
                lo = v[n.r1 << 1];
                hi = v[(n.r1 << 1) + 1];
            } else {
                long la = Access.operand(c, n);
                lo = c.mmu.load64(la);
                hi = c.mmu.load64(Access.second(c, la));
            }
            int d = n.r0 << 1;
            x.begin(c.fpu.mxcsr);
            lo = f.apply(v[d], lo, x);
            hi = f.apply(v[d + 1], hi, x);
            x.end(c);
            v[d] = lo;
            v[d + 1] = hi;
        };
    }

    private static Exec single(Lanes f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            single(c, n, f, Access.source32(c, n), x);
        };
    }

    private static Exec single64(Lanes f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            single(c, n, f, Access.source64(c, n), x);
        };
    }

    private static void single(Cpu c, Insn n, Lanes f, long b, FloatContext x) {
        long[] v = c.fpu.xmm;
        int d = n.r0 << 1;
        x.begin(c.fpu.mxcsr);
        long r = f.apply(v[d] & LOW, b, x);
        x.end(c);
        v[d] = v[d] & ~LOW | r;
    }

    private static Exec scalarDouble(Lanes f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            scalarDouble(c, n, f, Access.source64(c, n), x);
        };
    }

    private static Exec scalarDouble32(Lanes f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            scalarDouble(c, n, f, Access.source32(c, n), x);
        };
    }

    private static void scalarDouble(Cpu c, Insn n, Lanes f, long b, FloatContext x) {
        long[] v = c.fpu.xmm;
        int d = n.r0 << 1;
        x.begin(c.fpu.mxcsr);
        long r = f.apply(v[d], b, x);
        x.end(c);
        v[d] = r;
    }
}
