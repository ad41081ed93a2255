package dev.retrap.cpu.fpu;

/** Power series with coefficients 1/n! and 1/n, in 128-bit fixed point (Horner's scheme). */
final class Series {
    private static final int FACTORIALS = 36;
    private static final int RECIPROCALS = 56;
    /** Two longs each: floor(2^128 / n!), n >= 2. */
    private static final long[] FACTORIAL = new long[2 * FACTORIALS];
    /** Two longs each: floor(2^128 / n), n >= 2. */
    private static final long[] RECIPROCAL = new long[2 * RECIPROCALS];

    static {
        // 2^127 is 2^128 / 2!; dividing a rounded-down quotient again and rounding down is exact.
        FACTORIAL[4] = F80.INTEGER_BIT;
        for (int n = 3; n < FACTORIALS; n++) {
            divide(FACTORIAL[2 * n - 2], FACTORIAL[2 * n - 1], n, FACTORIAL);
        }
        for (int n = 2; n < RECIPROCALS; n++) {
            // 2^128 - 1 rounds down to the same but for powers of two, of which there is no odd one.
            divide(-1L, -1L, n, RECIPROCAL);
        }
    }

    private Series() {}

    private static void divide(long high, long low, int n, long[] to) {
        long q = Long.divideUnsigned(high, n);
        long rest = high - q * n;
        long upper = rest << 32 | low >>> 32;
        long middle = Long.divideUnsigned(upper, n);
        long lower = upper - middle * n << 32 | low & 0xFFFFFFFFL;
        to[2 * n] = q;
        to[2 * n + 1] = middle << 32 | Long.divideUnsigned(lower, n);
    }

    /** {@code sum = 1/first! -+ x/(first + step)! + ...}, up to n = last. */
    static void factorials(int first, int step, int last, boolean alternating, Fraction x, Fraction sum) {
        horner(FACTORIAL, first, step, last, alternating, x, sum);
    }

    /** {@code sum = 1/first -+ x/(first + 2) + ...}, up to n = last. */
    static void reciprocals(int first, int last, boolean alternating, Fraction x, Fraction sum) {
        horner(RECIPROCAL, first, 2, last, alternating, x, sum);
    }

    private static void horner(long[] table, int first, int step, int last, boolean alternating, Fraction x,
            Fraction sum) {
        sum.set(table[2 * last], table[2 * last + 1]);
        for (int n = last - step; n >= first; n -= step) {
            sum.multiply(x);
            if (alternating) {
                sum.subtractFrom(table[2 * n], table[2 * n + 1]);
            } else {
                sum.addTo(table[2 * n], table[2 * n + 1]);
            }
        }
    }
}
