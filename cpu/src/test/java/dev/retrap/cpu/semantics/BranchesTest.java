package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jcc, SETcc, CMOVcc, JMP, CALL, RET, LOOP, JCXZ, BOUND. Instructions stand at 1000h. */
class BranchesTest {
    private static final int TOP = Bench.RW + 0x1800;

    /** SDM vol. 1, table B-1. */
    private static boolean holds(int cc, int f) {
        boolean cf = (f & Flags.CF) != 0;
        boolean zf = (f & Flags.ZF) != 0;
        boolean less = (f & Flags.SF) != 0 ^ (f & Flags.OF) != 0;
        return switch (cc) {
            case 0 -> (f & Flags.OF) != 0;
            case 1 -> (f & Flags.OF) == 0;
            case 2 -> cf;
            case 3 -> !cf;
            case 4 -> zf;
            case 5 -> !zf;
            case 6 -> cf || zf;
            case 7 -> !cf && !zf;
            case 8 -> (f & Flags.SF) != 0;
            case 9 -> (f & Flags.SF) == 0;
            case 10 -> (f & Flags.PF) != 0;
            case 11 -> (f & Flags.PF) == 0;
            case 12 -> less;
            case 13 -> !less;
            case 14 -> zf || less;
            default -> !zf && !less;
        };
    }

    @Test
    void everyConditionOfEveryCombinationOfFlags() {
        var t = new Bench(CodeMode.CODE64);
        int[] bits = {Flags.CF, Flags.PF, Flags.AF, Flags.ZF, Flags.SF, Flags.OF};
        for (int cc = 0; cc < 16; cc++) {
            var jump = t.decode(new byte[] {(byte) (0x70 | cc), 0x20});
            var set = t.decode(new byte[] {0x0F, (byte) (0x90 | cc), (byte) 0xC0});
            var move = t.decode(new byte[] {0x0F, (byte) (0x40 | cc), (byte) 0xC3});
            for (int n = 0; n < 64; n++) {
                int f = 0;
                for (int b = 0; b < 6; b++) {
                    f |= (n >> b & 1) != 0 ? bits[b] : 0;
                }
                boolean expected = holds(cc, f);
                t.c.setArith(f);
                assertThat(t.c.arith()).isEqualTo(f);
                t.run(jump);
                assertThat(t.c.rip).as("cc %d flags %x", cc, f).isEqualTo(expected ? 0x1022 : 0x1002);
                t.c.r[0] = 0x1122334455667788L;
                t.run(set);
                assertThat(t.c.r[0]).isEqualTo(0x1122334455667700L | (expected ? 1 : 0));
                t.c.r[3] = 0xAABBCCDD99999999L;
                t.run(move);
                // A 32-bit destination is zero-extended even if it keeps its value.
                assertThat(t.c.r[0]).isEqualTo(expected ? 0x99999999L : 0x55667700L);
            }
        }
    }

