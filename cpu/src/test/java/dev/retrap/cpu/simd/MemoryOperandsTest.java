package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of memory an instruction touches, and that it does so wholly or not at all. */
class MemoryOperandsTest {
    private final Trial t = new Trial(CodeMode.CODE64, "zen");

    /** The last bytes before a page that is not there: what is read fits exactly. */
    @ParameterizedTest
    @CsvSource({"F30F1006, 4", "F20F1006, 8", "0F1206, 8", "0F1606, 8", "660F6E06, 4", "66480F6E06, 8", "F30F7E06, 8",
        "0F6006, 4", "0F6106, 4", "0F6206, 4", "0F6806, 8", "0F2A06, 8", "660F2A06, 8", "0F2C06, 8", "0F5A06, 8",
        "F30FE606, 8", "F30F5A06, 4", "F20F5A06, 8", "660F382006, 8", "660F382106, 4", "660F382206, 2",
        "660F3A200600, 1", "0FC40600, 2", "660F3A210600, 4", "660F3A220600, 4", "66480F3A220600, 8", "F20F1206, 8",
        "0FC20600, 16", "F30FC20600, 4", "0F1006, 16", "F20FF006, 16", "660F3A630600, 16", "F30F2A06, 4",
        "F3480F2A06, 8", "0F2E06, 4", "660F2F06, 8", "0FAE16, 4"})
    void readsNoMoreThanItsOperand(String code, int size) {
        t.c.r[6] = Trial.HOLE - size;
        assertThat(t.run(code)).isEqualTo(Trial.OK);
        if (size == 16) {
            t.c.r[6] = Trial.HOLE;
        } else {
            t.c.r[6]++;
        }
        assertThat(t.run(code)).isEqualTo(Fault.PF);
        assertThat(t.c.faultAddress).isEqualTo(Trial.HOLE);
    }

    @ParameterizedTest
    @CsvSource({"F30F1106, 4", "F20F1106, 8", "0F1306, 8", "0F1706, 8", "660F7E06, 4", "66480F7E06, 8", "660FD606, 8",
        "0F7E06, 4", "0F7F06, 8", "0FE706, 8", "0F1106, 16", "0F2906, 16", "660FE706, 16", "660F3A140600, 1",
        "660F3A150600, 2", "660F3A160600, 4", "66480F3A160600, 8", "660F3A170600, 4", "0FAE1E, 4"})
    void writesItsOperandOnly(String code, int size) {
        t.fill(Trial.RW, 64, 0xEE);
        t.xmm(0, 0x1111111111111111L, 0x1111111111111111L);
        t.c.fpu.significand[0] = 0x1111111111111111L;
        t.c.fpu.mxcsr = 0x1111;
        t.c.r[6] = Trial.RW + 16;
        assertThat(t.run(code)).isEqualTo(Trial.OK);
        assertThat(t.memory.read8(Trial.RW + 15)).isEqualTo(0xEE);
        assertThat(t.memory.read8(Trial.RW + 16)).isEqualTo(0x11);
        assertThat(t.memory.read8(Trial.RW + 16 + size)).isEqualTo(0xEE);
    }

    /** A store that reaches into a page that cannot be written leaves the other page as it was. */
    @ParameterizedTest
    @CsvSource({"0F1106, 16", "F30F7F06, 16", "0F7F06, 8", "660FD606, 8", "660FF7C9, 16"})
    void storesWhollyOrNotAtAll(String code, int size) {
        for (int before = 1; before < size; before++) {
            t.fill(Trial.RO - 16, 16, 0xEE);
            t.xmm(0, 1, 2);
            t.xmm(1, -1, -1);
            t.c.r[6] = Trial.RO - before;
            t.c.r[7] = Trial.RO - before;
            assertThat(t.run(code)).as("%d bytes before", before).isEqualTo(Fault.PF);
            assertThat(t.c.faultAddress).isEqualTo(Trial.RO);
            assertThat(t.peek(Trial.RO - 8, 8)).isEqualTo(0xEEEEEEEEEEEEEEEEL);
        }
    }

    @Test
    void maskedStoreWritesSelectedBytes() {
        t.fill(Trial.RW, 32, 0xEE);
        t.xmm(1, 0x0706050403020100L, 0x0F0E0D0C0B0A0908L);
        t.xmm(2, 0x80007F00FF008000L, 0x0000000000000080L);
        t.c.r[7] = Trial.RW + 3;
        assertThat(t.run("660FF7CA")).isEqualTo(Trial.OK);
        assertThat(t.peek(Trial.RW + 3, 8)).isEqualTo(0x07EEEEEE03EE01EEL);
        assertThat(t.peek(Trial.RW + 11, 8)).isEqualTo(0xEEEEEEEEEEEEEE08L);
    }

    @Test
    void loadAcrossPages() {
        t.poke(Trial.RW + 0xFF8, 0x1122334455667788L, 8);
        t.poke(Trial.RW + 0x1000, 0x99AABBCCDDEEFF00L, 8);
        t.c.r[6] = Trial.RW + 0xFF9;
        assertThat(t.run("0F1006")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xmm[0]).isEqualTo(0x0011223344556677L);
        assertThat(t.c.fpu.xmm[1]).isEqualTo(0x0099AABBCCDDEEFFL);
    }
}
