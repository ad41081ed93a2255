package dev.retrap.cpu.fpu;

/**
 * FSIN, FCOS, FSINCOS, FPTAN (SDM vol. 2). The argument is reduced by the 66-bit pi that x87 units have (SDM vol. 1,
 * 8.3.8), exactly; the rest is rounded correctly.
 */
final class Trigonometry {
    /** C90FDAA2 2168C234 C: pi to 66 bits, times 2^64. */
    private static final long PI_HIGH = 3;
    private static final long PI_LOW = 0x243F_6A88_85A3_08D3L;
    /** An argument of 2^63 or more is not reduced. */
    private static final int LIMIT = F80.BIAS + 63;
    private static final int TINY = -60;
    /** Last terms of the series that matter for an argument up to pi / 4. */
    private static final int LAST_SINE = 33;
    private static final int LAST_COSINE = 34;

    /** The reduced argument; the tangent before it is rounded. */
    final Wide rest = new Wide();
    /** Magnitudes before they are rounded, which tests look at for how exact they are. */
    final Wide sine = new Wide();
    final Wide cosine = new Wide();
    private final Fraction square = new Fraction();
    private final Fraction sum = new Fraction();
    private int quadrant;
    /** The reduced argument has the other sign than the argument. */
    private boolean negative;

    void sin(int se, long sig, int control, Result r) {
        if (special(se, sig, r)) {
            return;
        }
        if (sig == 0) {
            r.set(se, sig);
            return;
        }
        reduce(se & F80.SPECIAL, sig);
        sine(se & F80.SIGN, control, r);
    }

    void cos(int se, long sig, int control, Result r) {
        if (special(se, sig, r)) {
            return;
        }
        if (sig == 0) {
            r.set(F80.BIAS, F80.INTEGER_BIT);
            return;
        }
        reduce(se & F80.SPECIAL, sig);
        cosine(control, r);
    }

    /** The sine replaces the argument, the cosine is pushed. */
    void sinCos(int se, long sig, int control, Result r) {
        cos(se, sig, control, r);
        int cosineSe = r.signExponent;
        long cosineSig = r.significand;
        int flags = r.flags;
        if (r.condition != 0) {
            return;
        }
        sin(se, sig, control, r);
        r.flags |= flags & ~Status.C1;
        r.push(cosineSe, cosineSig);
    }

    /** The tangent replaces the argument, 1 is pushed; a NaN is pushed too. */
    void tan(int se, long sig, int control, Result r) {
        if (special(se, sig, r)) {
            r.push(r.signExponent, r.significand);
            return;
        }
        r.push(F80.BIAS, F80.INTEGER_BIT);
        if (sig == 0) {
            r.set(se, sig);
            return;
        }
        reduce(se & F80.SPECIAL, sig);
        if (rest.exponent < TINY) {
            // x + x^3/3, of which 128 bits hold the first term only.
            rest.round(se & F80.SIGN, control, r);
            return;
        }
        computeSine();
        computeCosine();
        boolean odd = (quadrant & 1) != 0;
        boolean minus = (se & F80.SIGN) != 0 ^ negative ^ odd;
        rest.divide(odd ? cosine : sine, odd ? sine : cosine);
        rest.round(minus ? F80.SIGN : 0, control, r);
    }

    /** True if there is nothing to compute: NaN, infinity, or out of range (C2). Notes a denormal. */
    private boolean special(int se, long sig, Result r) {
        r.condition = 0;
        if (Nan.special(se, sig)) {
            Nan.propagate(se, sig, r);
            return true;
        }
        if (F80.infinite(se, sig)) {
            r.invalid();
            return true;
        }
        r.flags = F80.denormal(se, sig) ? Status.DE : 0;
        if ((se & F80.SPECIAL) >= LIMIT) {
            r.condition = Status.C2;
            r.set(se, sig);
            return true;
        }
        return false;
    }

    /** The magnitude as {@code quadrant * pi/2 +- rest}, rest at most pi/4. */
    private void reduce(int biased, long sig) {
        quadrant = 0;
        negative = false;
        int exponent = Math.max(biased, 1) - F80.BIAS;
        rest.integer(0, sig, exponent - 63);
        if (rest.exponent < -1) {
            return;
        }
        // In units of 2^-65 the argument is sig * 2^(exponent + 2), and pi/2 is the 66-bit integer.
        long high = 0;
        long low = sig;
        for (int n = exponent + 2; n > 0; n--) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            quadrant <<= 1;
            if (high > PI_HIGH || high == PI_HIGH && Long.compareUnsigned(low, PI_LOW) >= 0) {
                high -= PI_HIGH + (Long.compareUnsigned(low, PI_LOW) < 0 ? 1 : 0);
                low -= PI_LOW;
                quadrant++;
            }
        }
        long otherHigh = PI_HIGH - high - (Long.compareUnsigned(PI_LOW, low) < 0 ? 1 : 0);
        long otherLow = PI_LOW - low;
        if (high > otherHigh || high == otherHigh && Long.compareUnsigned(low, otherLow) > 0) {
            high = otherHigh;
            low = otherLow;
            quadrant++;
            negative = true;
        }
        rest.integer(high, low, -65);
    }

    /** @param sign of the argument */
    private void sine(int sign, int control, Result r) {
        boolean swap = (quadrant & 1) != 0;
        boolean minus = (quadrant & 2) != 0 ^ sign != 0 ^ (negative && !swap);
        round(swap, minus, control, r);
    }

    private void cosine(int control, Result r) {
        boolean swap = (quadrant & 1) != 0;
        boolean minus = (quadrant + 1 & 2) != 0 ^ (negative && swap);
        round(!swap, minus, control, r);
    }

    private void round(boolean ofCosine, boolean minus, int control, Result r) {
        if (ofCosine) {
            computeCosine();
            cosine.round(minus ? F80.SIGN : 0, control, r);
        } else {
            computeSine();
            sine.round(minus ? F80.SIGN : 0, control, r);
        }
    }

    private void squareRest() {
        cosine.multiply(rest, rest);
        square.set(cosine);
    }

    /** {@code sine = sin(rest)}: rest (1 - rest^2/3! + ...). */
    private void computeSine() {
        squareRest();
        Series.factorials(3, 2, LAST_SINE, true, square, sum);
        sum.multiply(square);
        sum.oneMinus(sine);
        sine.multiply(sine, rest);
    }

    /** {@code cosine = cos(rest)}: 1 - rest^2/2! + ... */
    private void computeCosine() {
        squareRest();
        Series.factorials(2, 2, LAST_COSINE, true, square, sum);
        sum.multiply(square);
        sum.oneMinus(cosine);
    }
}
