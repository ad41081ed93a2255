package dev.retrap.cpu.fpu;

/** Quotient (SDM vol. 2, FDIV), and the division of longs it is made of. */
final class Quotient {
    private static final long LOW = 0xFFFFFFFFL;

    private Quotient() {}

    /** {@code a / b}. */
    static void divide(int ase, long asig, int bse, long bsig, int control, Result r) {
        r.flags = 0;
        int sign = (ase ^ bse) & F80.SIGN;
        if (F80.normal(ase, asig) && F80.normal(bse, bsig)) {
            finite(sign, ase & F80.SPECIAL, asig, bse & F80.SPECIAL, bsig, control, r);
            return;
        }
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        if (F80.denormal(ase, asig) || F80.denormal(bse, bsig)) {
            r.flags = Status.DE;
        }
        if (F80.infinite(ase, asig)) {
            if (F80.infinite(bse, bsig)) {
                r.invalid();
            } else {
                r.infinity(sign);
            }
        } else if (F80.infinite(bse, bsig)) {
            r.zero(sign);
        } else if (bsig == 0) {
            if (asig == 0) {
                r.invalid();
            } else {
                // Stands before the denormal operand in the order of exceptions (SDM vol. 1, 4.9.2).
                r.flags = Status.ZE;
                r.infinity(sign);
            }
        } else if (asig == 0) {
            r.zero(sign);
        } else {
            int na = Long.numberOfLeadingZeros(asig);
            int nb = Long.numberOfLeadingZeros(bsig);
            finite(sign, Math.max(ase & F80.SPECIAL, 1) - na, asig << na,
                    Math.max(bse & F80.SPECIAL, 1) - nb, bsig << nb, control, r);
        }
    }

    private static void finite(int sign, int ea, long asig, int eb, long bsig, int control, Result r) {
        int exponent = ea - eb + F80.BIAS;
        long high = asig >>> 1;
        long low = asig << 63;
        if (Long.compareUnsigned(asig, bsig) < 0) {
            high = asig;
            low = 0;
            exponent--;
        }
        long q = divide(high, low, bsig);
        long rest = low - q * bsig;
        // The continuation need not be exact, only on the right side of one half.
        long tail = rest == 0 ? 0 : half(rest, bsig);
        Rounding.finish(sign, exponent, q, tail, control, r);
    }

    private static long half(long rest, long divisor) {
        int order = Long.compareUnsigned(rest, divisor - rest);
        return order < 0 ? 1 : order == 0 ? Long.MIN_VALUE : Long.MIN_VALUE | 1;
    }

    /**
     * Quotient of a 128-bit by a 64-bit number, Knuth's algorithm D with two digits of 32 bits.
     *
     * @param high less than the divisor, unsigned
     * @param divisor bit 63 set
     * @return the quotient, rounded down
     */
    static long divide(long high, long low, long divisor) {
        long d1 = divisor >>> 32;
        long d0 = divisor & LOW;
        long q1 = digit(high, low >>> 32, divisor, d1, d0);
        long middle = (high << 32 | low >>> 32) - q1 * divisor;
        long q0 = digit(middle, low & LOW, divisor, d1, d0);
        return q1 << 32 | q0 & LOW;
    }

    /** The 32-bit digit {@code (high * 2^32 + next) / divisor}. */
    private static long digit(long high, long next, long divisor, long d1, long d0) {
        long q = Long.divideUnsigned(high, d1);
        long rest = high - q * d1;
        while (q > LOW || Long.compareUnsigned(q * d0, rest << 32 | next) > 0) {
            q--;
            rest += d1;
            if (rest > LOW) {
                break;
            }
        }
        return q;
    }
}
