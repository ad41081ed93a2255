package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.LongBinaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arithmetic on all lanes at once against arithmetic on one lane after the other. */
class LaneTest {
    private static final int CASES = 10_000;

    private static Lane lane(int bits) {
        return switch (bits) {
            case 8 -> Lane.BYTE;
            case 16 -> Lane.WORD;
            case 32 -> Lane.DWORD;
            default -> Lane.QWORD;
        };
    }

    private static long signed(long v, int bits, int lane) {
        return v << 64 - bits * (lane + 1) >> 64 - bits;
    }

    private static long unsigned(long v, int bits, int lane) {
        return v >>> bits * lane & -1L >>> 64 - bits;
    }

    /** A function of single lanes, sign-extended, applied to each. */
    private static long each(int bits, long a, long b, LongBinaryOperator f) {
        long r = 0;
        for (int n = 0; n < 64 / bits; n++) {
            r |= (f.applyAsLong(signed(a, bits, n), signed(b, bits, n)) & -1L >>> 64 - bits) << bits * n;
        }
        return r;
    }

    private static long eachUnsigned(int bits, long a, long b, LongBinaryOperator f) {
        long r = 0;
        for (int n = 0; n < 64 / bits; n++) {
            r |= (f.applyAsLong(unsigned(a, bits, n), unsigned(b, bits, n)) & -1L >>> 64 - bits) << bits * n;
        }
        return r;
    }

    private static Supplier<String> at(long seed, int i, long a, long b) {
        return () -> "seed %d case %d: %x %x".formatted(seed, i, a, b);
    }

    private static long number(SplittableRandom d) {
        long v = d.nextLong();
        return switch (d.nextInt(4)) {
            case 0 -> 0x7F80FF0001800000L ^ v & 0x0101010101010101L;
            case 1 -> v & d.nextLong() & d.nextLong();
            case 2 -> 0x8000000080008080L - d.nextInt(3);
            default -> v;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64})
    void sumsComparisonsAndSigns(int bits) {
        long seed = 20 + bits;
        var d = new SplittableRandom(seed);
        Lane l = lane(bits);
        for (int i = 0; i < CASES; i++) {
            long a = number(d);
            long b = d.nextInt(4) == 0 ? a : number(d);
            Supplier<String> at = at(seed, i, a, b);
            assertThat(l.add(a, b)).as(at).isEqualTo(each(bits, a, b, Long::sum));
            assertThat(l.subtract(a, b)).as(at).isEqualTo(each(bits, a, b, (x, y) -> x - y));
            assertThat(l.equal(a, b)).as(at).isEqualTo(each(bits, a, b, (x, y) -> x == y ? -1 : 0));
            assertThat(l.greater(a, b)).as(at).isEqualTo(each(bits, a, b, (x, y) -> x > y ? -1 : 0));
            assertThat(l.minSigned(a, b)).as(at).isEqualTo(each(bits, a, b, Math::min));
            assertThat(l.maxSigned(a, b)).as(at).isEqualTo(each(bits, a, b, Math::max));
            assertThat(l.absolute(a, b)).as(at).isEqualTo(each(bits, a, b, (x, y) -> Math.abs(y)));
            assertThat(l.sign(a, b)).as(at).isEqualTo(each(bits, a, b, (x, y) -> x * Long.signum(y)));
            assertThat(l.minUnsigned(a, b)).as(at).isEqualTo(eachUnsigned(bits, a, b,
                    (x, y) -> Long.compareUnsigned(x, y) < 0 ? x : y));
            assertThat(l.maxUnsigned(a, b)).as(at).isEqualTo(eachUnsigned(bits, a, b,
                    (x, y) -> Long.compareUnsigned(x, y) > 0 ? x : y));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32})
    void saturation(int bits) {
        long seed = 40 + bits;
        var d = new SplittableRandom(seed);
        Lane l = lane(bits);
        long max = (1L << bits - 1) - 1;
        long all = (1L << bits) - 1;
        for (int i = 0; i < CASES; i++) {
            long a = number(d);
            long b = number(d);
            Supplier<String> at = at(seed, i, a, b);
            assertThat(l.addSigned(a, b)).as(at)
                    .isEqualTo(each(bits, a, b, (x, y) -> Math.clamp(x + y, -max - 1, max)));
            assertThat(l.subtractSigned(a, b)).as(at)
                    .isEqualTo(each(bits, a, b, (x, y) -> Math.clamp(x - y, -max - 1, max)));
            assertThat(l.addUnsignedSaturated(a, b)).as(at)
                    .isEqualTo(eachUnsigned(bits, a, b, (x, y) -> Math.min(x + y, all)));
            assertThat(l.subtractUnsignedSaturated(a, b)).as(at)
                    .isEqualTo(eachUnsigned(bits, a, b, (x, y) -> Math.max(x - y, 0)));
            assertThat(l.average(a, b)).as(at).isEqualTo(eachUnsigned(bits, a, b, (x, y) -> x + y + 1 >> 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void shifts(int bits) {
        long seed = 60 + bits;
        var d = new SplittableRandom(seed);
        Lane l = lane(bits);
        for (int i = 0; i < CASES; i++) {
            long a = number(d);
            long count = d.nextInt(8) == 0 ? d.nextLong() : d.nextInt(bits + 3);
            boolean outside = count < 0 || count >= bits;
            Supplier<String> at = at(seed, i, a, count);
            assertThat(l.shiftLeft(a, count)).as(at)
                    .isEqualTo(outside ? 0 : eachUnsigned(bits, a, 0, (x, y) -> x << count));
            assertThat(l.shiftRight(a, count)).as(at)
                    .isEqualTo(outside ? 0 : eachUnsigned(bits, a, 0, (x, y) -> x >>> count));
            assertThat(l.shiftRightSigned(a, count)).as(at)
                    .isEqualTo(each(bits, a, 0, (x, y) -> x >> (outside ? 63 : count)));
        }
    }

    @Test
    void carrylessProductOfSums() {
        long seed = 80;
        var d = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            long a = number(d);
            long b = number(d);
            long lo = 0;
            long hi = 0;
            for (int k = 0; k < 64; k++) {
                if ((b >>> k & 1) != 0) {
                    lo ^= a << k;
                    hi ^= k == 0 ? 0 : a >>> 64 - k;
                }
            }
            assertThat(CarrylessMultiply.low(a, b)).as(at(seed, i, a, b)).isEqualTo(lo);
            assertThat(CarrylessMultiply.high(a, b)).as(at(seed, i, a, b)).isEqualTo(hi);
        }
    }
}