    @Test
    void cmovReadsMemoryWhateverTheCondition() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[6] = Bench.HOLE;
        assertThat(t.run("0F4406")).isEqualTo(Fault.PF);
    }

    @ParameterizedTest
    @CsvSource({"CODE16,2", "CODE32,4", "CODE64,8"})
    void callAndRet(CodeMode mode, int size) {
        var t = new Bench(mode);
        String displacement = mode == CodeMode.CODE16 ? "F0FF" : "F0FFFFFF";
        assertThat(t.run("E8" + displacement)).isEqualTo(Bench.OK);
        int next = 0x1001 + displacement.length() / 2;
        assertThat(t.c.rip).isEqualTo(next - 16);
        assertThat(t.c.r[4]).isEqualTo(TOP - size);
        assertThat(t.peek(TOP - size, size)).isEqualTo(next);
        assertThat(t.run("C3")).isEqualTo(Bench.OK);
        assertThat(t.c.rip).isEqualTo(next);
        assertThat(t.c.r[4]).isEqualTo(TOP);
        t.poke(TOP, 0x1234, 8);
        assertThat(t.run("C20880")).isEqualTo(Bench.OK);
        assertThat(t.c.rip).isEqualTo(0x1234);
        assertThat(t.c.r[4]).isEqualTo(mode == CodeMode.CODE16 ? TOP + size + 0x8008 & 0xFFFF : TOP + size + 0x8008);
    }

    @Test
    void indirectTargetsFromRegisterAndMemory() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[3] = 0x4444;
        assertThat(t.run("FFE3")).isEqualTo(Bench.OK);
        assertThat(t.c.rip).isEqualTo(0x4444);
        t.c.r[6] = TOP - 4;
        t.poke(TOP - 4, 0x5555, 4);
        // The target is read before the return address overwrites it.
        assertThat(t.run("FF16")).isEqualTo(Bench.OK);
        assertThat(t.c.rip).isEqualTo(0x5555);
        assertThat(t.peek(TOP - 4, 4)).isEqualTo(0x1002);
        // call esp: the old value
        t.c.r[4] = TOP;
        assertThat(t.run("FFD4")).isEqualTo(Bench.OK);
        assertThat(t.c.rip).isEqualTo(TOP);
    }

    @Test
    void aTargetBeyondTheLimitChangesNothing() {
        var t = new Bench(CodeMode.CODE32);
        t.c.limit[Seg.CS] = 0x1FFF;
        t.c.modeChanged();
        t.poke(TOP - 4, 0x7777, 4);
        for (String code : new String[] {"E800100000", "E900100000", "FFD0", "FFE0", "0F8400100000"}) {
            t.c.r[0] = 0x2000;
            t.c.setArith(Flags.ZF);
            assertThat(t.run(code)).as(code).isEqualTo(Fault.GP);
            assertThat(t.c.r[4]).isEqualTo(TOP);
            assertThat(t.peek(TOP - 4, 4)).isEqualTo(0x7777);
        }
        t.poke(TOP, 0x2000, 4);
        assertThat(t.run("C3")).isEqualTo(Fault.GP);
        assertThat(t.c.r[4]).isEqualTo(TOP);
        t.c.r[1] = 5;
        t.c.limit[Seg.CS] = 0x1007;
        assertThat(t.run("E27F")).isEqualTo(Fault.GP);
        assertThat(t.c.r[1]).isEqualTo(5);
        t.c.r[1] = 1;
        assertThat(t.run("E27F")).isEqualTo(Bench.OK);
        assertThat(t.c.r[1]).isZero();
    }

    @Test
    void stackFaultsOfCallComeFirstAndLeaveTheStackPointer() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[4] = Bench.RW;
        t.c.r[0] = 0x1500;
        assertThat(t.run("E800100000")).isEqualTo(Fault.PF);
        assertThat(t.run("FFD0")).isEqualTo(Fault.PF);
        assertThat(t.c.r[4]).isEqualTo(Bench.RW);
        assertThat(t.c.faultAddress).isEqualTo(Bench.RW - 4);
    }

    @Test
    void nonCanonicalTargetsIn64BitMode() {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[0] = 0x800000000000L;
        assertThat(t.run("FFE0")).isEqualTo(Fault.GP);
        assertThat(t.run("FFD0")).isEqualTo(Fault.GP);
        t.poke(TOP, 0x800000000000L, 8);
        assertThat(t.run("C3")).isEqualTo(Fault.GP);
        assertThat(t.c.r[4]).isEqualTo(TOP);
    }

    @ParameterizedTest
    @CsvSource({"CODE16,'',16", "CODE16,67,32", "CODE32,'',32", "CODE32,67,16", "CODE64,'',64", "CODE64,67,32"})
    void loopsCountByTheAddressSize(CodeMode mode, String prefix, int bits) {
        var t = new Bench(mode);
        long above = mode == CodeMode.CODE64 && bits == 32 ? 0 : bits == 64 ? 0 : bits == 32 ? 0 : 0x55550000L;
        int length = 2 + prefix.length() / 2;
        t.c.r[1] = above | 2;
        t.run(prefix + "E210");
        assertThat(t.c.rip).isEqualTo(0x1010 + length);
        assertThat(t.c.r[1]).isEqualTo(above | 1);
        t.run(prefix + "E210");
        assertThat(t.c.rip).isEqualTo(0x1000 + length);
        assertThat(t.c.r[1]).isEqualTo(above);
        t.run(prefix + "E310");
        assertThat(t.c.rip).isEqualTo(0x1010 + length);
        t.run(prefix + "E210");
        assertThat(t.c.r[1]).isEqualTo(bits == 64 ? -1 : above | (1L << bits) - 1);
        t.run(prefix + "E310");
        assertThat(t.c.rip).isEqualTo(0x1000 + length);
        for (boolean zf : new boolean[] {true, false}) {
            t.c.setArith(zf ? Flags.ZF : 0);
            t.c.r[1] = 9;
            t.run(prefix + "E110");
            assertThat(t.c.rip == 0x1010 + length).isEqualTo(zf);
            t.run(prefix + "E010");
            assertThat(t.c.rip == 0x1010 + length).isEqualTo(!zf);
            assertThat(t.c.r[1]).isEqualTo(7);
        }
    }

    @Test
    void boundIsSigned() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[6] = Bench.RW;
        t.poke(Bench.RW, -5, 4);
        t.poke(Bench.RW + 4, 10, 4);
        for (long inside : new long[] {-5, 0, 10}) {
            t.c.r[0] = inside & 0xFFFFFFFFL;
            assertThat(t.run("6206")).isEqualTo(Bench.OK);
        }
        for (long outside : new long[] {-6, 11, Integer.MIN_VALUE}) {
            t.c.r[0] = outside & 0xFFFFFFFFL;
            assertThat(t.run("6206")).isEqualTo(Fault.BR);
        }
        t.poke(Bench.RW, 0x0003FFFE, 4);
        t.c.r[0] = 0x7777FFFFL;
        assertThat(t.run("666206")).isEqualTo(Bench.OK);
        t.c.r[0] = 4;
        assertThat(t.run("666206")).isEqualTo(Fault.BR);
    }
}
