package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Seg;
import org.junit.jupiter.api.Test;

/** Which instructions leave their address, operand address and opcode, and what depends on the model. */
class BehaviourTest {
    private static final String FLD1 = "D9E8";
    private static final String FADD_MEMORY = "D80500200000";

    @Test
    void controlInstructionsLeaveThemAlone() {
        FpuMachine m = new FpuMachine();
        m.memory(0x3000, "7F03");
        m.run("DBE3", FLD1).at(0x777, FADD_MEMORY);
        m.run("DBE2", "D93D00300000", "D92D00300000", "DFE0", "DD3D00400000", "9B", "DBE0", "DBE1", "DBE4", "D93500500000");
        assertThat(m.c.fpu.ip).isEqualTo(0x777);
        assertThat(m.c.fpu.dp).isEqualTo(0x2000);
        assertThat(m.c.fpu.opcode).isEqualTo(0x005);
        m.at(0x888, "D9D0");
        assertThat(m.c.fpu.ip).isEqualTo(0x888);
        assertThat(m.c.fpu.dp).as("no operand in memory").isEqualTo(0x2000);
        assertThat(m.c.fpu.opcode).isEqualTo(0x1D0);
        m.run("DBE3");
        assertThat(m.c.fpu.ip).isZero();
        assertThat(m.c.fpu.dp).isZero();
    }

    @Test
    void prefixesBelongToTheInstructionButNotToTheOpcode() {
        FpuMachine m = new FpuMachine();
        m.run("DBE3", FLD1).at(0x100, "3ED80500200000");
        assertThat(m.c.fpu.ip).isEqualTo(0x100);
        assertThat(m.c.fpu.opcode).isEqualTo(0x005);
    }

    @Test
    void operandSelectorIsOfTheSegmentUsed() {
        FpuMachine m = new FpuMachine();
        m.c.sel[Seg.FS] = 0x3B;
        m.run("DBE3", FLD1).at(0x100, "64D80500200000");
        assertThat(m.c.fpu.ds).isEqualTo(0x3B);
        assertThat(m.c.fpu.cs).isEqualTo(8);
    }

    @Test
    void opcodeOfExceptionsOnlySinceThePentium4() {
        assertThat(new FpuMachine("p6").run("DBE3", FLD1).c.fpu.opcode).isEqualTo(0x1E8);
        assertThat(new FpuMachine("zen").run("DBE3", FLD1).c.fpu.opcode).isEqualTo(0x1E8);
        FpuMachine m = new FpuMachine("core2");
        m.memory(0x1000, "7B03");
        m.run("DBE3", "D92D00100000", FLD1, "D9EE");
        assertThat(m.c.fpu.opcode).isZero();
        m.run("DEF9");
        assertThat(m.c.fpu.opcode).as("1 / 0 with ZE unmasked").isEqualTo(0x6F9);
    }

    /** 1 compared with a NaN, IE unmasked; EFLAGS and condition codes all set before. */
    private static FpuMachine invalidComparison(String model, String comparison, int eflags, int status) {
        FpuMachine m = new FpuMachine(model);
        m.memory(0x1000, "7E03");
        m.memory(0x2000, "0000C07F");
        m.run("DBE3", "D90500200000", FLD1, "D92D00100000");
        m.c.fpu.status = status;
        m.c.setArith(eflags);
        return m.run(comparison);
    }

    @Test
    void invalidComparisonUnmaskedLeavesFlagsButOfAmd() {
        assertThat(invalidComparison("p6", "DBF1", 0x8D5, 0).c.arith()).as("ZF PF CF stay").isEqualTo(0x45);
        assertThat(invalidComparison("p6", "DBF1", 0x890, 0).c.arith()).as("OF SF AF are cleared").isZero();
        assertThat(invalidComparison("zen", "DBF1", 0x890, 0).c.arith()).isEqualTo(0x45);
        assertThat(invalidComparison("p6", "D8D1", 0, 0).c.fpu.status & 0x4700).isZero();
        assertThat(invalidComparison("zen", "D8D1", 0, 0).c.fpu.status & 0x4700).isEqualTo(0x4500);
    }

    @Test
    void fcomiClearsC1ButOfAmd() {
        assertThat(invalidComparison("p6", "DBF0", 0, 0x4700).c.fpu.status & 0x4700).isEqualTo(0x4500);
        assertThat(invalidComparison("zen", "DBF0", 0, 0x4700).c.fpu.status & 0x4700).isEqualTo(0x4700);
    }
}
