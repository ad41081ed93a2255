package dev.retrap.cpu.simd;

/**
 * Double-precision arithmetic on bit patterns. Where operands and result are far from the limits of the format, Java's
 * own arithmetic gives the result rounded to nearest and the exact error of it; {@link Arithmetic} does the rest.
 */
final class Doubles {
    private static final BinaryFormat FORMAT = BinaryFormat.DOUBLE;
    /** Exponents of 2^-383 to 2^384: no result and no error of these overflows or is lost. */
    private static final int LEAST = 0x280, COUNT = 0x300;

    private Doubles() {}

    private static boolean ordinary(long v) {
        return Integer.compareUnsigned(((int) (v >>> 52) & 0x7FF) - LEAST, COUNT) < 0;
    }

    static long add(long a, long b, FloatContext x) {
        if (ordinary(a) && ordinary(b)) {
            double p = Double.longBitsToDouble(a);
            double q = Double.longBitsToDouble(b);
            double r = p + q;
            if (r != 0) {
                double t = r - p;
                return rounded(r, p - (r - t) + (q - t), x);
            }
        }
        return Arithmetic.add(FORMAT, a, b, x);
    }

    static long subtract(long a, long b, FloatContext x) {
        return ordinary(b) ? add(a, b ^ Long.MIN_VALUE, x) : Arithmetic.subtract(FORMAT, a, b, x);
    }

    static long multiply(long a, long b, FloatContext x) {
        if (ordinary(a) && ordinary(b)) {
            double p = Double.longBitsToDouble(a);
            double q = Double.longBitsToDouble(b);
            double r = p * q;
            return rounded(r, Math.fma(p, q, -r), x);
        }
        return Arithmetic.multiply(FORMAT, a, b, x);
    }

    static long divide(long a, long b, FloatContext x) {
        if (ordinary(a) && ordinary(b)) {
            double p = Double.longBitsToDouble(a);
            double q = Double.longBitsToDouble(b);
            double r = p / q;
            double rest = Math.fma(-r, q, p);
            return rounded(r, q < 0 ? -rest : rest, x);
        }
        return Arithmetic.divide(FORMAT, a, b, x);
    }

    private static long rounded(double r, double error, FloatContext x) {
        long bits = Double.doubleToRawLongBits(r);
        return x.rounded(bits, bits < 0, error);
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
        if (v < 0) {
            return FORMAT.invalid(x);
        }
        if (FORMAT.infinite(v)) {
            return v;
        }
        FORMAT.noteDenormal(v, x);
        // A number from 1 up to 4, so that the error is exact; half of the exponent taken away comes back.
        int e = FORMAT.normalExponent(v) - FORMAT.bias();
        int odd = e & 1;
        long fraction = FORMAT.significand(v) & FORMAT.hidden() - 1;
        double p = Double.longBitsToDouble((long) (FORMAT.bias() + odd) << 52 | fraction);
        double r = Math.sqrt(p);
        return rounded(r, Math.fma(-r, r, p), x) + ((long) (e - odd >> 1) << 52);
    }
}
