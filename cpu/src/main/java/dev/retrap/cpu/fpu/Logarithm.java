package dev.retrap.cpu.fpu;

/** FYL2X: y log2(x), and FYL2XP1: y log2(x + 1) (SDM vol. 2). Rounded correctly. */
final class Logarithm {
    /** 2 / ln 2 to 128 bits, and its exponent. */
    private static final long SCALE_HIGH = 0xB8AA_3B29_5C17_F0BBL;
    private static final long SCALE_LOW = 0xBE87_FED0_691D_3E88L;
    private static final int SCALE_EXPONENT = 1;
    /** The square root of 2, where mantissas are split to lie around 1. */
    private static final long SQRT2 = 0xB504_F333_F9DE_6484L;
    /** Last term of the series that matters for an argument up to (sqrt 2 - 1) / (sqrt 2 + 1). */
    private static final int LAST = 51;

    private final Wide x = new Wide();
    private final Wide one = new Wide();
    /** Magnitude before it is rounded, which tests look at for how exact it is. */
    final Wide quotient = new Wide();
    private final Wide factor = new Wide();
    private final Fraction square = new Fraction();
    private final Fraction sum = new Fraction();
    /** Sign of the logarithm in {@link #quotient}. */
    private boolean minus;
    /** The logarithm is an integer. */
    private boolean exact;

    Logarithm() {
        one.set(0, F80.INTEGER_BIT, 0);
    }

    /** {@code r = b log2(a)}: a is ST(0), b is ST(1). */
    void log(int ase, long asig, int bse, long bsig, int control, Result r) {
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        r.flags = F80.denormal(ase, asig) || F80.denormal(bse, bsig) ? Status.DE : 0;
        int sign = bse & F80.SIGN;
        if (asig == 0) {
            logOfZero(sign, bse, bsig, r);
        } else if ((ase & F80.SIGN) != 0) {
            r.invalid();
        } else if (F80.infinite(ase, asig)) {
            unbounded(sign, bsig, r);
        } else {
            boolean unit = ase == F80.BIAS && asig == F80.INTEGER_BIT;
            int signOfLog = ase < F80.BIAS ? F80.SIGN : 0;
            if (F80.infinite(bse, bsig)) {
                infinite(unit, sign ^ signOfLog, r);
            } else if (bsig == 0 || unit) {
                r.zero(sign ^ signOfLog);
            } else {
                x.integer(0, asig, Math.max(ase, 1) - F80.BIAS - 63);
                logOfX();
                timesY(bse, bsig, control, r);
            }
        }
    }

    /** {@code r = b log2(a + 1)}; beyond the range that the manuals promise too, down to a = -1. */
    void logOfOnePlus(int ase, long asig, int bse, long bsig, int control, Result r) {
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        r.flags = F80.denormal(ase, asig) || F80.denormal(bse, bsig) ? Status.DE : 0;
        int sign = (ase ^ bse) & F80.SIGN;
        boolean negative = (ase & F80.SIGN) != 0;
        if (F80.infinite(ase, asig)) {
            if (negative) {
                r.invalid();
            } else {
                unbounded(sign, bsig, r);
            }
        } else if (F80.infinite(bse, bsig)) {
            infinite(asig == 0, sign, r);
        } else if (asig == 0 || bsig == 0) {
            r.zero(sign);
        } else if (negative && (ase & F80.SPECIAL) >= F80.BIAS) {
            r.flags |= Status.PE;
            r.set(ase, asig);
        } else {
            x.integer(0, asig, Math.max(ase & F80.SPECIAL, 1) - F80.BIAS - 63);
            if (x.exponent < -2) {
                logNearOne(negative);
            } else {
                if (negative) {
                    x.subtract(one, x);
                } else {
                    x.add(one, x);
                }
                logOfX();
            }
            timesY(bse, bsig, control, r);
        }
    }

    private static void logOfZero(int sign, int bse, long bsig, Result r) {
        if (F80.infinite(bse, bsig)) {
            r.infinity(sign ^ F80.SIGN);
        } else if (bsig == 0) {
            r.invalid();
        } else {
            r.flags = Status.ZE;
            r.infinity(sign ^ F80.SIGN);
        }
    }

    /** y times infinity. */
    private static void unbounded(int sign, long bsig, Result r) {
        if (bsig == 0) {
            r.invalid();
        } else {
            r.infinity(sign);
        }
    }

    /** Infinity times the logarithm, which may be 0. */
    private static void infinite(boolean zero, int sign, Result r) {
        if (zero) {
            r.invalid();
        } else {
            r.infinity(sign);
        }
    }

    /** {@code quotient = |log2(x)|}, and the sign: x = 2^k m with m around 1. */
    private void logOfX() {
        int k = x.exponent;
        if (Long.compareUnsigned(x.high, SQRT2) > 0) {
            k++;
            x.exponent = -1;
        } else {
            x.exponent = 0;
        }
        boolean below = x.exponent < 0;
        quotient.set(0, 0, 0);
        exact = true;
        if (below || x.high != F80.INTEGER_BIT || x.low != 0) {
            if (below) {
                factor.subtract(one, x);
            } else {
                factor.subtract(x, one);
            }
            x.add(x, one);
            quotient.divide(factor, x);
            series();
        }
        minus = below;
        if (k != 0) {
            addInteger(k);
        }
    }

    /** {@code quotient = |log2(1 + x)|} for small x, which may be far below the last bit of 1 + x. */
    private void logNearOne(boolean negative) {
        factor.set(1, F80.INTEGER_BIT, 0);
        if (negative) {
            factor.subtract(factor, x);
        } else {
            factor.add(factor, x);
        }
        quotient.divide(x, factor);
        series();
        minus = negative;
    }

    /** {@code quotient = log2((1 + s) / (1 - s)) = 2/ln 2 s (1 + s^2/3 + s^4/5 + ...)} of s = quotient. */
    private void series() {
        factor.multiply(quotient, quotient);
        square.set(factor);
        Series.reciprocals(3, LAST, false, square, sum);
        sum.multiply(square);
        sum.onePlus(factor);
        quotient.multiply(quotient, factor);
        quotient.multiply(quotient, SCALE_EXPONENT, SCALE_HIGH, SCALE_LOW);
        exact = false;
    }

    private void addInteger(int k) {
        factor.integer(0, Math.abs(k), 0);
        boolean negative = k < 0;
        if (quotient.zero()) {
            quotient.set(factor);
        } else if (negative == minus) {
            quotient.add(factor, quotient);
        } else {
            // |k| is 1 at least, and the rest at most one half.
            quotient.subtract(factor, quotient);
        }
        minus = negative;
    }

    private void timesY(int bse, long bsig, int control, Result r) {
        factor.integer(0, bsig, Math.max(bse & F80.SPECIAL, 1) - F80.BIAS - 63);
        int sign = (bse & F80.SIGN) != 0 ^ minus ? F80.SIGN : 0;
        quotient.multiply(quotient, factor);
        if (exact) {
            // The logarithm of a power of 2: processors report it as inexact too.
            Rounding.extended(sign, quotient.exponent + F80.BIAS, quotient.high, quotient.low, control, r);
            r.flags |= (r.signExponent & F80.SPECIAL) == 0 ? Status.PE | Status.UE : Status.PE;
        } else {
            quotient.round(sign, control, r);
        }
    }
}
