package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before and behind an instruction: #UD, #NM, #MF, #GP, #XM (SDM vol. 3, 13.1 and tables 22-4 ff.). */
class FaultsTest {
    private static final int PENDING = 0x8081;

    private final Trial t = new Trial(CodeMode.CODE64, "zen");

    @BeforeEach
    void addresses() {
        t.c.r[6] = Trial.RW + 16;
        t.c.r[7] = Trial.RW + 64;
    }

    private void pending() {
        t.c.fpu.control = 0x37E;
        t.c.fpu.status = PENDING;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0F58C1", "0F10C1", "660FEFC1", "0FAE1E", "0FAE16", "F20F2AC0", "F30F6F06", "660F3A0FC101",
        "660F38DCC1", "660F3A63C100"})
    void sseIsOffByEmAndOsfxsrAndTs(String code) {
        assertThat(run(code)).isEqualTo(Trial.OK);
        pending();
        assertThat(run(code)).as("x87 exceptions do not matter").isEqualTo(Trial.OK);
        t.control(Cpu.CR0_TS, 0, 0, 0);
        assertThat(run(code)).isEqualTo(Fault.NM);
        t.control(0, 0, 0, Cpu.CR4_OSFXSR);
        assertThat(run(code)).as("#UD goes before #NM").isEqualTo(Fault.UD);
        t.control(Cpu.CR0_EM, Cpu.CR0_TS, Cpu.CR4_OSFXSR, 0);
        assertThat(run(code)).isEqualTo(Fault.UD);
    }

    private int run(String code) {
        t.poke(Trial.RW + 16, 0x1F80, 8);
        return t.run(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0FEFC1", "0F6E06", "0F7E06", "0F77", "0F7006E4", "0FF7C1", "0FE706", "0F3800C1"})
    void mmxIsOffByEmAndTsAndWaitsForX87(String code) {
        t.control(0, 0, 0, Cpu.CR4_OSFXSR);
        assertThat(t.run(code)).as("CR4.OSFXSR does not matter").isEqualTo(Trial.OK);
        pending();
        assertThat(t.run(code)).isEqualTo(Fault.MF);
        t.control(Cpu.CR0_TS, 0, 0, 0);
        assertThat(t.run(code)).as("#NM goes before #MF").isEqualTo(Fault.NM);
        t.control(Cpu.CR0_EM, 0, 0, 0);
        assertThat(t.run(code)).isEqualTo(Fault.UD);
    }

    /** Without CR0.NE the processor drives FERR# and freezes at the instruction, as for the x87 (SDM vol. 1, D.2.1). */
    @Test
    void mmxWithoutNumericErrorFreezesUntilAnInterrupt() {
        pending();
        t.control(0, Cpu.CR0_NE, 0, 0);
        assertThat(t.run("0FEFC1")).as("in a block it asks to be run by itself first").isEqualTo(Fault.RESYNC);
        t.c.alone = true;
        assertThat(t.run("0FEFC1")).as("no exception, the step is made").isEqualTo(Fault.AGAIN);
        assertThat(t.c.halted).isTrue();
        t.c.halted = false;
        t.c.devices.out(0xF0, 1, 0, 0);
        assertThat(t.run("0FEFC1")).as("IGNNE# lets it go on").isEqualTo(Trial.OK);
        assertThat(t.c.halted).isFalse();
    }

    /** Conversions between MM and XMM registers wait for x87; CVTPI2PD from memory has nothing to do with it. */
    @ParameterizedTest
    @CsvSource({"0F2AC1, 16", "660F2AC1, 16", "660F2A06, -1", "0F2DC1, 16", "660F2D06, 16", "F30FD6C1, 16",
        "F20FD6C1, 16"})
    void conversionsThatUseMmxWaitForX87(String code, int vector) {
        pending();
        assertThat(t.run(code)).isEqualTo(vector);
    }

    @Test
    void cvtpi2psFromMemoryWaitsOnIntelOnly() {
        pending();
        assertThat(t.run("0F2A06")).isEqualTo(Trial.OK);
        var intel = new Trial(CodeMode.CODE64, "haswell");
        intel.c.r[6] = Trial.RW;
        intel.c.fpu.control = 0x37E;
        intel.c.fpu.status = PENDING;
        assertThat(intel.run("0F2A06")).isEqualTo(Fault.MF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0F5806", "0F2806", "0F2906", "660FEF06", "660F6F06", "660F7F06", "0F2B06", "660FE706",
        "660F382A06", "660F6006", "660F381006", "660FD106", "660F3A0F0601", "660F38DC06",
        "660F2D06", "0FC60600"})
    void sixteenBytesMustBeAligned(String code) {
        assertThat(t.run(code)).isEqualTo(Trial.OK);
        for (int offset : new int[] {1, 8, 15}) {
            t.c.r[6] = Trial.RW + offset;
            assertThat(t.run(code)).as("offset %d", offset).isEqualTo(Fault.GP);
        }
        t.c.r[6] = Trial.HOLE + 8;
        assertThat(t.run(code)).as("#GP goes before #PF").isEqualTo(Fault.GP);
        t.c.r[6] = Trial.HOLE;
        assertThat(t.run(code)).isEqualTo(Fault.PF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0F1006", "0F1106", "F30F6F06", "F30F7F06", "F20FF006", "660F3A630600", "F30F1006",
        "F20F5806", "F30FE606", "0F5A06", "660F382006", "F20F1206", "660FD606", "660F3A210600"})
    void othersNeedNotBe(String code) {
        t.c.r[6] = Trial.RW + 3;
        assertThat(t.run(code)).isEqualTo(Trial.OK);
    }

    @Test
    void unmaskedExceptionsRaiseXmOrUd() {
        t.xmm(0, Double.doubleToRawLongBits(1), 7);
        t.xmm(1, 0, 0);
        t.c.fpu.mxcsr = 0x1F80 & ~0x200;
        assertThat(t.run("F20F5EC1")).isEqualTo(Fault.XM);
        assertThat(t.c.fpu.mxcsr).isEqualTo(0x1D84);
        assertThat(t.c.fpu.xmm[0]).isEqualTo(Double.doubleToRawLongBits(1));
        t.control(0, 0, 0, Cpu.CR4_OSXMMEXCPT);
        assertThat(t.run("F20F5EC1")).isEqualTo(Fault.UD);
        t.c.fpu.mxcsr = 0x1F80;
        assertThat(t.run("F20F5EC1")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.mxcsr).isEqualTo(0x1F84);
        assertThat(t.c.fpu.xmm[0]).isEqualTo(Double.doubleToRawLongBits(Double.POSITIVE_INFINITY));
        assertThat(t.c.fpu.xmm[1]).isEqualTo(7);
    }

    /** A flag that was set before is no exception. */
    @Test
    void stickyFlagsDoNotFault() {
        t.c.fpu.mxcsr = 0x003F;
        t.xmm(0, Double.doubleToRawLongBits(1), 0);
        t.xmm(1, Double.doubleToRawLongBits(2), 0);
        assertThat(t.run("F20F58C1")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xmm[0]).isEqualTo(Double.doubleToRawLongBits(3));
    }

    /** The memory operand's fault goes before #XM, and #XM changes no flag of EFLAGS. */
    @Test
    void memoryGoesBeforeXm() {
        t.c.fpu.mxcsr = 0;
        t.c.setArith(0x8D5);
        t.xmm(0, 0x7FF0000000000001L, 0);
        t.c.r[6] = Trial.HOLE;
        assertThat(t.run("660F2F06")).isEqualTo(Fault.PF);
        assertThat(t.c.fpu.mxcsr).isZero();
        t.c.r[6] = Trial.RW;
        assertThat(t.run("660F2F06")).isEqualTo(Fault.XM);
        assertThat(t.c.fpu.mxcsr).isEqualTo(1);
        assertThat(t.c.arith()).isEqualTo(0x8D5);
    }

    /** DPPS: the first sums are inexact, the last would meet a denormal; #XM for the former comes before the latter. */
    @Test
    void dotProductsFaultStepByStep() {
        t.xmm(0, 0x33800001_3F800000L, 0x80800000_00800001L);
        t.xmm(1, 0x3F800000_3F800000L, 0x3F800000_3F800000L);
        t.c.fpu.mxcsr = 0x0F80;
        assertThat(t.run("660F3A40C1FF")).isEqualTo(Fault.XM);
        assertThat(t.c.fpu.mxcsr).isEqualTo(0x0FA0);
        t.c.fpu.mxcsr = 0x1F80;
        assertThat(t.run("660F3A40C1FF")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.mxcsr).isEqualTo(0x1FA2);
    }

    @Test
    void ldmxcsrChecksReservedBits() {
        t.poke(Trial.RW, 0xFFFF, 4);
        t.c.r[6] = Trial.RW;
        assertThat(t.run("0FAE16")).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.mxcsr).isEqualTo(0xFFFF);
        t.poke(Trial.RW, 0x10000, 4);
        assertThat(t.run("0FAE16")).isEqualTo(Fault.GP);
        assertThat(t.c.fpu.mxcsr).isEqualTo(0xFFFF);
        // The Pentium III has no DAZ.
        var p6 = new Trial(CodeMode.CODE32, "p6");
        p6.c.r[6] = Trial.RW;
        p6.poke(Trial.RW, 0xFFBF, 4);
        assertThat(p6.run("0FAE16")).isEqualTo(Trial.OK);
        p6.poke(Trial.RW, 0x1FC0, 4);
        assertThat(p6.run("0FAE16")).isEqualTo(Fault.GP);
    }
}
