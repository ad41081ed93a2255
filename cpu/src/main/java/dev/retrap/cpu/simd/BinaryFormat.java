package dev.retrap.cpu.simd;

/**
 * An IEEE 754 binary format and what is common to its operations: classes of numbers, NaNs, rounding. Numbers are bit
 * patterns in the low bits of a long.
 *
 * @param fraction bits of the fraction
 * @param exponents the exponent of infinities and NaNs, all ones
 */
record BinaryFormat(int fraction, int exponents) {
    static final BinaryFormat SINGLE = new BinaryFormat(23, 0xFF);
    static final BinaryFormat DOUBLE = new BinaryFormat(52, 0x7FF);

    /** Position of the leading one in a significand given to {@link #round}. */
    static final int LEADING = 62;

    long hidden() {
        return 1L << fraction;
    }

    /** Bit 31 or 63. */
    long signBit() {
        return (exponents + 1L) << fraction;
    }

    long infinity() {
        return (long) exponents << fraction;
    }

    /** What an invalid operation gives: the negative quiet NaN without payload (SDM vol. 1, 4.8.3.7). */
    long indefinite() {
        return signBit() | infinity() | quietBit();
    }

    long quietBit() {
        return hidden() >> 1;
    }

    int bias() {
        return exponents >> 1;
    }

    boolean negative(long v) {
        return (v & signBit()) != 0;
    }

    long magnitude(long v) {
        return v & signBit() - 1;
    }

    int exponent(long v) {
        return (int) (v >>> fraction) & exponents;
    }

    boolean nan(long v) {
        return magnitude(v) > infinity();
    }

    boolean infinite(long v) {
        return magnitude(v) == infinity();
    }

    boolean zero(long v) {
        return magnitude(v) == 0;
    }

    boolean denormal(long v) {
        return exponent(v) == 0 && magnitude(v) != 0;
    }

    long zero(boolean negative) {
        return negative ? signBit() : 0;
    }

    /** The operand as the operation sees it: a denormal is zero with MXCSR.DAZ. */
    long operand(long v, FloatContext x) {
        return x.denormalsAreZero && exponent(v) == 0 ? v & signBit() : v;
    }

    /** Raises DE if the operand is denormal. */
    void noteDenormal(long v, FloatContext x) {
        if (denormal(v)) {
            x.raise(FloatContext.DE);
        }
    }

    boolean signaling(long v) {
        return nan(v) && (v & quietBit()) == 0;
    }

    /** The result of an operation on a NaN: it, made quiet. */
    long quieted(long nan, FloatContext x) {
        if (signaling(nan)) {
            x.raise(FloatContext.IE);
        }
        return nan | quietBit();
    }

    /** The result for two operands one of which is a NaN: the first that is one, made quiet (SDM vol. 1, table 4-7). */
    long propagated(long a, long b, FloatContext x) {
        if (signaling(a) || signaling(b)) {
            x.raise(FloatContext.IE);
        }
        return (nan(a) ? a : b) | quietBit();
    }

    long invalid(FloatContext x) {
        x.raise(FloatContext.IE);
        return indefinite();
    }

    /** The significand of a number that is not zero, with its leading one at {@link #fraction}. */
    long significand(long v) {
        long f = v & hidden() - 1;
        return exponent(v) != 0 ? f | hidden() : f << fraction - 63 + Long.numberOfLeadingZeros(f);
    }

    /** The biased exponent that belongs to {@link #significand}; below 1 for denormals. */
    int normalExponent(long v) {
        int e = exponent(v);
        return e != 0 ? e : 64 - fraction - Long.numberOfLeadingZeros(v & hidden() - 1);
    }

    /** Rounds a significand whose leading one may stand anywhere; see {@link #round}. */
    long normalizeAndRound(boolean negative, int exponent, long significand, FloatContext x) {
        int shift = Long.numberOfLeadingZeros(significand) - 1;
        return round(negative, exponent - shift, significand << shift, x);
    }

    /**
     * Rounds to the format, as MXCSR asks, and raises OE, UE and PE. Whether a result is tiny is decided after rounding
     * (SDM vol. 1, 4.9.1.5).
     *
     * @param exponent biased, not limited to the format's
     * @param significand leading one at bit 62; bit 0 also stands for all that was lost below it
     */
    long round(boolean negative, int exponent, long significand, FloatContext x) {
        int extra = LEADING - fraction;
        long below = (1L << extra) - 1;
        long increment = increment(negative, extra, x);
        long s = significand;
        int e = exponent;
        if (e < 1) {
            // With an exponent range that has no end the result would be this; a carry out of bit 62 makes it normal.
            boolean tiny = e < 0 || s + increment >= 0;
            if (tiny && (x.flushToZero || (x.masks & FloatContext.UE) == 0)) {
                return underflow(negative, (s & below) != 0, x);
            }
            s = shiftRight(s, 1 - e);
            e = 0;
            if (tiny && (s & below) != 0) {
                x.raise(FloatContext.UE);
            }
        }
        boolean exact = (s & below) == 0;
        long kept = s + increment >>> extra;
        if (x.rounding == FloatContext.NEAREST && (s & below) == 1L << extra - 1) {
            kept &= ~1L;
        }
        // The leading one adds 1 to the exponent, and a carry into it too.
        long magnitude = e == 0 ? kept : ((long) (e - 1) << fraction) + kept;
        if (e > 0 && e >= exponents || magnitude >= infinity()) {
            return overflow(negative, exact, x);
        }
        if (!exact) {
            x.raise(FloatContext.PE);
        }
        return zero(negative) | magnitude;
    }

    private static long increment(boolean negative, int extra, FloatContext x) {
        return switch (x.rounding) {
            case FloatContext.NEAREST -> 1L << extra - 1;
            case FloatContext.DOWN -> negative ? (1L << extra) - 1 : 0;
            case FloatContext.UP -> negative ? 0 : (1L << extra) - 1;
            default -> 0;
        };
    }

    /** A tiny result that is flushed to zero, or that raises #XM. */
    private long underflow(boolean negative, boolean inexact, FloatContext x) {
        x.raise(FloatContext.UE | (x.flushToZero || inexact ? FloatContext.PE : 0));
        return zero(negative);
    }

    private long overflow(boolean negative, boolean exact, FloatContext x) {
        boolean masked = (x.masks & FloatContext.OE) != 0;
        x.raise(FloatContext.OE | (masked || !exact ? FloatContext.PE : 0));
        boolean toInfinity = x.rounding == FloatContext.NEAREST
                || x.rounding == (negative ? FloatContext.DOWN : FloatContext.UP);
        return zero(negative) | infinity() - (toInfinity ? 0 : 1);
    }

    /** Shifts right; bit 0 of the result is also set if a one was lost. */
    static long shiftRight(long v, int n) {
        if (n == 0) {
            return v;
        }
        return n > 63 ? (v != 0 ? 1 : 0) : v >>> n | (v << 64 - n != 0 ? 1 : 0);
    }
}
