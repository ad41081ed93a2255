package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** FSIN .. FYL2XP1 are rounded correctly, in each direction: against series of 90 digits. */
class TranscendentalTest {
    private static final long SEED = 7;
    private static final int CASES = 400;
    /** The 66-bit pi that arguments are reduced by. */
    private static final BigDecimal PI_66 = new BigDecimal(new BigInteger("3243F6A8885A308D3", 16))
            .divide(new BigDecimal(BigInteger.ONE.shiftLeft(64)));
    private static final BigDecimal QUADRANT = PI_66.divide(BigDecimal.TWO);

    private final Result r = new Result();
    private final Trigonometry trigonometry = new Trigonometry();
    private final Exponential exponential = new Exponential();
    private final Logarithm logarithm = new Logarithm();
    private final Arctangent arctangent = new Arctangent();
    private final SplittableRandom random = new SplittableRandom(SEED);

    /** A function, and its arguments' exponents. */
    enum Function {
        SIN(-40, 62), COS(-40, 62), TAN(-40, 62), F2XM1(-70, -1), FYL2X(-60, 60), FYL2X_NEAR_ONE(0, 0), FYL2XP1(-70, 3),
        FPATAN(-40, 40), FPATAN_NEAR(-2, 2);

        private final int low;
        private final int high;

        Function(int low, int high) {
            this.low = low;
            this.high = high;
        }
    }

    @Test
    void referenceKnowsItsConstants() {
        assertThat(Reference.agrees(Reference.PI, "3.1415926535897932384626433832795028841971693993751")).isTrue();
        assertThat(Reference.agrees(Reference.LN2, "0.69314718055994530941723212145817656807550013436025")).isTrue();
    }

    private int exponent(Function f) {
        return f.low + random.nextInt(f.high - f.low + 1) + 16383;
    }

    private long significand() {
        long s = random.nextLong() | 1L << 63;
        return random.nextInt(3) == 0 ? s & -1L << random.nextInt(64) : s;
    }

    @ParameterizedTest
    @EnumSource
    void isRoundedCorrectly(Function f) {
        for (int n = 0; n < CASES; n++) {
            int rounding = random.nextInt(4);
            int control = rounding << 10 | 0x37F;
            int ase = exponent(f) | random.nextInt(2) << 15;
            int bse = exponent(f) | random.nextInt(2) << 15;
            long asig = significand();
            long bsig = significand();
            switch (f) {
                case FYL2X -> ase &= 0x7FFF;
                case FYL2X_NEAR_ONE -> {
                    boolean below = random.nextBoolean();
                    ase = below ? 0x3FFE : 0x3FFF;
                    asig = below ? -1L - (random.nextLong() >>> 1 + random.nextInt(62))
                            : 1L << 63 | 1 + (random.nextLong() >>> 2 + random.nextInt(61));
                }
                case FYL2XP1 -> ase = (ase & 0x7FFF) >= 0x3FFF ? ase & 0x7FFF : ase;
                default -> { }
            }
            BigDecimal a = Reference.value(ase, asig);
            BigDecimal b = Reference.value(bse, bsig);
            BigDecimal exact = switch (f) {
                case SIN -> {
                    trigonometry.sin(ase, asig, control, r);
                    yield sin(a, 0);
                }
                case COS -> {
                    trigonometry.cos(ase, asig, control, r);
                    yield sin(a, 1);
                }
                case TAN -> {
                    trigonometry.tan(ase, asig, control, r);
                    yield sin(a, 0).divide(sin(a, 1), Reference.DIGITS);
                }
                case F2XM1 -> {
                    exponential.power(ase, asig, control, r);
                    yield Reference.expm1(a.multiply(Reference.LN2, Reference.DIGITS));
                }
                case FYL2X, FYL2X_NEAR_ONE -> {
                    logarithm.log(ase, asig, bse, bsig, control, r);
                    yield log2(a.subtract(BigDecimal.ONE)).multiply(b, Reference.DIGITS);
                }
                case FYL2XP1 -> {
                    logarithm.logOfOnePlus(ase, asig, bse, bsig, control, r);
                    yield log2(a).multiply(b, Reference.DIGITS);
                }
                case FPATAN, FPATAN_NEAR -> {
                    arctangent.angle(ase, asig, bse, bsig, control, r);
                    yield Reference.angle(a, b);
                }
            };
            Reference.Rounded x = Reference.round(exact, rounding);
            if (exact.signum() != 0 && !whole(exact)) {
                assertThat(new Reference.Rounded(r.signExponent, r.significand, r.flags))
                        .as("%s of %04x:%016x, %04x:%016x, rounding %d, seed %d", f, ase, asig, bse, bsig, rounding,
                                SEED)
                        .isEqualTo(x);
                assertThat(spare(f, exact)).as("bits of %s of %04x:%016x, %04x:%016x", f, ase, asig, bse, bsig)
                        .isGreaterThan(f == Function.TAN ? 117 : 122);
            }
        }
    }

    /** Number of bits that the value before rounding has right. */
    private int spare(Function f, BigDecimal exact) {
        return Stream.of(candidates(f)).mapToInt(w -> {
            BigInteger m = new BigInteger(Long.toUnsignedString(w.high)).shiftLeft(64)
                    .add(new BigInteger(Long.toUnsignedString(w.low)));
            BigDecimal v = w.exponent < 127
                    ? new BigDecimal(m).divide(new BigDecimal(BigInteger.ONE.shiftLeft(127 - w.exponent)),
                            Reference.DIGITS)
                    : new BigDecimal(m.shiftLeft(w.exponent - 127));
            BigDecimal error = v.subtract(exact.abs()).abs();
            if (error.signum() == 0) {
                return 200;
            }
            BigInteger ratio = exact.abs().divide(error, Reference.DIGITS).toBigInteger();
            return ratio.bitLength();
        }).max().orElseThrow();
    }

    /** Where the result is: the cosine of a quadrant may be the sine of the rest. */
    private Wide[] candidates(Function f) {
        return switch (f) {
            case SIN, COS -> new Wide[] {trigonometry.sine, trigonometry.cosine};
            case TAN -> new Wide[] {trigonometry.rest};
            case F2XM1 -> new Wide[] {exponential.factor};
            case FYL2X, FYL2X_NEAR_ONE, FYL2XP1 -> new Wide[] {logarithm.quotient};
            case FPATAN, FPATAN_NEAR -> new Wide[] {arctangent.angle};
        };
    }

    /** A logarithm of a power of 2 times y, where 90 digits do not tell on which side the value lies. */
    private static boolean whole(BigDecimal v) {
        int zeros = v.precision() - v.round(new java.math.MathContext(60)).stripTrailingZeros().precision();
        return zeros > 40;
    }

    private static BigDecimal log2(BigDecimal x) {
        return Reference.log1p(x).divide(Reference.LN2, Reference.DIGITS);
    }

    /** Sine of the reduced argument and a quarter turn more or not. */
    private static BigDecimal sin(BigDecimal x, int quarter) {
        BigDecimal k = x.divide(QUADRANT, 0, RoundingMode.HALF_EVEN);
        BigDecimal rest = x.subtract(k.multiply(QUADRANT));
        int quadrant = k.toBigInteger().intValue() + quarter & 3;
        BigDecimal v = (quadrant & 1) == 0 ? Reference.sin(rest) : Reference.cos(rest);
        return quadrant < 2 ? v : v.negate();
    }
}
