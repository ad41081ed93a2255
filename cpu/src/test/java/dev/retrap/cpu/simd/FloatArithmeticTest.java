package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounding and exceptions of the arithmetic, against exact decimal numbers and of the two ways against each other. */
class FloatArithmeticTest {
    private static final int CASES = 30_000;

    private enum Operation { ADD, SUBTRACT, MULTIPLY, DIVIDE }

    private static long quick(Operation op, BinaryFormat f, long a, long b, FloatContext x) {
        return f == BinaryFormat.SINGLE ? switch (op) {
            case ADD -> Singles.add(a, b, x);
            case SUBTRACT -> Singles.subtract(a, b, x);
            case MULTIPLY -> Singles.multiply(a, b, x);
            case DIVIDE -> Singles.divide(a, b, x);
        } : switch (op) {
            case ADD -> Doubles.add(a, b, x);
            case SUBTRACT -> Doubles.subtract(a, b, x);
            case MULTIPLY -> Doubles.multiply(a, b, x);
            case DIVIDE -> Doubles.divide(a, b, x);
        };
    }

    private static long slow(Operation op, BinaryFormat f, long a, long b, FloatContext x) {
        return switch (op) {
            case ADD -> Arithmetic.add(f, a, b, x);
            case SUBTRACT -> Arithmetic.subtract(f, a, b, x);
            case MULTIPLY -> Arithmetic.multiply(f, a, b, x);
            case DIVIDE -> Arithmetic.divide(f, a, b, x);
        };
    }

    private static FloatContext context(int mxcsr) {
        var x = new FloatContext();
        x.begin(mxcsr);
        return x;
    }

    /** Java's arithmetic with its error gives what the integers give. */
    @ParameterizedTest
    @EnumSource(Operation.class)
    void bothWaysAgree(Operation op) {
        long seed = 100 + op.ordinal();
        var d = new SplittableRandom(seed);
        var draw = new FloatDraw(d);
        for (int i = 0; i < CASES; i++) {
            for (BinaryFormat f : new BinaryFormat[] {BinaryFormat.SINGLE, BinaryFormat.DOUBLE}) {
                long a = draw.number(f);
                long b = draw.partner(f, a) & (f.signBit() << 1) - 1;
                int mxcsr = draw.mxcsr();
                FloatContext x = context(mxcsr);
                FloatContext y = context(mxcsr);
                long expected = slow(op, f, a, b, y);
                long got = quick(op, f, a, b, x);
                if (got != expected || x.raised != y.raised) {
                    fail("seed %d case %d: %x %x mxcsr %x gave %x %x, not %x %x", seed, i, a, b, mxcsr, got, x.raised,
                            expected, y.raised);
                }
            }
        }
    }

    private static double value(BinaryFormat f, long v) {
        return f == BinaryFormat.DOUBLE ? Double.longBitsToDouble(v) : Float.intBitsToFloat((int) v);
    }

    /** The neighbour of a number in a format, by value. */
    private static BigDecimal neighbour(BinaryFormat f, double v, boolean up) {
        return new BigDecimal(f == BinaryFormat.DOUBLE ? up ? Math.nextUp(v) : Math.nextDown(v)
                : up ? Math.nextUp((float) v) : Math.nextDown((float) v));
    }

    /** A result with all exceptions masked lies where its rounding mode puts it, and PE says whether it is exact. */
    @ParameterizedTest
    @EnumSource(Operation.class)
    void resultsAreRoundedAsAsked(Operation op) {
        long seed = 200 + op.ordinal();
        var d = new SplittableRandom(seed);
        var draw = new FloatDraw(d);
        int checked = 0;
        for (int i = 0; i < CASES / 3; i++) {
            BinaryFormat f = (i & 1) == 0 ? BinaryFormat.SINGLE : BinaryFormat.DOUBLE;
            long a = draw.number(f);
            long b = draw.partner(f, a) & (f.signBit() << 1) - 1;
            int rounding = d.nextInt(4);
            FloatContext x = context(0x1F80 | rounding << 13);
            double r = value(f, quick(op, f, a, b, x));
            double p = value(f, a);
            double q = value(f, b);
            boolean limit = Math.abs(r) >= value(f, f.infinity() - 1) || Double.isNaN(r);
            if (limit || op == Operation.DIVIDE && q == 0 || Double.isInfinite(p) || Double.isInfinite(q)) {
                continue;
            }
            checked++;
            var u = new BigDecimal(p);
            var v = new BigDecimal(q);
            // 1100 digits tell a quotient from any number halfway between two others.
            BigDecimal exact = switch (op) {
                case ADD -> u.add(v);
                case SUBTRACT -> u.subtract(v);
                case MULTIPLY -> u.multiply(v);
                case DIVIDE -> u.divide(v, new MathContext(1100, RoundingMode.DOWN));
            };
            var result = new BigDecimal(r);
            String at = "seed %d case %d: %s %s %s rounding %d gave %s".formatted(seed, i, p, op, q, rounding, r);
            int side = result.compareTo(exact);
            assertThat((x.raised & FloatContext.PE) != 0).as(at).isEqualTo(side != 0);
            boolean downward = rounding == FloatContext.DOWN || rounding == FloatContext.ZERO && exact.signum() > 0;
            boolean upward = rounding == FloatContext.UP || rounding == FloatContext.ZERO && exact.signum() < 0;
            if (downward) {
                assertThat(side).as(at).isNotPositive();
                assertThat(neighbour(f, r, true).compareTo(exact)).as(at).isPositive();
            } else if (upward) {
                assertThat(side).as(at).isNotNegative();
                assertThat(neighbour(f, r, false).compareTo(exact)).as(at).isNegative();
            } else if (side != 0) {
                BigDecimal error = result.subtract(exact).abs();
                BigDecimal other = neighbour(f, r, side < 0).subtract(exact).abs();
                int nearer = error.compareTo(other);
                assertThat(nearer).as(at).isNotPositive();
                if (nearer == 0) {
                    long bits = f == BinaryFormat.DOUBLE ? Double.doubleToRawLongBits(r)
                            : Float.floatToRawIntBits((float) r);
                    assertThat(bits & 1).as(at + ": ties go to even").isZero();
                }
            }
        }
        assertThat(checked).isGreaterThan(CASES / 10);
    }

