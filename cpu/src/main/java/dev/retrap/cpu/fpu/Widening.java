package dev.retrap.cpu.fpu;

/** Memory formats to extended: always exact (SDM vol. 1, 4.2 and 4.8.4). */
final class Widening {
    private Widening() {}

    /** A single; a signaling NaN stays one, a denormal is normalized and reported as DE. */
    static void single(int bits, Result r) {
        widen(bits >>> 16 & F80.SIGN, bits >>> 23 & 0xFF, 0xFF, 127, (long) bits << 40 & Long.MAX_VALUE, r);
    }

    /** A double, likewise. */
    static void binary64(long bits, Result r) {
        widen((int) (bits >>> 48) & F80.SIGN, (int) (bits >>> 52) & 0x7FF, 0x7FF, 1023, bits << 11 & Long.MAX_VALUE, r);
    }

    /** @param fraction in bits 62:0 */
    private static void widen(int sign, int exponent, int special, int bias, long fraction, Result r) {
        r.flags = 0;
        if (exponent == special) {
            r.set(sign | F80.SPECIAL, F80.INTEGER_BIT | fraction);
        } else if (exponent != 0) {
            r.set(sign | exponent - bias + F80.BIAS, F80.INTEGER_BIT | fraction);
        } else if (fraction == 0) {
            r.zero(sign);
        } else {
            int shift = Long.numberOfLeadingZeros(fraction);
            r.flags = Status.DE;
            r.set(sign | 1 - bias + F80.BIAS - shift, fraction << shift);
        }
    }

    /** A signed integer. */
    static void integer(long v, Result r) {
        r.flags = 0;
        if (v == 0) {
            r.zero(0);
            return;
        }
        unsigned(v < 0 ? F80.SIGN : 0, Math.abs(v), r);
    }

    private static void unsigned(int sign, long magnitude, Result r) {
        int shift = Long.numberOfLeadingZeros(magnitude);
        r.set(sign | F80.BIAS + 63 - shift, magnitude << shift);
    }

    /**
     * Packed decimal: 18 digits and a sign (SDM vol. 1, 4.7). A digit above 9, which the manuals leave undefined,
     * counts as its value.
     *
     * @param digits the 16 low digits
     * @param top the two high digits in bits 7:0, the sign in bit 15
     */
    static void decimal(long digits, int top, Result r) {
        long v = 0;
        for (int n = 4; n >= 0; n -= 4) {
            v = 10 * v + (top >>> n & 15);
        }
        for (int n = 60; n >= 0; n -= 4) {
            v = 10 * v + (digits >>> n & 15);
        }
        r.flags = 0;
        int sign = top & F80.SIGN;
        if (v == 0) {
            r.zero(sign);
        } else {
            unsigned(sign, v, r);
        }
    }
}
