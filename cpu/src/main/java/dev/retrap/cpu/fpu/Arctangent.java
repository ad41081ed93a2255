package dev.retrap.cpu.fpu;

/** FPATAN: the angle of (x, y) = (ST(0), ST(1)), from -pi to pi (SDM vol. 2). Rounded correctly. */
final class Arctangent {
    /** Significand of pi and its halves, to 128 bits, and of 3 pi / 4. */
    private static final long PI_HIGH = 0xC90F_DAA2_2168_C234L;
    private static final long PI_LOW = 0xC4C6_628B_80DC_1CD1L;
    private static final long PI_3_4_HIGH = 0x96CB_E3F9_990E_91A7L;
    private static final long PI_3_4_LOW = 0x9394_C9E8_A0A5_159CL;
    /** The table has steps of 2^-5. */
    private static final int STEP_BITS = 5;
    /** Last term of the series that matters for an argument up to half a step. */
    private static final int LAST = 25;

    private final Wide y = new Wide();
    private final Wide x = new Wide();
    private final Wide numerator = new Wide();
    /** Magnitude before it is rounded, which tests look at for how exact it is. */
    final Wide angle = new Wide();
    private final Wide base = new Wide();
    private final Fraction square = new Fraction();
    private final Fraction sum = new Fraction();

    void angle(int xse, long xsig, int yse, long ysig, int control, Result r) {
        if (Nan.special(xse, xsig) || Nan.special(yse, ysig)) {
            Nan.propagate(xse, xsig, yse, ysig, r);
            return;
        }
        r.flags = F80.denormal(xse, xsig) || F80.denormal(yse, ysig) ? Status.DE : 0;
        int sign = yse & F80.SIGN;
        boolean left = (xse & F80.SIGN) != 0;
        boolean xInfinite = F80.infinite(xse, xsig);
        boolean yInfinite = F80.infinite(yse, ysig);
        if (xInfinite && yInfinite) {
            if (left) {
                angle.set(1, PI_3_4_HIGH, PI_3_4_LOW);
            } else {
                angle.set(-1, PI_HIGH, PI_LOW);
            }
            angle.round(sign, control, r);
        } else if (ysig == 0 || xInfinite) {
            if (left) {
                angle.set(1, PI_HIGH, PI_LOW);
                angle.round(sign, control, r);
            } else {
                r.zero(sign);
            }
        } else if (xsig == 0 || yInfinite) {
            angle.set(0, PI_HIGH, PI_LOW);
            angle.round(sign, control, r);
        } else {
            y.integer(0, ysig, Math.max(yse & F80.SPECIAL, 1) - F80.BIAS - 63);
            x.integer(0, xsig, Math.max(xse & F80.SPECIAL, 1) - F80.BIAS - 63);
            finite(sign, left, control, r);
        }
    }

    private void finite(int sign, boolean left, int control, Result r) {
        boolean steep = y.compareTo(x) > 0;
        if (steep) {
            arctangent(x, y);
        } else {
            arctangent(y, x);
        }
        if (steep) {
            base.set(0, PI_HIGH, PI_LOW);
            fold(left);
        } else if (left) {
            base.set(1, PI_HIGH, PI_LOW);
            fold(false);
        }
        angle.round(sign, control, r);
    }

    /** {@code angle = base +- angle}. */
    private void fold(boolean plus) {
        if (plus) {
            angle.add(base, angle);
        } else {
            angle.subtract(base, angle);
        }
    }

    /** {@code angle = atan(a / b)}, a not greater than b, both of 64 bits. */
    private void arctangent(Wide a, Wide b) {
        int distance = b.exponent - a.exponent;
        int step = distance > STEP_BITS + 1 ? 0 : nearestStep(a, b, distance);
        if (step == 0) {
            numerator.divide(a, b);
            series();
            return;
        }
        // tan(p - q) = (tan p - tan q) / (1 + tan p tan q) with tan p = a / b, tan q = step / 32: exact integers.
        long bh = b.high >>> 64 - STEP_BITS - 1;
        long bl = b.high << STEP_BITS + 1;
        int down = STEP_BITS + 1 - distance;
        long ah = down == 0 ? 0 : a.high >>> 64 - down;
        long al = a.high << down;
        long stepBHigh = bh * step + Math.unsignedMultiplyHigh(bl, step);
        long stepBLow = bl * step;
        long stepAHigh = ah * step + Math.unsignedMultiplyHigh(al, step);
        long stepALow = al * step;
        long aHigh = ah << STEP_BITS | al >>> 64 - STEP_BITS;
        long aLow = al << STEP_BITS;
        long bHigh = bh << STEP_BITS | bl >>> 64 - STEP_BITS;
        long bLow = bl << STEP_BITS;
        long denominatorLow = bLow + stepALow;
        base.integer(bHigh + stepAHigh + (Long.compareUnsigned(denominatorLow, bLow) < 0 ? 1 : 0), denominatorLow, 0);
        boolean below = aHigh < stepBHigh || aHigh == stepBHigh && Long.compareUnsigned(aLow, stepBLow) < 0;
        long low = below ? stepBLow - aLow : aLow - stepBLow;
        long high = below ? stepBHigh - aHigh - (Long.compareUnsigned(stepBLow, aLow) < 0 ? 1 : 0)
                : aHigh - stepBHigh - (Long.compareUnsigned(aLow, stepBLow) < 0 ? 1 : 0);
        if ((high | low) == 0) {
            angle.integer(ArctangentTable.high(step), ArctangentTable.low(step), -128);
            return;
        }
        numerator.integer(high, low, 0);
        numerator.divide(numerator, base);
        series();
        base.integer(ArctangentTable.high(step), ArctangentTable.low(step), -128);
        fold(!below);
    }

    /** The multiple of 1/32 nearest to a / b, about. */
    private static int nearestStep(Wide a, Wide b, int distance) {
        long ratio = Long.divideUnsigned(a.high >>> 1, b.high >>> 32);
        int shift = 31 - STEP_BITS + distance;
        return (int) (ratio + (1L << shift - 1) >>> shift);
    }

    /** {@code angle = atan(u) = u (1 - u^2/3 + u^4/5 - ...)} of u = numerator. */
    private void series() {
        angle.multiply(numerator, numerator);
        square.set(angle);
        Series.reciprocals(3, LAST, true, square, sum);
        sum.multiply(square);
        sum.oneMinus(angle);
        angle.multiply(angle, numerator);
    }
}