    @Test
    void squareRootsAreRoundedAsAsked() {
        long seed = 300;
        var d = new SplittableRandom(seed);
        var draw = new FloatDraw(d);
        for (int i = 0; i < CASES; i++) {
            BinaryFormat f = (i & 1) == 0 ? BinaryFormat.SINGLE : BinaryFormat.DOUBLE;
            long a = f.magnitude(draw.number(f));
            if (f.nan(a) || f.infinite(a) || f.zero(a)) {
                continue;
            }
            int rounding = d.nextInt(4);
            FloatContext x = context(0x1F80 | rounding << 13);
            double r = value(f, f == BinaryFormat.SINGLE ? Singles.squareRoot(a, x) : Doubles.squareRoot(a, x));
            var exact = new BigDecimal(value(f, a));
            String at = "seed %d case %d: root of %s rounding %d gave %s".formatted(seed, i, value(f, a), rounding, r);
            int side = square(new BigDecimal(r)).compareTo(exact);
            assertThat((x.raised & FloatContext.PE) != 0).as(at).isEqualTo(side != 0);
            assertThat((x.raised & FloatContext.DE) != 0).as(at).isEqualTo(f.denormal(a));
            if (rounding == FloatContext.UP) {
                assertThat(side).as(at).isNotNegative();
                assertThat(square(neighbour(f, r, false)).compareTo(exact)).as(at).isNegative();
            } else if (rounding == FloatContext.NEAREST) {
                var two = BigDecimal.valueOf(2);
                BigDecimal up = new BigDecimal(r).add(neighbour(f, r, true)).divide(two);
                BigDecimal down = new BigDecimal(r).add(neighbour(f, r, false)).divide(two);
                assertThat(square(up).compareTo(exact)).as(at).isPositive();
                assertThat(square(down).compareTo(exact)).as(at).isNegative();
            } else {
                assertThat(side).as(at).isNotPositive();
                assertThat(square(neighbour(f, r, true)).compareTo(exact)).as(at).isPositive();
            }
        }
    }

    /** Rounded to 24 bits these are the least normal number: tiny before rounding, not after (SDM vol. 1, 4.9.1.5). */
    @Test
    void tininessIsDecidedAfterRounding() {
        FloatContext x = context(0x1F80);
        assertThat(Singles.multiply(0x3F7FFFFEL, 0x00800001L, x)).isEqualTo(0x00800000L);
        assertThat(x.raised).isEqualTo(FloatContext.PE);
        // All ones: 24 bits hold it, the format of a denormal does not.
        x = context(0x1F80);
        assertThat(Singles.multiply(0x3F7FFFFFL, 0x00800000L, x)).isEqualTo(0x00800000L);
        assertThat(x.raised).isEqualTo(FloatContext.PE | FloatContext.UE);
        // Flushing goes by the same rule.
        x = context(0x9F80);
        assertThat(Singles.multiply(0x3F7FFFFEL, 0x00800001L, x)).isEqualTo(0x00800000L);
        x = context(0x9F80);
        assertThat(Singles.multiply(0x3F7FFFFFL, 0x80800000L, x)).isEqualTo(0x80000000L);
        assertThat(x.raised).isEqualTo(FloatContext.PE | FloatContext.UE);
    }

    private static BigDecimal square(BigDecimal v) {
        return v.multiply(v);
    }
}
