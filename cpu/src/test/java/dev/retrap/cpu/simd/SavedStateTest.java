package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FXSAVE, FXRSTOR and the XSAVE family: layouts, what is written, what faults. */
class SavedStateTest {
    private static final int AREA = Trial.RW + 0x400;
    private static final String FXSAVE = "0FAE06", FXSAVE64 = "480FAE06", FXRSTOR = "0FAE0E", FXRSTOR64 = "480FAE0E";
    private static final String XSAVE = "0FAE26", XRSTOR = "0FAE2E", XSAVEOPT = "0FAE36", XSAVEC = "0FC726",
            XSAVES = "0FC72E", XRSTORS = "0FC71E", XGETBV = "0F01D0", XSETBV = "0F01D1";

    private static Trial trial(CodeMode mode, String model) {
        var t = new Trial(mode, model);
        FpuState f = t.c.fpu;
        f.control = 0x37F;
        f.status = 0x4700;
        f.top = 3;
        f.valid = 0xA5;
        f.opcode = 0x123;
        f.ip = 0x1122_3344_5566L;
        f.cs = 0x33;
        f.dp = 0x0077_8899_AABBL;
        f.ds = 0x2B;
        for (int i = 0; i < 8; i++) {
            f.significand[i] = 0x8000000000000000L + i;
            f.signExponent[i] = 0x4000 + i;
        }
        for (int i = 0; i < 32; i++) {
            f.xmm[i] = 0x0101010101010101L * (i + 1);
        }
        f.mxcsr = 0x3FA1;
        t.c.r[6] = AREA;
        t.fill(AREA, 1024, 0xEE);
        t.fill(AREA + 512, 64, 0);
        return t;
    }

    private static void enable(Trial t) {
        t.c.fpu.xcr0 = 3;
        t.c.r[0] = -1;
        t.c.r[2] = -1;
    }

