package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MXCSR.MM, tried on a Zen: what computes takes operands as they come, what is aligned by name does not. */
class MisalignedTest {
    private static final int MM = 1 << 17;

    /** ADDPS, PAND, MOVSHDUP, PSHUFD, AESENC, CVTDQ2PS of [RAX + 1]. */
    @ParameterizedTest
    @ValueSource(strings = {"0F584001", "660FDB4001", "F30F164001", "660F70400101", "660F38DC4001", "0F5B4001"})
    void computationsTakeOperandsThatAreNotAligned(String hex) {
        Trial t = new Trial(CodeMode.CODE64, "zen");
        t.c.r[0] = Trial.RW;
        assertThat(t.run(hex)).isEqualTo(Fault.GP);
        t.c.fpu.mxcsr |= MM;
        assertThat(t.run(hex)).isEqualTo(Trial.OK);
    }

    /** MOVAPS, MOVNTDQA, and MOVAPS to memory. */
    @ParameterizedTest
    @ValueSource(strings = {"0F284001", "660F382A4001", "0F294001"})
    void alignedMovesDoNot(String hex) {
        Trial t = new Trial(CodeMode.CODE64, "zen");
        t.c.r[0] = Trial.RW;
        t.c.fpu.mxcsr |= MM;
        assertThat(t.run(hex)).isEqualTo(Fault.GP);
    }

    /** LDMXCSR [RAX]. */
    @ParameterizedTest
    @ValueSource(strings = {"haswell", "k8", "zen"})
    void onlyWhereThereIsTheBit(String model) {
        Trial t = new Trial(CodeMode.CODE64, model);
        t.c.r[0] = Trial.RW;
        t.poke(Trial.RW, MM | 0x1F80, 4);
        assertThat(t.run("0FAE10")).isEqualTo(model.equals("zen") ? Trial.OK : Fault.GP);
        assertThat(t.run("0FAE00")).isEqualTo(Trial.OK);
        assertThat(t.peek(Trial.RW + 28, 4)).isEqualTo(model.equals("zen") ? 0x2FFFF : 0xFFFF);
    }
}
