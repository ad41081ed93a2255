package dev.retrap.cpu.simd;

/** Conversions between single precision, double precision and integers, and rounding to an integer. */
final class FloatConvert {
    private static final BinaryFormat SINGLE = BinaryFormat.SINGLE;
    private static final BinaryFormat DOUBLE = BinaryFormat.DOUBLE;
    /** Fraction bits that double has more. */
    private static final int MORE = 29;
    private static final long ALL = 0xFFFFFFFFL;

    private FloatConvert() {}

    static long toDouble(long single, FloatContext x) {
        long v = SINGLE.operand(single, x);
        if (SINGLE.nan(v)) {
            return (v & SINGLE.signBit()) << 32 | DOUBLE.infinity()
                    | (SINGLE.quieted(v, x) & SINGLE.hidden() - 1) << MORE;
        }
        SINGLE.noteDenormal(v, x);
        return Double.doubleToRawLongBits(Float.intBitsToFloat((int) v));
    }

    static long toSingle(long v, FloatContext x) {
        long a = DOUBLE.operand(v, x);
        boolean negative = a < 0;
        if (DOUBLE.nan(a)) {
            return SINGLE.zero(negative) | SINGLE.infinity()
                    | (DOUBLE.quieted(a, x) & DOUBLE.hidden() - 1) >>> MORE;
        }
        if (DOUBLE.infinite(a)) {
            return SINGLE.zero(negative) | SINGLE.infinity();
        }
        if (DOUBLE.zero(a)) {
            return SINGLE.zero(negative);
        }
        DOUBLE.noteDenormal(a, x);
        int e = DOUBLE.normalExponent(a) - DOUBLE.bias() + SINGLE.bias();
        return SINGLE.round(negative, e, DOUBLE.significand(a) << BinaryFormat.LEADING - DOUBLE.fraction(), x);
    }

    /** A signed integer of up to 64 bits as a float. */
    static long fromInteger(BinaryFormat f, long v, FloatContext x) {
        if (v == 0) {
            return 0;
        }
        long magnitude = Math.abs(v);
        int zeros = Long.numberOfLeadingZeros(magnitude);
        // The least number alone has its leading one at bit 63; nothing else is lost there.
        return f.round(v < 0, f.bias() + 63 - zeros, magnitude << zeros >>> 1, x);
    }

    static long singleToInt(long v, boolean truncate, FloatContext x) {
        return toInt(SINGLE.operand(v, x), SINGLE, truncate, x);
    }

    static long singleToLong(long v, boolean truncate, FloatContext x) {
        return toLong(SINGLE.operand(v, x), SINGLE, truncate, x);
    }

    static long doubleToInt(long v, boolean truncate, FloatContext x) {
        return toInt(DOUBLE.operand(v, x), DOUBLE, truncate, x);
    }

    static long doubleToLong(long v, boolean truncate, FloatContext x) {
        return toLong(DOUBLE.operand(v, x), DOUBLE, truncate, x);
    }

    private static double number(BinaryFormat f, long v) {
        return f == DOUBLE ? Double.longBitsToDouble(v) : Float.intBitsToFloat((int) v);
    }

    /** Zero-extended; 80000000h for a NaN and what does not fit. */
    private static long toInt(long v, BinaryFormat f, boolean truncate, FloatContext x) {
        double d = number(f, v);
        double r = integral(d, truncate ? FloatContext.ZERO : x.rounding);
        // False for a NaN.
        if (!(r >= -0x1p31 && r < 0x1p31)) {
            x.raise(FloatContext.IE);
            return 0x80000000L;
        }
        noteInexact(d, r, x);
        return (int) r & ALL;
    }

    private static long toLong(long v, BinaryFormat f, boolean truncate, FloatContext x) {
        double d = number(f, v);
        double r = integral(d, truncate ? FloatContext.ZERO : x.rounding);
        if (!(r >= -0x1p63 && r < 0x1p63)) {
            x.raise(FloatContext.IE);
            return Long.MIN_VALUE;
        }
        noteInexact(d, r, x);
        return (long) r;
    }

    private static void noteInexact(double d, double r, FloatContext x) {
        if (d != r) {
            x.raise(FloatContext.PE);
        }
    }

    private static double integral(double d, int rounding) {
        return switch (rounding) {
            case FloatContext.NEAREST -> Math.rint(d);
            case FloatContext.DOWN -> Math.floor(d);
            case FloatContext.UP -> Math.ceil(d);
            default -> d < 0 ? Math.ceil(d) : Math.floor(d);
        };
    }

    /**
     * ROUNDxx.
     *
     * @param imm bits 1:0 rounding mode, 2 that of MXCSR instead, 3 no PE
     */
    static long roundToIntegral(BinaryFormat f, long u, int imm, FloatContext x) {
        long v = f.operand(u, x);
        if (f.nan(v)) {
            return f.quieted(v, x);
        }
        double d = number(f, v);
        double r = integral(d, (imm & 4) != 0 ? x.rounding : imm & 3);
        if ((imm & 8) == 0) {
            noteInexact(d, r, x);
        }
        return f == DOUBLE ? Double.doubleToRawLongBits(r) : Float.floatToRawIntBits((float) r) & ALL;
    }
}
