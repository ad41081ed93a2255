package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RCPPS and RSQRTPS keep to what the manuals promise (SDM vol. 2: relative error at most 1.5 * 2^-12). */
class EstimatesTest {
    private static final double BOUND = 1.5 * 0x1p-12;

    @Test
    void relativeErrorIsBounded() {
        // Every fraction that makes a difference, and the ones just before.
        for (int exponent = 126; exponent <= 129; exponent++) {
            for (int n = 0; n < 1 << 13; n++) {
                int bits = exponent << 23 | n << 10 | (n & 1) * 0x3FF;
                double v = Float.intBitsToFloat(bits);
                double r = Float.intBitsToFloat((int) Estimates.reciprocal(bits));
                double s = Float.intBitsToFloat((int) Estimates.reciprocalRoot(bits));
                assertThat(Math.abs(r * v - 1)).as("1 / %s", v).isLessThanOrEqualTo(BOUND);
                assertThat(Math.abs(s * Math.sqrt(v) - 1)).as("1 / sqrt %s", v).isLessThanOrEqualTo(BOUND);
            }
        }
    }

    @Test
    void limits() {
        assertThat(Estimates.reciprocal(0x80000000L)).isEqualTo(0xFF800000L);
        assertThat(Estimates.reciprocal(0x007FFFFFL)).isEqualTo(0x7F800000L);
        assertThat(Estimates.reciprocal(0x7F800000L)).isZero();
        assertThat(Estimates.reciprocal(0xFF7FFFFFL)).as("too small a result is zero").isEqualTo(0x80000000L);
        assertThat(Estimates.reciprocal(0x7F800001L)).isEqualTo(0x7FC00001L);
        assertThat(Estimates.reciprocalRoot(0x80000001L)).isEqualTo(0xFF800000L);
        assertThat(Estimates.reciprocalRoot(0xBF800000L)).isEqualTo(0xFFC00000L);
        assertThat(Estimates.reciprocalRoot(0xFF800000L)).isEqualTo(0xFFC00000L);
        assertThat(Estimates.reciprocalRoot(0x7F800000L)).isZero();
    }
}
