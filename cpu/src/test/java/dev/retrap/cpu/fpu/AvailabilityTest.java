package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.Insn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** #NM and #MF: what waits, what does not, and FERR# without CR0.NE. */
class AvailabilityTest {
    private static final String FLD1 = "D9E8";
    private static final String FLDZ = "D9EE";
    private static final String FDIVP = "DEF9";
    private static final String FWAIT = "9B";

    private final FpuMachine m = new FpuMachine();

    private void cr0(long set, long clear) {
        m.c.setControl(m.c.cr0 & ~clear | set, 0, 0, 0);
    }

    /** 1 / 0 with ZE unmasked: the exception is pending. */
    private void divideByZero() {
        m.memory(0x1000, "7B03");
        m.run("DBE3", "D92D00100000", FLD1, FLDZ, FDIVP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"D9E8", "DBE3", "DBE2", "DFE0", "D92D00100000", "DD3500100000", "DBE0", "DBE4", "D9D0", "DBF1"})
    void emulationAndTaskSwitchedRaiseNm(String hex) {
        cr0(Cpu.CR0_EM, 0);
        assertThat(m.vector(hex)).isEqualTo(Fault.NM);
        cr0(Cpu.CR0_TS, Cpu.CR0_EM);
        assertThat(m.vector(hex)).isEqualTo(Fault.NM);
    }

    @Test
    void fwaitAsksForMpAndTsBoth() {
        cr0(Cpu.CR0_TS, Cpu.CR0_MP);
        assertThat(m.vector(FWAIT)).isEqualTo(-1);
        cr0(Cpu.CR0_MP | Cpu.CR0_EM, Cpu.CR0_TS);
        assertThat(m.vector(FWAIT)).isEqualTo(-1);
        cr0(Cpu.CR0_MP | Cpu.CR0_TS, Cpu.CR0_EM);
        assertThat(m.vector(FWAIT)).isEqualTo(Fault.NM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9B", "D9E8", "D9D0", "D92D00100000", "D92500100000", "DD2500100000", "D9C9", "DBF1", "DDC0"})
    void waitingInstructionsRaiseThePendingException(String hex) {
        divideByZero();
        int top = m.c.fpu.top;
        assertThat(m.vector(hex)).isEqualTo(Fault.MF);
        assertThat(m.c.fpu.top).isEqualTo(top);
        assertThat(FpuImage.pending(m.c.fpu)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DBE2", "DBE3", "DFE0", "DD3D00100000", "D93D00100000", "D93500100000", "DD3500100000", "DBE0",
        "DBE1", "DBE4"})
    void controlInstructionsDoNotWait(String hex) {
        divideByZero();
        assertThat(m.vector(hex)).isEqualTo(-1);
    }

    @Test
    void clearingOrMaskingEndsIt() {
        divideByZero();
        m.run("DBE2", FWAIT);
        divideByZero();
        // FNSTENV masks all exceptions.
        m.run("D93500200000", FWAIT);
        assertThat(m.c.fpu.status & (Status.ZE | Status.ES | Status.B)).isEqualTo(Status.ZE);
    }

    /** Without CR0.NE the processor freezes at the instruction until an interrupt comes. */
    @Test
    void withoutNumericErrorTheProcessorFreezesAndTriesAgain() {
        divideByZero();
        cr0(0, Cpu.CR0_NE);
        Insn i = m.decode(FLD1, 0x500);
        m.c.rip = i.next;
        int top = m.c.fpu.top;
        m.bind(i).exec(m.c, i);
        assertThat(m.c.halted).isTrue();
        assertThat(m.c.rip).isEqualTo(0x500);
        assertThat(m.c.fpu.top).isEqualTo(top);
        assertThat(m.irq13()).isTrue();
        // In a block it asks to be run by itself first.
        m.c.alone = false;
        assertThat(m.vector(FLD1)).isEqualTo(Fault.RESYNC);
    }

    /** What a handler of IRQ 13 does (SDM vol. 1, D.3): port F0h, then it may use the unit, error or not. */
    @Test
    void portF0TakesTheLineDownAndLetsTheProcessorGoOnUntilTheNextError() {
        divideByZero();
        cr0(0, Cpu.CR0_NE);
        m.run(FWAIT);
        assertThat(m.irq13()).isTrue();
        m.c.halted = false;
        m.c.devices.out(0xF0, 1, 0, 0);
        assertThat(m.irq13()).isFalse();
        int top = m.c.fpu.top;
        m.run(FLD1);
        assertThat(m.c.halted).isFalse();
        assertThat(m.c.fpu.top).isEqualTo(top - 1 & 7);
        m.run("DBE2", FLD1, FLDZ, FDIVP, FWAIT);
        assertThat(m.c.halted).as("another error").isTrue();
        assertThat(m.irq13()).isTrue();
        // A write without an error does nothing.
        m.run("DBE2");
        m.c.devices.out(0xF0, 1, 0, 0);
        m.c.devices.out(0xF0, 1, 0, 0);
        m.c.halted = false;
        m.run(FLD1, FLDZ, FDIVP, FWAIT);
        assertThat(m.c.halted).isTrue();
    }
}
