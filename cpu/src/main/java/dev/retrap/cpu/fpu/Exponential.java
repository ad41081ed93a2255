package dev.retrap.cpu.fpu;

/** F2XM1: 2^x - 1 for -1 to 1 (SDM vol. 2). Rounded correctly. */
final class Exponential {
    /** ln 2 to 128 bits, and its exponent. */
    private static final long LN2_HIGH = 0xB172_17F7_D1CF_79ABL;
    private static final long LN2_LOW = 0xC9E3_B398_03F2_F6AFL;
    private static final int LN2_EXPONENT = -1;
    /** Last term of the series that matters for an argument up to ln 2. */
    private static final int LAST = 34;

    private final Wide argument = new Wide();
    /** Magnitude before it is rounded, which tests look at for how exact it is. */
    final Wide factor = new Wide();
    private final Fraction fraction = new Fraction();
    private final Fraction sum = new Fraction();

    void power(int se, long sig, int control, Result r) {
        if (Nan.special(se, sig)) {
            Nan.propagate(se, sig, r);
            return;
        }
        r.flags = F80.denormal(se, sig) ? Status.DE : 0;
        int exponent = (se & F80.SPECIAL) - F80.BIAS;
        boolean minus = (se & F80.SIGN) != 0;
        if (sig == 0) {
            r.set(se, sig);
        } else if (F80.infinite(se, sig)) {
            r.set(minus ? F80.SIGN | F80.BIAS : se, sig);
        } else if (exponent >= 0) {
            // Out of range, where the manuals define nothing, processors return the operand; 2^-1 - 1 is -1/2.
            r.flags |= Status.PE;
            boolean one = exponent == 0 && sig == F80.INTEGER_BIT;
            r.set(one && minus ? se - 1 : se, sig);
        } else {
            inside(Math.max(exponent, 1 - F80.BIAS), sig, minus, control, r);
        }
    }

    /** With t = |x| ln 2: e^t - 1 = t (1 + t/2! + ...), 1 - e^-t = t (1 - t/2! + ...). */
    private void inside(int exponent, long sig, boolean minus, int control, Result r) {
        argument.integer(0, sig, exponent - 63);
        argument.multiply(argument, LN2_EXPONENT, LN2_HIGH, LN2_LOW);
        fraction.set(argument);
        Series.factorials(2, 1, LAST, minus, fraction, sum);
        sum.multiply(fraction);
        if (minus) {
            sum.oneMinus(factor);
        } else {
            sum.onePlus(factor);
        }
        factor.multiply(factor, argument);
        factor.round(minus ? F80.SIGN : 0, control, r);
    }
}
