package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The five operations against exact big-integer arithmetic, over all exponents, precisions and roundings. */
class ArithmeticTest {
    private static final int CASES = 20_000;
    private static final int[] PRECISION = {24, 64, 53, 64};

    private final Result r = new Result();
    private SplittableRandom random;
    private int control;
    private int ase;
    private int bse;
    private long asig;
    private long bsig;

    private void draw() {
        control = random.nextInt(16) << 8 | 0x7F;
        ase = exponent();
        // Near the other exponent more often than not; now and then so that results overflow or are tiny.
        bse = switch (random.nextInt(4)) {
            case 0 -> exponent();
            case 1 -> 0x3FFF + random.nextInt(3);
            default -> Math.clamp((ase & 0x7FFF) + random.nextInt(260) - 130, 0, 0x7FFE) | ase & 0x8000;
        };
        bse ^= random.nextInt(2) << 15;
        asig = significand(ase);
        bsig = random.nextInt(8) == 0 && (ase & 0x7FFF) != 0 && (bse & 0x7FFF) != 0
                ? asig + random.nextInt(7) - 3 | 1L << 63 : significand(bse);
    }

    private int exponent() {
        int e = switch (random.nextInt(6)) {
            case 0 -> random.nextInt(80);
            case 1 -> 0x7FFE - random.nextInt(80);
            case 2 -> random.nextInt(0x7FFF);
            default -> 0x3FFF - 70 + random.nextInt(140);
        };
        return e | random.nextInt(2) << 15;
    }

    private long significand(int se) {
        long s = random.nextLong() | 1L << 63;
        s = switch (random.nextInt(6)) {
            case 0 -> s & -1L << random.nextInt(64);
            case 1 -> -1L << random.nextInt(64);
            case 2 -> 1L << 63 | 1L << random.nextInt(64);
            default -> s;
        };
        return (se & 0x7FFF) == 0 ? s >>> random.nextInt(64) | 1 : s;
    }

    private static BigInteger integer(long sig, int se) {
        BigInteger v = new BigInteger(Long.toUnsignedString(sig));
        return (se & 0x8000) == 0 ? v : v.negate();
    }

    private static int scale(int se) {
        return Math.max(se & 0x7FFF, 1) - 16383 - 63;
    }

    private void check(String what, BigInteger numerator, BigInteger denominator, int scale) {
        if (numerator.signum() == 0) {
            assertThat(r.significand).isZero();
            return;
        }
        int bits = PRECISION[control >>> 8 & 3];
        Reference.Rounded x = Reference.round(numerator, denominator, scale, bits, control >>> 10);
        int denormal = F80.denormal(ase, asig) || F80.denormal(bse, bsig) ? Status.DE : 0;
        assertThat(new Reference.Rounded(r.signExponent, r.significand, r.flags))
                .as("%04x:%016x %s %04x:%016x, control word %04x", ase, asig, what, bse, bsig, control)
                .isEqualTo(new Reference.Rounded(x.signExponent(), x.significand(), x.flags() | denormal));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void roundsExactResults(long seed) {
        random = new SplittableRandom(seed);
        for (int n = 0; n < CASES; n++) {
            draw();
            BigInteger a = integer(asig, ase);
            BigInteger b = integer(bsig, bse);
            int low = Math.min(scale(ase), scale(bse));
            if (Math.abs(scale(ase) - scale(bse)) < 4000) {
                BigInteger wa = a.shiftLeft(scale(ase) - low);
                BigInteger wb = b.shiftLeft(scale(bse) - low);
                Addition.add(ase, asig, bse, bsig, control, r);
                check("+", wa.add(wb), BigInteger.ONE, low);
                Addition.subtract(ase, asig, bse, bsig, control, r);
                check("-", wa.subtract(wb), BigInteger.ONE, low);
            }
            Product.multiply(ase, asig, bse, bsig, control, r);
            check("*", a.multiply(b), BigInteger.ONE, scale(ase) + scale(bse));
            Quotient.divide(ase, asig, bse, bsig, control, r);
            check("/", b.signum() < 0 ? a.negate() : a, b.abs(), scale(ase) - scale(bse));
        }
    }

    /** The largest finite number and half of its last bit: only rounding makes it overflow. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void roundingAloneOverflows(int rounding) {
        control = rounding << 10 | 0x37F;
        ase = 0x7FFE;
        asig = -1;
        bse = 0x7FFE - 64;
        bsig = 1L << 63;
        Addition.add(ase, asig, bse, bsig, control, r);
        check("+", integer(asig, 0).shiftLeft(64).add(integer(bsig, 0)), BigInteger.ONE, scale(bse));
        assertThat((r.flags & Status.OE) != 0).isEqualTo(rounding == 0 || rounding == 2);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 4})
    void rootsAreRoundedExactly(long seed) {
        random = new SplittableRandom(seed);
        for (int n = 0; n < CASES; n++) {
            draw();
            ase &= 0x7FFF;
            bse = 0x3FFF;
            bsig = 1L << 63;
            SquareRoot.sqrt(ase, asig, control, r);
            // The root to 200 bits and more, with a bit below that says whether it is exact.
            int even = scale(ase) & 1;
            BigInteger radicand = integer(asig, ase).shiftLeft(even + 400);
            BigInteger[] root = radicand.sqrtAndRemainder();
            BigInteger sticky = root[0].shiftLeft(1).add(root[1].signum() == 0 ? BigInteger.ZERO : BigInteger.ONE);
            check("root", sticky, BigInteger.ONE, (scale(ase) - even - 400) / 2 - 1);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6})
    void remaindersAreExact(long seed) {
        random = new SplittableRandom(seed);
        for (int n = 0; n < CASES; n++) {
            draw();
            control |= 0x300;
            boolean nearest = random.nextBoolean();
            if (nearest) {
                Remainder.nearest(ase, asig, bse, bsig, control, r);
            } else {
                Remainder.truncating(ase, asig, bse, bsig, control, r);
            }
            int low = Math.min(scale(ase), scale(bse));
            if ((r.condition & Status.C2) != 0 || Math.abs(scale(ase) - scale(bse)) > 200) {
                continue;
            }
            BigInteger a = integer(asig, ase & 0x7FFF).shiftLeft(scale(ase) - low);
            BigInteger b = integer(bsig, bse & 0x7FFF).shiftLeft(scale(bse) - low);
            BigInteger[] q = a.divideAndRemainder(b);
            int half = q[1].shiftLeft(1).compareTo(b);
            if (nearest && (half > 0 || half == 0 && q[0].testBit(0))) {
                q[0] = q[0].add(BigInteger.ONE);
                q[1] = q[1].subtract(b);
            }
            int condition = (q[0].testBit(2) ? Status.C0 : 0) | (q[0].testBit(1) ? Status.C3 : 0)
                    | (q[0].testBit(0) ? Status.C1 : 0);
            assertThat(r.condition).as("quotient of %04x:%016x and %04x:%016x", ase, asig, bse, bsig)
                    .isEqualTo(condition);
            check(nearest ? "rem1" : "rem", (ase & 0x8000) == 0 ? q[1] : q[1].negate(), BigInteger.ONE, low);
        }
    }
}
