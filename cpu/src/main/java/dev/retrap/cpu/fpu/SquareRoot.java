package dev.retrap.cpu.fpu;

/** Square root (SDM vol. 2, FSQRT). */
final class SquareRoot {
    private SquareRoot() {}

    static void sqrt(int se, long sig, int control, Result r) {
        r.flags = 0;
        if (Nan.special(se, sig)) {
            Nan.propagate(se, sig, r);
        } else if (F80.zero(se, sig)) {
            r.set(se, sig);
        } else if ((se & F80.SIGN) != 0) {
            r.invalid();
        } else if (F80.infinite(se, sig)) {
            r.set(se, sig);
        } else {
            int exponent = se;
            if (exponent == 0) {
                r.flags = Status.DE;
                int shift = Long.numberOfLeadingZeros(sig);
                exponent = 1 - shift;
                sig <<= shift;
            }
            positive(exponent - F80.BIAS, sig, control, r);
        }
    }

    private static void positive(int exponent, long sig, int control, Result r) {
        boolean odd = (exponent & 1) != 0;
        // An even exponent has the radicand in [1/4, 1/2), an odd one in [1/2, 1).
        long high = odd ? sig : sig >>> 1;
        long low = odd ? 0 : sig << 63;
        long upper = root(high);
        // Zimmermann's step: half the bits of the root from the upper half, the rest by a division.
        long rest = high - upper * upper;
        // rest <= 2 * upper < 2^33, so half the dividend fits; its last bit does not change the quotient.
        long q = Math.min(Long.divideUnsigned(rest << 31 | low >>> 33, upper), 0xFFFFFFFFL);
        long s = (upper << 32) + q;
        finish(exponent, high, low, s, control, r);
    }

    /** Corrects the estimate against its square, and rounds. */
    private static void finish(int exponent, long high, long low, long s, int control, Result r) {
        long sh = Math.unsignedMultiplyHigh(s, s);
        long sl = s * s;
        while (Long.compareUnsigned(sh, high) > 0 || sh == high && Long.compareUnsigned(sl, low) > 0) {
            s--;
            sh = Math.unsignedMultiplyHigh(s, s);
            sl = s * s;
        }
        long restHigh = high - sh - (Long.compareUnsigned(low, sl) < 0 ? 1 : 0);
        long rest = low - sl;
        // The root is never half-way: (s + 1/2)^2 is no integer. Above it if rest > s.
        long tail = (restHigh | rest) == 0 ? 0
                : restHigh != 0 || Long.compareUnsigned(rest, s) > 0 ? Long.MIN_VALUE | 1 : 1;
        Rounding.finish(0, (exponent >> 1) + F80.BIAS, s, tail, control, r);
    }

    /** The root of a number of 2^62 or more, rounded down; Math.sqrt is exact to the last bit on every host. */
    private static long root(long v) {
        long s = Math.min((long) Math.sqrt((v >>> 1) * 2.0), 0xFFFFFFFFL);
        while (Long.compareUnsigned(s * s, v) > 0) {
            s--;
        }
        while (s < 0xFFFFFFFFL && Long.compareUnsigned((s + 1) * (s + 1), v) <= 0) {
            s++;
        }
        return s;
    }
}