    @Test
    void fxsave64() {
        Trial t = trial(CodeMode.CODE64, "haswell");
        assertThat(t.run(FXSAVE64)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA, 8)).isEqualTo(0x0123_00A5_5F00_037FL);
        assertThat(t.peek(AREA + 8, 8)).isEqualTo(0x1122_3344_5566L);
        assertThat(t.peek(AREA + 16, 8)).isEqualTo(0x0077_8899_AABBL);
        assertThat(t.peek(AREA + 24, 8)).isEqualTo(0x0000_FFFF_0000_3FA1L);
        for (int i = 0; i < 8; i++) {
            int r = 3 + i & 7;
            assertThat(t.peek(AREA + 32 + 16 * i, 8)).isEqualTo(0x8000000000000000L + r);
            assertThat(t.peek(AREA + 40 + 16 * i, 8)).isEqualTo(0x4000 + r);
        }
        for (int i = 0; i < 32; i++) {
            assertThat(t.peek(AREA + 160 + 8 * i, 8)).isEqualTo(0x0101010101010101L * (i + 1));
        }
        assertThat(t.peek(AREA + 416, 8)).as("the rest is software's").isEqualTo(0xEEEEEEEEEEEEEEEEL);
    }

    @Test
    void fxsaveWithSelectors() {
        Trial t = trial(CodeMode.CODE64, "haswell");
        assertThat(t.run(FXSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 8, 8)).isEqualTo(0x0000_0033_3344_5566L);
        assertThat(t.peek(AREA + 16, 8)).isEqualTo(0x0000_002B_8899_AABBL);
        assertThat(t.peek(AREA + 408, 8)).isEqualTo(0x2020202020202020L);
    }

    @Test
    void fxsave32HasEightRegisters() {
        Trial t = trial(CodeMode.CODE32, "p6");
        assertThat(t.run(FXSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 8, 8)).isEqualTo(0x0000_0033_3344_5566L);
        assertThat(t.peek(AREA + 24, 8)).as("no DAZ, so a mask of 0").isEqualTo(0x3FA1);
        assertThat(t.peek(AREA + 160 + 8 * 15, 8)).isEqualTo(0x1010101010101010L);
        assertThat(t.peek(AREA + 160 + 8 * 16, 8)).isEqualTo(0xEEEEEEEEEEEEEEEEL);
        t.control(0, 0, 0, Cpu.CR4_OSFXSR);
        t.fill(AREA, 512, 0xEE);
        assertThat(t.run(FXSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA, 2)).isEqualTo(0x37F);
        assertThat(t.peek(AREA + 24, 8)).as("no SSE state without CR4.OSFXSR").isEqualTo(0xEEEEEEEEEEEEEEEEL);
    }

    @Test
    void amdSavesPointersOnlyWithAnError() {
        Trial t = trial(CodeMode.CODE64, "zen");
        assertThat(t.run(FXSAVE64)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 6, 2) | t.peek(AREA + 8, 8) | t.peek(AREA + 16, 8)).isZero();
        t.c.fpu.control = 0x37E;
        t.c.fpu.status = 0x8081;
        assertThat(t.run(FXSAVE64)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 8, 8)).isEqualTo(0x1122_3344_5566L);
    }

    @ParameterizedTest
    @EnumSource(value = CodeMode.class, names = {"CODE32", "CODE64"})
    void restoresWhatWasSaved(CodeMode mode) {
        String model = mode == CodeMode.CODE64 ? "haswell" : "p6";
        for (String[] pair : new String[][] {{FXSAVE, FXRSTOR}, {FXSAVE64, FXRSTOR64}}) {
            if (mode == CodeMode.CODE32 && pair[0].equals(FXSAVE64)) {
                continue;
            }
            Trial from = trial(mode, model);
            assertThat(from.run(pair[0])).isEqualTo(Trial.OK);
            var to = new Trial(mode, model);
            to.c.r[6] = AREA;
            for (int i = 0; i < 512; i += 8) {
                to.poke(AREA + i, from.peek(AREA + i, 8), 8);
            }
            assertThat(to.run(pair[1])).isEqualTo(Trial.OK);
            FpuState a = from.c.fpu;
            FpuState b = to.c.fpu;
            assertThat(b.significand).isEqualTo(a.significand);
            assertThat(b.signExponent).isEqualTo(a.signExponent);
            assertThat(new int[] {b.control, b.status, b.top, b.valid, b.opcode, b.mxcsr})
                    .isEqualTo(new int[] {a.control, a.status, a.top, a.valid, a.opcode, a.mxcsr});
            boolean wide = pair[0].equals(FXSAVE64);
            assertThat(b.ip).isEqualTo(wide ? a.ip : a.ip & 0xFFFFFFFFL);
            assertThat(b.cs).isEqualTo(wide ? 0 : a.cs);
            int count = mode == CodeMode.CODE64 ? 32 : 16;
            assertThat(java.util.Arrays.copyOf(b.xmm, count)).isEqualTo(java.util.Arrays.copyOf(a.xmm, count));
        }
    }

    @Test
    void fxrstorMakesControlAndStatusAgree() {
        Trial t = trial(CodeMode.CODE64, "zen");
        t.fill(AREA, 512, 0);
        t.poke(AREA, 0xFFFE, 2);
        t.poke(AREA + 2, 1, 2);
        assertThat(t.run(FXRSTOR64)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.control).isEqualTo(0x1F7E);
        assertThat(t.c.fpu.status).as("ES and B").isEqualTo(0x8081);
        t.poke(AREA + 2, 0x8080, 2);
        assertThat(t.run(FXRSTOR64)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.status).isZero();
    }

    @Test
    void fxsaveAndFxrstorFault() {
        Trial t = trial(CodeMode.CODE64, "zen");
        t.c.r[6] = AREA + 8;
        assertThat(t.run(FXSAVE)).isEqualTo(Fault.GP);
        assertThat(t.run(FXRSTOR)).isEqualTo(Fault.GP);
        t.c.r[6] = Trial.RO - 256;
        t.fill(Trial.RO - 256, 256, 0xEE);
        assertThat(t.run(FXSAVE)).isEqualTo(Fault.PF);
        assertThat(t.peek(Trial.RO - 256, 8)).as("nothing was written").isEqualTo(0xEEEEEEEEEEEEEEEEL);
        t.c.r[6] = Trial.HOLE - 256;
        assertThat(t.run(FXRSTOR)).isEqualTo(Fault.PF);
        assertThat(t.c.fpu.top).as("nothing was loaded").isEqualTo(3);
        t.c.r[6] = AREA;
        t.poke(AREA + 24, 0x10000, 4);
        assertThat(t.run(FXRSTOR)).as("reserved bits of MXCSR").isEqualTo(Fault.GP);
        assertThat(t.c.fpu.top).isEqualTo(3);
        t.control(Cpu.CR0_TS, 0, 0, 0);
        assertThat(t.run(FXSAVE)).isEqualTo(Fault.NM);
        t.control(Cpu.CR0_EM, 0, 0, 0);
        assertThat(t.run(FXSAVE)).isEqualTo(Fault.UD);
    }

    // ---- XSAVE

    @Test
    void xsaveWritesWhatIsAskedFor() {
        Trial t = trial(CodeMode.CODE64, "haswell");
        enable(t);
        assertThat(t.run(XSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 512, 8)).isEqualTo(3);
        assertThat(t.peek(AREA + 160, 8)).isEqualTo(0x0101010101010101L);
        assertThat(t.peek(AREA + 520, 8)).isZero();

        t.fill(AREA, 512, 0xEE);
        t.poke(AREA + 512, 0xF0, 8);
        t.c.r[0] = 1;
        assertThat(t.run(XSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 512, 8)).as("other bits of XSTATE_BV stay").isEqualTo(0xF1);
        assertThat(t.peek(AREA, 2)).isEqualTo(0x37F);
        assertThat(t.peek(AREA + 24, 8)).isEqualTo(0xEEEEEEEEEEEEEEEEL);
        assertThat(t.peek(AREA + 160, 8)).isEqualTo(0xEEEEEEEEEEEEEEEEL);

        t.fill(AREA, 512, 0xEE);
        t.c.fpu.xcr0 = 1;
        t.c.r[0] = -1;
        assertThat(t.run(XSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 160, 8)).as("XCR0 has no SSE").isEqualTo(0xEEEEEEEEEEEEEEEEL);
    }

    @Test
    void initialComponents() {
        Trial t = trial(CodeMode.CODE64, "zen");
        enable(t);
        t.c.fpu.reset();
        t.c.fpu.xcr0 = 3;
        assertThat(t.run(XSAVE)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 512, 8)).isZero();
        assertThat(t.peek(AREA, 2)).as("XSAVE writes them").isEqualTo(0x37F);
        t.fill(AREA, 512, 0xEE);
        assertThat(t.run(XSAVEOPT)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA, 8)).as("XSAVEOPT does not").isEqualTo(0xEEEEEEEEEEEEEEEEL);
        assertThat(t.peek(AREA + 24, 4)).as("MXCSR it does").isEqualTo(0x1F80);
        t.fill(AREA, 512, 0xEE);
        assertThat(t.run(XSAVEC)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 24, 4)).as("XSAVEC not even MXCSR").isEqualTo(0xEEEEEEEEL);
        assertThat(t.peek(AREA + 512, 8)).isZero();
        assertThat(t.peek(AREA + 520, 8)).isEqualTo(0x8000000000000003L);
        t.c.fpu.mxcsr = 0x1F81;
        assertThat(t.run(XSAVEC)).isEqualTo(Trial.OK);
        assertThat(t.peek(AREA + 512, 8)).as("MXCSR counts in the compacted form").isEqualTo(2);
        assertThat(t.peek(AREA + 24, 4)).isEqualTo(0x1F81);
    }

    @Test
    void xrstorLoadsOrInitializes() {
        Trial t = trial(CodeMode.CODE64, "haswell");
        enable(t);
        assertThat(t.run(XSAVE)).isEqualTo(Trial.OK);
        var again = t.c.fpu.xmm.clone();
        t.c.fpu.reset();
        t.c.fpu.xcr0 = 3;
        assertThat(t.run(XRSTOR)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xmm).isEqualTo(again);
        assertThat(t.c.fpu.top).isEqualTo(3);
        t.poke(AREA + 512, 0, 8);
        t.poke(AREA + 24, 0x1FA0, 4);
        assertThat(t.run(XRSTOR)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xmm).containsOnly(0);
        assertThat(t.c.fpu.significand).containsOnly(0);
        assertThat(t.c.fpu.control).isEqualTo(0x37F);
        assertThat(t.c.fpu.mxcsr).as("the standard form loads MXCSR all the same").isEqualTo(0x1FA0);
        t.c.r[0] = 1;
        t.c.fpu.xmm[0] = 5;
        assertThat(t.run(XRSTOR)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xmm[0]).as("not asked for").isEqualTo(5);
    }

    @Test
    void xrstorOfTheCompactedForm() {
        Trial t = trial(CodeMode.CODE64, "zen");
        enable(t);
        assertThat(t.run(XSAVEC)).isEqualTo(Trial.OK);
        var again = t.c.fpu.xmm.clone();
        t.c.fpu.reset();
        t.c.fpu.xcr0 = 3;
        assertThat(t.run(XRSTOR)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xmm).isEqualTo(again);
        t.poke(AREA + 512, 1, 8);
        assertThat(t.run(XRSTOR)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.mxcsr).as("initialized with the component").isEqualTo(0x1F80);
        // A processor that knows no compacted form.
        Trial old = trial(CodeMode.CODE64, "haswell");
        enable(old);
        old.poke(AREA + 520, 0x8000000000000003L, 8);
        assertThat(old.run(XRSTOR)).isEqualTo(Fault.GP);
    }

    @Test
    void xrstorChecksTheHeader() {
        Trial t = trial(CodeMode.CODE64, "zen");
        enable(t);
        for (int[] bad : new int[][] {{512, 4}, {520, 1}, {528, 1}}) {
            t.fill(AREA + 512, 64, 0);
            t.poke(AREA + bad[0], bad[1], 1);
            assertThat(t.run(XRSTOR)).as("byte %d", bad[0]).isEqualTo(Fault.GP);
        }
        t.fill(AREA + 512, 64, 0);
        t.poke(AREA + 536, 1, 8);
        t.poke(AREA + 24, 0x1F80, 4);
        assertThat(t.run(XRSTOR)).as("the standard form does not look at the last 40 bytes").isEqualTo(Trial.OK);
        t.poke(AREA + 520, 0x8000000000000003L, 8);
        assertThat(t.run(XRSTOR)).as("the compacted form does").isEqualTo(Fault.GP);
        t.fill(AREA + 512, 64, 0);
        t.poke(AREA + 520, 0x8000000000000001L, 8);
        t.poke(AREA + 512, 2, 8);
        assertThat(t.run(XRSTOR)).as("a component that is not laid out").isEqualTo(Fault.GP);
        t.fill(AREA + 512, 64, 0);
        t.poke(AREA + 24, 0x10000, 4);
        t.c.fpu.top = 3;
        assertThat(t.run(XRSTOR)).as("MXCSR").isEqualTo(Fault.GP);
        assertThat(t.c.fpu.top).as("nothing was loaded").isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {XSAVE, XRSTOR, XSAVEOPT, XSAVEC})
    void xsaveFaults(String code) {
        Trial t = trial(CodeMode.CODE64, "zen");
        enable(t);
        t.c.r[6] = AREA + 16;
        assertThat(t.run(code)).as("64 bytes").isEqualTo(Fault.GP);
        t.c.r[6] = Trial.HOLE;
        assertThat(t.run(code)).isEqualTo(Fault.PF);
        t.control(Cpu.CR0_TS, 0, 0, 0);
        assertThat(t.run(code)).isEqualTo(Fault.NM);
        t.control(0, 0, 0, Cpu.CR4_OSXSAVE);
        assertThat(t.run(code)).isEqualTo(Fault.UD);
    }

    @ParameterizedTest
    @ValueSource(strings = {XSAVES, XRSTORS})
    void supervisorForms(String code) {
        Trial t = trial(CodeMode.CODE64, "zen");
        enable(t);
        assertThat(t.run(code)).isEqualTo(Fault.GP);
        t.c.setCpl(0);
        t.poke(AREA + 520, 0x8000000000000003L, 8);
        assertThat(t.run(code)).isEqualTo(Trial.OK);
    }

    @Test
    void xcr0() {
        Trial t = trial(CodeMode.CODE64, "zen");
        t.c.r[1] = 0;
        t.c.r[0] = -1;
        t.c.r[2] = -1;
        assertThat(t.run(XGETBV)).isEqualTo(Trial.OK);
        assertThat(t.c.r[0]).isEqualTo(1);
        assertThat(t.c.r[2]).isZero();
        t.c.r[0] = 3;
        assertThat(t.run(XSETBV)).as("CPL 3").isEqualTo(Fault.GP);
        t.c.setCpl(0);
        assertThat(t.run(XSETBV)).isEqualTo(Trial.OK);
        assertThat(t.c.fpu.xcr0).isEqualTo(3);
        for (long bad : new long[] {2, 7, 0}) {
            t.c.r[0] = bad;
            assertThat(t.run(XSETBV)).as("%x", bad).isEqualTo(Fault.GP);
        }
        t.c.r[1] = 1;
        assertThat(t.run(XGETBV)).isEqualTo(Trial.OK);
        assertThat(t.c.r[0]).as("in use").isEqualTo(3);
        t.c.r[1] = 2;
        assertThat(t.run(XGETBV)).isEqualTo(Fault.GP);
        t.control(0, 0, 0, Cpu.CR4_OSXSAVE);
        assertThat(t.run(XGETBV)).isEqualTo(Fault.UD);
    }
}
