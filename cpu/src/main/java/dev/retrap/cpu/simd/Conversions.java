package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of the conversions whose operands differ in size or in the registers they stand in. */
final class Conversions {
    private static final long LOW = 0xFFFFFFFFL;
    private static final BinaryFormat SINGLE = BinaryFormat.SINGLE;
    private static final BinaryFormat DOUBLE = BinaryFormat.DOUBLE;

    @FunctionalInterface
    private interface Conversion {
        long apply(long v, FloatContext x);
    }

    private Conversions() {}

    static Exec bind(Op op, Insn i) {
        boolean wide = i.opSize == 64;
        return switch (op) {
            case CVTSI2SS -> integerToSingle(wide);
            case CVTSI2SD -> integerToDouble(wide);
            case CVTSS2SI -> singleToInteger(wide, false);
            case CVTTSS2SI -> singleToInteger(wide, true);
            case CVTSD2SI -> doubleToInteger(wide, false);
            case CVTTSD2SI -> doubleToInteger(wide, true);
            case CVTPS2PD -> widening(FloatConvert::toDouble);
            case CVTDQ2PD -> widening((v, x) -> exactDouble(v));
            case CVTPD2PS -> narrowing(FloatConvert::toSingle);
            case CVTPD2DQ -> narrowing((v, x) -> FloatConvert.doubleToInt(v, false, x));
            case CVTTPD2DQ -> narrowing((v, x) -> FloatConvert.doubleToInt(v, true, x));
            case CVTPI2PS -> mmToSingles();
            case CVTPI2PD -> i.mem() ? widening((v, x) -> exactDouble(v)) : Conversions::mmToDoubles;
            case CVTPS2PI -> singlesToMm(false);
            case CVTTPS2PI -> singlesToMm(true);
            case CVTPD2PI -> doublesToMm(false);
            case CVTTPD2PI -> doublesToMm(true);
            default -> null;
        };
    }

    private static long exactDouble(long v) {
        return Double.doubleToRawLongBits((int) v);
    }

    private static long source(Cpu c, Insn n, boolean wide) {
        if (n.memAt < 0) {
            return wide ? c.r[n.r1] : (int) c.r[n.r1];
        }
        return wide ? c.ld64(n.seg, c.ea(n)) : c.ld32(n.seg, c.ea(n));
    }

    private static Exec integerToSingle(boolean wide) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long v = source(c, n, wide);
            x.begin(c.fpu.mxcsr);
            long r = FloatConvert.fromInteger(SINGLE, v, x);
            x.end(c);
            c.fpu.xmm[n.r0 << 1] = c.fpu.xmm[n.r0 << 1] & ~LOW | r;
        };
    }

    private static Exec integerToDouble(boolean wide) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long v = source(c, n, wide);
            x.begin(c.fpu.mxcsr);
            long r = FloatConvert.fromInteger(DOUBLE, v, x);
            x.end(c);
            c.fpu.xmm[n.r0 << 1] = r;
        };
    }

    private static Exec singleToInteger(boolean wide, boolean truncate) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long v = Access.source32(c, n);
            x.begin(c.fpu.mxcsr);
            long r = wide ? FloatConvert.singleToLong(v, truncate, x) : FloatConvert.singleToInt(v, truncate, x);
            x.end(c);
            c.r[n.r0] = r;
        };
    }

    private static Exec doubleToInteger(boolean wide, boolean truncate) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long v = Access.source64(c, n);
            x.begin(c.fpu.mxcsr);
            long r = wide ? FloatConvert.doubleToLong(v, truncate, x) : FloatConvert.doubleToInt(v, truncate, x);
            x.end(c);
            c.r[n.r0] = r;
        };
    }

    /** The two low doublewords of the source to two quadwords. */
    private static Exec widening(Conversion f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long v = Access.source64(c, n);
            x.begin(c.fpu.mxcsr);
            long lo = f.apply(v & LOW, x);
            long hi = f.apply(v >>> 32, x);
            x.end(c);
            c.fpu.xmm[n.r0 << 1] = lo;
            c.fpu.xmm[(n.r0 << 1) + 1] = hi;
        };
    }

    /** Two quadwords to two doublewords in the low half; the high half becomes 0. */
    private static Exec narrowing(Conversion f) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            long r = narrowed(c, n, f, x, false);
            c.fpu.xmm[n.r0 << 1] = r;
            c.fpu.xmm[(n.r0 << 1) + 1] = 0;
        };
    }

    private static long narrowed(Cpu c, Insn n, Conversion f, FloatContext x, boolean toMmx) {
        long lo;
        long hi;
        if (n.memAt < 0) {
            lo = c.fpu.xmm[n.r1 << 1];
            hi = c.fpu.xmm[(n.r1 << 1) + 1];
        } else {
            long la = Access.operand(c, n);
            lo = c.mmu.load64(la);
            hi = c.mmu.load64(Access.second(c, la));
        }
        if (toMmx) {
            Access.toMmx(c.fpu);
        }
        x.begin(c.fpu.mxcsr);
        long r = f.apply(lo, x) | f.apply(hi, x) << 32;
        x.end(c);
        return r;
    }

    private static Exec mmToSingles() {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            boolean mmx = n.memAt < 0 || !c.model.behaviour().cvtpi2psFromMemoryKeepsX87();
            if (mmx) {
                Access.mmx(c);
            }
            long v = Access.sourceMm(c, n);
            if (mmx) {
                // Stays if the conversion raises #XM (Zen 5), here and below.
                Access.toMmx(c.fpu);
            }
            x.begin(c.fpu.mxcsr);
            long r = FloatConvert.fromInteger(SINGLE, (int) v, x) | FloatConvert.fromInteger(SINGLE, v >> 32, x) << 32;
            x.end(c);
            c.fpu.xmm[n.r0 << 1] = r;
        };
    }

    /** From a register; from memory the instruction has nothing to do with MMX (SDM vol. 2, CVTPI2PD). */
    private static void mmToDoubles(Cpu c, Insn n) {
        Access.sse(c);
        Access.mmx(c);
        long v = c.fpu.significand[n.r1];
        c.fpu.xmm[n.r0 << 1] = exactDouble(v);
        c.fpu.xmm[(n.r0 << 1) + 1] = exactDouble(v >> 32);
        Access.toMmx(c.fpu);
    }

    private static Exec singlesToMm(boolean truncate) {
        var x = new FloatContext();
        return (c, n) -> {
            Access.sse(c);
            Access.mmx(c);
            long v = Access.source64(c, n);
            Access.toMmx(c.fpu);
            x.begin(c.fpu.mxcsr);
            long r = FloatConvert.singleToInt(v & LOW, truncate, x)
                    | FloatConvert.singleToInt(v >>> 32, truncate, x) << 32;
            x.end(c);
            Access.setMm(c.fpu, n.r0, r);
        };
    }

    private static Exec doublesToMm(boolean truncate) {
        var x = new FloatContext();
        Conversion f = (v, context) -> FloatConvert.doubleToInt(v, truncate, context);
        return (c, n) -> {
            Access.sse(c);
            Access.mmx(c);
            Access.setMm(c.fpu, n.r0, narrowed(c, n, f, x, true));
        };
    }
}
