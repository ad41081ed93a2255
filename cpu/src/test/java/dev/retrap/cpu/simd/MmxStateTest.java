package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MMX instructions do to the x87 state (SDM vol. 1, 9.5.1). */
class MmxStateTest {
    private final Trial t = new Trial(CodeMode.CODE32, "p6");

    @BeforeEach
    void x87InUse() {
        t.c.fpu.top = 5;
        t.c.fpu.valid = 0x60;
        t.c.fpu.status = 0x4720;
        t.c.fpu.significand[3] = 0x123456789ABCDEF0L;
        t.c.fpu.signExponent[3] = 0x4001;
        t.c.r[6] = Trial.RW;
        t.c.r[7] = Trial.RW;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0F7FD8", "0F6ED8", "0FEFD9", "0F71D304", "0F7E1E", "0F7F1E", "0FD7C3", "0FC5C301",
        "0FE71E", "0F2AC3", "0F2DD8", "0FF7DC"})
    void everyInstructionMakesAllRegistersValid(String code) {
        assertThat(t.run(code)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.valid).isEqualTo(0xFF);
        assertThat(t.c.fpu.top).isZero();
        assertThat(t.c.fpu.status).as("condition codes and flags stay").isEqualTo(0x4720);
    }

    @Test
    void aWriteMakesTheExponentOnes() {
        assertThat(t.run("0F6ED8")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.signExponent[3]).isEqualTo(0xFFFF);
        assertThat(t.run("0F7E1E")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.signExponent[4]).as("a read does not").isZero();
    }

    @Test
    void registersAreNumberedPhysically() {
        assertThat(t.run("0F7F1E")).isEqualTo(Trial.OK);
        assertThat(t.peek(Trial.RW, 8)).isEqualTo(0x123456789ABCDEF0L);
    }

    @Test
    void emmsEmptiesAll() {
        t.c.fpu.valid = 0xFF;
        assertThat(t.run("0F77")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.valid).isZero();
        assertThat(t.c.fpu.top).isZero();
        assertThat(t.c.fpu.significand[3]).isEqualTo(0x123456789ABCDEF0L);
    }

    @Test
    void sseLeavesX87Alone() {
        assertThat(t.run("0F58C1")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.valid).isEqualTo(0x60);
        assertThat(t.c.fpu.top).isEqualTo(5);
    }
}
