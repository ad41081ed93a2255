package dev.retrap.cpu.fpu;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A second, slow opinion on extended arithmetic: exact values as big integers, rounded as the manuals say, without a
 * line in common with the first. Finite values only, all exceptions masked.
 */
final class Reference {
    /** Enough digits for 64 bits and the search for hard cases beyond them. */
    static final MathContext DIGITS = new MathContext(90);
    private static final int MIN_EXPONENT = -16382;
    private static final int MAX_EXPONENT = 16383;

    /**
     * A rounded value.
     *
     * @param signExponent as {@link F80} has it
     * @param significand as {@link F80} has it
     * @param flags OE, UE, PE, C1
     */
    record Rounded(int signExponent, long significand, int flags) {}

    private Reference() {}

    /** The exact value of a finite encoding. */
    static BigDecimal value(int se, long sig) {
        BigInteger m = new BigInteger(Long.toUnsignedString(sig));
        int scale = Math.max(se & 0x7FFF, 1) - 16383 - 63;
        BigDecimal v = scale >= 0 ? new BigDecimal(m.shiftLeft(scale))
                : new BigDecimal(m).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-scale)));
        return (se & 0x8000) == 0 ? v : v.negate();
    }

    /**
     * Rounds {@code numerator / denominator * 2^scale}.
     *
     * @param numerator not 0; its sign is the sign of the result
     * @param denominator greater than 0
     * @param bits precision: 24, 53 or 64
     * @param rounding 0 nearest, 1 down, 2 up, 3 towards zero
     */
    static Rounded round(BigInteger numerator, BigInteger denominator, int scale, int bits, int rounding) {
        boolean negative = numerator.signum() < 0;
        BigInteger n = numerator.abs();
        int exponent = n.bitLength() - denominator.bitLength() + scale;
        if (compare(n, denominator, scale - exponent) < 0) {
            exponent--;
        }
        int flags = 0;
        Cut unbounded = cut(n, denominator, scale - exponent + bits - 1, negative, rounding);
        boolean tiny = (unbounded.kept.bitLength() > bits ? exponent + 1 : exponent) < MIN_EXPONENT;
        int at = Math.max(exponent, MIN_EXPONENT);
        Cut c = cut(n, denominator, scale - at + bits - 1, negative, rounding);
        if (c.inexact) {
            flags |= Status.PE | (tiny ? Status.UE : 0) | (c.up ? Status.C1 : 0);
        }
        BigInteger kept = c.kept;
        if (kept.bitLength() > bits) {
            kept = kept.shiftRight(1);
            at++;
        }
        int sign = negative ? 0x8000 : 0;
        if (at > MAX_EXPONENT) {
            boolean infinity = rounding == 0 || rounding == (negative ? 1 : 2);
            return infinity ? new Rounded(sign | 0x7FFF, 1L << 63, Status.OE | Status.PE | Status.C1)
                    : new Rounded(sign | 0x7FFE, -1L << 64 - bits, Status.OE | Status.PE);
        }
        long significand = kept.shiftLeft(64 - bits).longValue();
        int biased = significand < 0 ? at + 16383 : 0;
        return new Rounded(sign | biased, significand, flags);
    }

    private record Cut(BigInteger kept, boolean inexact, boolean up) {}

    /** {@code n / d * 2^scale} to an integer. */
    private static Cut cut(BigInteger n, BigInteger d, int scale, boolean negative, int rounding) {
        BigInteger[] q = n.shiftLeft(Math.max(scale, 0)).divideAndRemainder(d.shiftLeft(Math.max(-scale, 0)));
        if (q[1].signum() == 0) {
            return new Cut(q[0], false, false);
        }
        int half = q[1].shiftLeft(1).compareTo(d.shiftLeft(Math.max(-scale, 0)));
        boolean up = switch (rounding) {
            case 0 -> half > 0 || half == 0 && q[0].testBit(0);
            case 1 -> negative;
            case 2 -> !negative;
            default -> false;
        };
        return new Cut(up ? q[0].add(BigInteger.ONE) : q[0], true, up);
    }

    private static int compare(BigInteger n, BigInteger d, int scale) {
        return n.shiftLeft(Math.max(scale, 0)).compareTo(d.shiftLeft(Math.max(-scale, 0)));
    }

    /** Rounds a number known to many digits, not exactly, to 64 bits. */
    static Rounded round(BigDecimal v, int rounding) {
        int shift = 16384 + 200;
        BigInteger scaled = v.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift))).toBigInteger();
        return round(scaled, BigInteger.ONE, -shift, 64, rounding);
    }

    // ------------------------------------------------------------------ functions, by their series

    static BigDecimal sin(BigDecimal x) {
        return trigonometric(x, x);
    }

    static BigDecimal cos(BigDecimal x) {
        return trigonometric(BigDecimal.ONE, x);
    }

    private static BigDecimal trigonometric(BigDecimal first, BigDecimal x) {
        BigDecimal square = x.multiply(x, DIGITS);
        BigDecimal term = first;
        BigDecimal sum = first;
        for (int n = first == BigDecimal.ONE ? 1 : 2; significant(term, sum); n += 2) {
            term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf((long) n * (n + 1)), DIGITS).negate();
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    /** {@code e^x - 1}. */
    static BigDecimal expm1(BigDecimal x) {
        BigDecimal term = x;
        BigDecimal sum = x;
        for (int n = 2; significant(term, sum); n++) {
            term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    /** {@code ln((1 + s) / (1 - s)) / 2}, or atan(s). */
    private static BigDecimal inverse(BigDecimal s, boolean alternating) {
        BigDecimal square = s.multiply(s, DIGITS);
        BigDecimal power = s;
        BigDecimal sum = s;
        for (int n = 3; significant(power, sum); n += 2) {
            power = power.multiply(alternating ? square.negate() : square, DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
        }
        return sum;
    }

    /** Natural logarithm of {@code 1 + x}, of any x greater than -1. */
    static BigDecimal log1p(BigDecimal x) {
        if (x.abs().compareTo(new BigDecimal("0.5")) > 0) {
            // By square roots until the argument is near 1.
            BigDecimal root = x.add(BigDecimal.ONE, DIGITS).sqrt(DIGITS);
            return log1p(root.subtract(BigDecimal.ONE, DIGITS)).multiply(BigDecimal.TWO);
        }
        return inverse(x.divide(x.add(BigDecimal.TWO, DIGITS), DIGITS), false).multiply(BigDecimal.TWO);
    }

    static final BigDecimal LN2 = log1p(BigDecimal.ONE);
    /** Machin's formula. */
    static final BigDecimal PI = BigDecimal.valueOf(16)
            .multiply(inverse(BigDecimal.ONE.divide(BigDecimal.valueOf(5), DIGITS), true), DIGITS)
            .subtract(BigDecimal.valueOf(4)
                    .multiply(inverse(BigDecimal.ONE.divide(BigDecimal.valueOf(239), DIGITS), true), DIGITS), DIGITS);

    /** Angle of a point, as FPATAN. */
    static BigDecimal angle(BigDecimal x, BigDecimal y) {
        BigDecimal ax = x.abs();
        BigDecimal ay = y.abs();
        boolean steep = ay.compareTo(ax) > 0;
        BigDecimal t = steep ? ax.divide(ay, DIGITS) : ay.divide(ax, DIGITS);
        int halvings = 0;
        while (t.compareTo(new BigDecimal("0.1")) > 0) {
            t = t.divide(BigDecimal.ONE.add(BigDecimal.ONE.add(t.multiply(t, DIGITS)).sqrt(DIGITS)), DIGITS);
            halvings++;
        }
        BigDecimal a = inverse(t, true).multiply(BigDecimal.valueOf(1L << halvings));
        a = steep ? PI.divide(BigDecimal.TWO).subtract(a, DIGITS) : a;
        a = x.signum() < 0 ? PI.subtract(a, DIGITS) : a;
        return y.signum() < 0 ? a.negate() : a;
    }

    private static boolean significant(BigDecimal term, BigDecimal sum) {
        return term.signum() != 0 && sum.precision() - sum.scale() - (term.precision() - term.scale()) < 85;
    }

    /** Checks what the series are for: a known value to many digits. */
    static boolean agrees(BigDecimal v, String digits) {
        BigDecimal known = new BigDecimal(digits);
        return v.subtract(known).abs().compareTo(known.ulp()) <= 0
                && v.round(new MathContext(known.precision(), RoundingMode.HALF_EVEN)).precision() == known.precision();
    }
}
