package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.isa.CodeMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The state as debuggers read and write it. */
class FxImageTest {
    /** Like what the instruction stores, but for what AMD's leaves out and for the mode's registers. */
    @Test
    void isWhatFxsaveStores() {
        Trial t = new Trial(CodeMode.CODE64, "haswell");
        scramble(t, 1);
        t.c.fpu.mxcsr = 0x1FA1;
        t.c.r[0] = Trial.RW;
        assertThat(t.run("480FAE00")).isEqualTo(Trial.OK);
        byte[] stored = new byte[512];
        for (int n = 0; n < 512; n++) {
            stored[n] = (byte) t.peek(Trial.RW + n, 1);
        }
        assertThat(FxImage.save(t.c)).isEqualTo(stored);
    }

    @ParameterizedTest
    @EnumSource(value = CodeMode.class, names = {"CODE32", "CODE64"})
    void whatWasReadCanBeWritten(CodeMode mode) {
        Trial t = new Trial(mode, "haswell");
        scramble(t, 2);
        t.c.fpu.cs = 0x1234;
        byte[] before = FxImage.save(t.c);
        FxImage.load(t.c, before);
        assertThat(t.c.fpu.cs).isEqualTo(0x1234);
        byte[] other = before.clone();
        Arrays.fill(other, 32, 42, (byte) 0x5A);
        ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0x87654321).putInt(24, -1);
        FxImage.load(t.c, other);
        assertThat(t.c.fpu.signExponent[t.c.fpu.top]).isEqualTo(0x5A5A);
        assertThat(t.c.fpu.ip & 0xFFFFFFFFL).isEqualTo(0x87654321L);
        assertThat(t.c.fpu.mxcsr).as("no reserved bits").isEqualTo(0xFFFF);
        FxImage.load(t.c, before);
        assertThat(FxImage.save(t.c)).isEqualTo(before);
        assertThatThrownBy(() -> FxImage.load(t.c, new byte[511])).hasMessage(
                "an FXSAVE image has 512 bytes, not 511");
    }

    private static void scramble(Trial t, long seed) {
        var random = new SplittableRandom(seed);
        for (int n = 0; n < 8; n++) {
            t.c.fpu.significand[n] = random.nextLong();
            t.c.fpu.signExponent[n] = random.nextInt(0x10000);
        }
        for (int n = 0; n < 32; n++) {
            t.c.fpu.xmm[n] = random.nextLong();
        }
        t.c.fpu.top = 5;
        t.c.fpu.valid = 0xB1;
        t.c.fpu.opcode = 0x3C1;
        t.c.fpu.ip = 0x7FFF12345678L;
        t.c.fpu.dp = 0x7FFF00000010L;
    }
}
