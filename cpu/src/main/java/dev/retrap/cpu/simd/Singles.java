package dev.retrap.cpu.simd;

/**
 * Single-precision arithmetic on bit patterns in the low half of a long. Where operands and result are normal, Java's
 * own arithmetic gives the result rounded to nearest and the exact error of it; {@link Arithmetic} does the rest.
 */
final class Singles {
    private static final BinaryFormat FORMAT = BinaryFormat.SINGLE;

    private Singles() {}

    /** Neither zero, denormal, infinite nor NaN. */
    private static boolean normal(long v) {
        return Integer.compareUnsigned(((int) (v >>> 23) & 0xFF) - 1, 0xFE) < 0;
    }

    /** A result that no rounding makes denormal or infinite. */
    private static boolean inside(float r) {
        return Integer.compareUnsigned((Float.floatToRawIntBits(r) >>> 23 & 0xFF) - 2, 0xFC) < 0;
    }

    private static float number(long v) {
        return Float.intBitsToFloat((int) v);
    }

    static long add(long a, long b, FloatContext x) {
        if (normal(a) && normal(b)) {
            float p = number(a);
            float q = number(b);
            float r = p + q;
            if (inside(r)) {
                float t = r - p;
                return rounded(r, p - (r - t) + (q - t), x);
            }
        }
        return Arithmetic.add(FORMAT, a, b, x);
    }

    static long subtract(long a, long b, FloatContext x) {
        return normal(b) ? add(a, b ^ 0x80000000L, x) : Arithmetic.subtract(FORMAT, a, b, x);
    }

    static long multiply(long a, long b, FloatContext x) {
        if (normal(a) && normal(b)) {
            double exact = (double) number(a) * number(b);
            float r = (float) exact;
            if (inside(r)) {
                return rounded(r, exact - r, x);
            }
        }
        return Arithmetic.multiply(FORMAT, a, b, x);
    }

    static long divide(long a, long b, FloatContext x) {
        if (normal(a) && normal(b)) {
            float p = number(a);
            float q = number(b);
            float r = p / q;
            if (inside(r)) {
                double rest = p - (double) r * q;
                return rounded(r, q < 0 ? -rest : rest, x);
            }
        }
        return Arithmetic.divide(FORMAT, a, b, x);
    }

    private static long rounded(float r, double error, FloatContext x) {
        int bits = Float.floatToRawIntBits(r);
        return x.rounded(bits & 0xFFFFFFFFL, bits < 0, error);
    }

    /** The square root of {@code b}. */
    static long squareRoot(long b, FloatContext x) {
        long v = FORMAT.operand(b, x);
        if (FORMAT.nan(v)) {
            return FORMAT.quieted(v, x);
        }
        if (FORMAT.zero(v)) {
            return v;
        }
        if (FORMAT.negative(v)) {
            return FORMAT.invalid(x);
        }
        if (FORMAT.infinite(v)) {
            return v;
        }
        FORMAT.noteDenormal(v, x);
        // Rounding the root twice is harmless: 53 bits are more than twice 24. No root is near the format's limits.
        double p = number(v);
        float r = (float) Math.sqrt(p);
        return rounded(r, p - (double) r * r, x);
    }
}
