package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.core.Seg;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The images of FNSTENV and FNSAVE in their four forms (SDM vol. 1, figures 8-9 to 8-12), and what faults leave. */
class EnvironmentTest {
    private static final String FLD1 = "D9E8";

    @Test
    void protected32() {
        FpuMachine m = new FpuMachine();
        // fld1; fadd dword [0x2000]
        m.run("DBE3", FLD1).at(0xABCD1234L, "D80500200000").run("D93500100000");
        assertThat(m.memory(0x1000, 28)).isEqualTo("7f03ffff" + "0038ffff" + "ff3fffff" + "3412cdab" + "0800" + "0500"
                + "00200000" + "1000ffff");
    }

    @Test
    void protected16() {
        FpuMachine m = new FpuMachine();
        m.run("DBE3", FLD1).at(0xABCD1234L, "D80500200000").run("66D93500100000");
        assertThat(m.memory(0x1000, 14)).isEqualTo("7f03" + "0038" + "ff3f" + "3412" + "0800" + "0020" + "1000");
    }

    @Test
    void real16() {
        FpuMachine m = new FpuMachine().real();
        assertThat(m.code16()).isTrue();
        // fld1; fadd dword [0x8765]; fnstenv [0x4000]
        m.run("DBE3", FLD1).at(0x9234, "D8066587").run("D9360040");
        // CS:IP 1000:9234 is 19234h, the operand 1000:8765 is 18765h; opcode D8 06.
        assertThat(m.memory(0x14000, 14)).isEqualTo("7f03" + "0038" + "ff3f" + "3492" + "0610" + "6587" + "0010");
    }

    @Test
    void real32() {
        FpuMachine m = new FpuMachine().real();
        m.run("DBE3", FLD1).at(0x9234, "D8066587").run("66D9360040");
        assertThat(m.memory(0x14000, 28)).isEqualTo("7f03ffff" + "0038ffff" + "ff3fffff" + "3492ffff" + "06100000"
                + "6587ffff" + "00100000");
    }

    @Test
    void realEnvironmentLoadedAndStoredAgainIsTheSame() {
        for (String prefix : new String[] {"", "66"}) {
            FpuMachine m = new FpuMachine().real();
            m.run("DBE3", FLD1).at(0x9234, "D8066587").run(prefix + "D9360040", "DBE3", prefix + "D9260040");
            assertThat(m.c.fpu.top).isEqualTo(7);
            m.run(prefix + "D9360050");
            assertThat(m.memory(0x15000, 28)).isEqualTo(m.memory(0x14000, 28));
        }
    }

    @Test
    void saveInitializesAndRestoreBringsBack() {
        FpuMachine m = new FpuMachine();
        m.memory(0x1000, "7F0F");
        m.run("DBE3", "D92D00100000", "D9EB", FLD1, "D9EE", "DDC1");
        long[] significands = m.c.fpu.significand.clone();
        int tags = FpuImage.tagWord(m.c.fpu);
        m.run("DD3500200000");
        assertThat(m.c.fpu.control).isEqualTo(0x37F);
        assertThat(m.c.fpu.valid).isZero();
        Arrays.fill(m.c.fpu.significand, 99);
        m.run("DD2500200000");
        assertThat(m.c.fpu.significand).isEqualTo(significands);
        assertThat(FpuImage.tagWord(m.c.fpu)).isEqualTo(tags);
        assertThat(m.c.fpu.control).isEqualTo(0xF7F);
        assertThat(m.c.fpu.top).isEqualTo(5);
    }

    @Test
    void faultsLeaveTheStateAsItWas() {
        FpuMachine m = new FpuMachine();
        m.run("DBE3", FLD1, FLD1);
        m.c.limit[Seg.DS] = 0x1FFF;
        m.c.segmentLoaded(Seg.DS);
        // Each operand begins inside the segment and ends outside.
        for (String hex : new String[] {"D925F01F0000", "DD25C01F0000", "D935F01F0000", "DD35C01F0000", "DB2DFA1F0000",
            "DB3DFA1F0000", "DF25FA1F0000", "DF35FA1F0000", "D905FE1F0000", "DD1DFC1F0000", "DF3DFC1F0000", "D82DFE1F0000",
            "D92DFF1F0000", "D93DFF1F0000", "DD3DFF1F0000", "DB15FE1F0000", "DD0DFC1F0000"}) {
            String before = text(m.c.fpu);
            assertThat(m.vector(hex)).as(hex).isEqualTo(Fault.GP);
            assertThat(text(m.c.fpu)).as(hex).isEqualTo(before);
            assertThat(m.memory(0x1FC0, 64)).as(hex).isEqualTo("00".repeat(64));
        }
    }

    private static String text(FpuState f) {
        return Arrays.toString(f.significand) + Arrays.toString(f.signExponent) + f.valid + " " + f.control + " " + f.status
                + " " + f.top + " " + f.opcode + " " + f.ip + " " + f.dp;
    }
}
