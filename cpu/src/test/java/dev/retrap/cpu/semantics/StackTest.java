package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PUSH, POP, PUSHA, POPA, PUSHF, POPF, ENTER, LEAVE. */
class StackTest {
    private static final int TOP = Bench.RW + 0x1800;

    @Test
    void pushAndPopOfTheStackPointerItself() {
        var t = new Bench(CodeMode.CODE32);
        assertThat(t.run("54")).isEqualTo(Bench.OK);
        assertThat(t.peek(TOP - 4, 4)).isEqualTo(TOP);
        assertThat(t.c.r[4]).isEqualTo(TOP - 4);
        t.poke(TOP - 4, 0x12345678, 4);
        assertThat(t.run("5C")).isEqualTo(Bench.OK);
        assertThat(t.c.r[4]).isEqualTo(0x12345678);
    }

    @Test
    void memoryOperandsByTheStackPointer() {
        var t = new Bench(CodeMode.CODE32);
        t.poke(TOP, 0x11111111, 4);
        t.poke(TOP + 4, 0x22222222, 4);
        // push dword [esp+4] reads with the old ESP, pop dword [esp+4] writes with the new one
        assertThat(t.run("FF742404")).isEqualTo(Bench.OK);
        assertThat(t.peek(TOP - 4, 4)).isEqualTo(0x22222222);
        assertThat(t.run("8F442404")).isEqualTo(Bench.OK);
        assertThat(t.c.r[4]).isEqualTo(TOP);
        assertThat(t.peek(TOP + 4, 4)).isEqualTo(0x22222222);
        assertThat(t.peek(TOP, 4)).isEqualTo(0x11111111);
    }

    @Test
    void popToUnwritableMemoryLeavesTheStackPointer() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[6] = Bench.RO;
        assertThat(t.run("8F06")).isEqualTo(Fault.PF);
        assertThat(t.c.r[4]).isEqualTo(TOP);
        t.c.r[4] = Bench.RW;
        t.c.r[6] = 7;
        assertThat(t.run("56")).isEqualTo(Fault.PF);
        assertThat(t.c.r[4]).isEqualTo(Bench.RW);
    }

    @ParameterizedTest
    @CsvSource({"CODE32,6A80,4,FFFFFF80", "CODE32,6668FF7F,2,7FFF", "CODE16,6A80,2,FF80", "CODE16,666A80,4,FFFFFF80",
        "CODE64,6A80,8,FFFFFFFFFFFFFF80", "CODE64,666A80,2,FF80", "CODE64,68000000F0,8,FFFFFFFFF0000000"})
    void immediates(CodeMode mode, String code, int size, String image) {
        var t = new Bench(mode);
        assertThat(t.run(code)).isEqualTo(Bench.OK);
        assertThat(t.c.r[4]).isEqualTo(TOP - size);
        assertThat(t.peek(TOP - size, size)).isEqualTo(Long.parseUnsignedLong(image, 16));
    }

    @Test
    void a16BitStackPointerWrapsAndKeepsTheUpperHalf() {
        var t = new Bench(CodeMode.CODE16);
        t.c.r[4] = 0x55550000L + Bench.RW;
        t.c.r[0] = 0xABCD;
        t.c.limit[Seg.SS] = 0xFFFF;
        t.c.base[Seg.SS] = 0;
        t.c.modeChanged();
        t.c.r[4] = 0x55550000L | Bench.RW + 2;
        assertThat(t.run("50")).isEqualTo(Bench.OK);
        assertThat(t.c.r[4]).isEqualTo(0x55550000L | Bench.RW);
        // A word at FFFF does not fit below the limit: #SS.
        t.c.r[4] = 0x55550001L;
        assertThat(t.run("50")).isEqualTo(Fault.SS);
        assertThat(t.c.r[4]).isEqualTo(0x55550001L);
    }

    @Test
    void pushaAndPopa() {
        for (String operandSize : new String[] {"", "66"}) {
            int size = operandSize.isEmpty() ? 4 : 2;
            var t = new Bench(CodeMode.CODE32);
            for (int n = 0; n < 8; n++) {
                t.c.r[n] = n == 4 ? TOP : 0x01010101L * (n + 1);
            }
            long[] before = t.c.r.clone();
            assertThat(t.run(operandSize + "60")).isEqualTo(Bench.OK);
            assertThat(t.c.r[4]).isEqualTo(TOP - 8 * size);
            for (int n = 0; n < 8; n++) {
                assertThat(t.peek(TOP - (n + 1) * size, size)).isEqualTo(before[n] & (size == 4 ? -1 : 0xFFFF));
            }
            t.poke(TOP - 5 * size, -1, size);
            for (int n = 0; n < 8; n++) {
                if (n != 4) {
                    t.c.r[n] = 0xEEEE0000L;
                }
            }
            assertThat(t.run(operandSize + "61")).isEqualTo(Bench.OK);
            for (int n = 0; n < 8; n++) {
                long image = size == 4 || n == 4 ? before[n] : 0xEEEE0000L | before[n] & 0xFFFF;
                assertThat(t.c.r[n]).as("register %d", n).isEqualTo(image);
            }
        }
    }

    @Test
    void pushaAndPopaThatFaultChangeNothing() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[4] = Bench.RW + 12;
        t.c.r[0] = 0x1234;
        byte[] before = t.bytes(Bench.RW, 64);
        assertThat(t.run("60")).isEqualTo(Fault.PF);
        assertThat(t.c.r[4]).isEqualTo(Bench.RW + 12);
        assertThat(t.bytes(Bench.RW, 64)).isEqualTo(before);
        t.c.r[4] = Bench.HOLE - 28;
        assertThat(t.run("61")).isEqualTo(Fault.PF);
        assertThat(t.c.r[4]).isEqualTo(Bench.HOLE - 28);
        assertThat(t.c.r[0]).isEqualTo(0x1234);
        assertThat(t.c.r[7]).isZero();
    }

    // ---------------------------------------------------------------- flags

    private static final int SETTABLE = Flags.ARITH | Flags.TF | Flags.IF | Flags.DF | Flags.IOPL | Flags.NT | Flags.AC
            | Flags.ID;

    @ParameterizedTest
    @CsvSource({"0,0", "0,3", "3,0", "3,3", "1,1", "2,1"})
    void popfChangesWhatThePrivilegeLevelAllows(int cpl, int iopl) {
        var d = new Draw();
        for (int n = 0; n < 200; n++) {
            var t = new Bench(CodeMode.CODE32);
            int old = (int) d.value(32) & SETTABLE & ~Flags.IOPL & ~Flags.TF | iopl << 12 | Flags.RF | Flags.VIF;
            t.c.setEflags(old);
            t.c.setCpl(cpl);
            int image = (int) d.value(32);
            boolean word = d.oneIn(3);
            t.poke(TOP, image, 4);
            assertThat(t.run(word ? "669D" : "9D")).isEqualTo(Bench.OK);
            int may = SETTABLE;
            may &= cpl == 0 ? -1 : ~Flags.IOPL;
            may &= cpl <= iopl ? -1 : ~Flags.IF;
            may &= word ? 0xFFFF : -1;
            assertThat(t.c.eflags()).as("seed %d: %x popped over %x", d.seed, image, old)
                    .isEqualTo(image & may | old & ~may & ~Flags.RF | 2);
            assertThat(t.c.r[4]).isEqualTo(TOP + (word ? 2 : 4));
        }
    }

    @Test
    void pushfHidesVmAndRf() {
        var t = new Bench(CodeMode.CODE32);
        t.c.setEflags(Flags.RF | Flags.AC | Flags.ID | Flags.ARITH | Flags.IF);
        assertThat(t.run("9C")).isEqualTo(Bench.OK);
        assertThat(t.peek(TOP - 4, 4)).isEqualTo(Flags.AC | Flags.ID | Flags.ARITH | Flags.IF | 2);
        var v = new Bench(CodeMode.CODE16);
        v.c.setEflags(Flags.VM | Flags.IOPL | Flags.CF);
        assertThat(v.run("669C")).isEqualTo(Bench.OK);
        assertThat(v.peek(TOP - 4, 4)).isEqualTo(Flags.IOPL | Flags.CF | 2);
    }

    @Test
    void virtual8086ModeBelowIopl3() {
        var t = new Bench(CodeMode.CODE16);
        t.c.setEflags(Flags.VM | Flags.IF);
        assertThat(t.run("9C")).isEqualTo(Fault.GP);
        assertThat(t.run("9D")).isEqualTo(Fault.GP);
        assertThat(t.c.r[4]).isEqualTo(TOP);
        t.c.cr4 |= Cpu.CR4_VME;
        assertThat(t.run("669C")).isEqualTo(Fault.GP);
        assertThat(t.run("9C")).isEqualTo(Bench.OK);
        // IF reads as VIF, which is clear, and IOPL as 3.
        assertThat(t.peek(TOP - 2, 2)).isEqualTo(Flags.IOPL | 2);
        t.poke(TOP - 2, Flags.IF | Flags.CF, 2);
        assertThat(t.run("9D")).isEqualTo(Bench.OK);
        assertThat(t.c.eflags()).isEqualTo(Flags.VM | Flags.IF | Flags.VIF | Flags.CF | 2);
        t.c.r[4] = TOP - 2;
        t.poke(TOP - 2, Flags.TF, 2);
        assertThat(t.run("9D")).isEqualTo(Fault.GP);
        t.c.setEflags(Flags.VM | Flags.VIP);
        t.poke(TOP - 2, Flags.IF, 2);
        assertThat(t.run("9D")).isEqualTo(Fault.GP);
        assertThat(t.c.r[4]).isEqualTo(TOP - 2);
        t.poke(TOP - 2, 0, 2);
        assertThat(t.run("9D")).isEqualTo(Bench.OK);
    }

    // ---------------------------------------------------------------- ENTER, LEAVE

    @Test
    void enterBuildsADisplayAndLeaveUndoesIt() {
        var t = new Bench(CodeMode.CODE32);
        int frame = Bench.RW + 0x900;
        t.c.r[5] = frame;
        t.poke(frame - 4, 0xAAAA0001L, 4);
        t.poke(frame - 8, 0xAAAA0002L, 4);
        // enter 0x20,3
        assertThat(t.run("C8200003")).isEqualTo(Bench.OK);
        assertThat(t.c.r[5]).isEqualTo(TOP - 4);
        assertThat(t.c.r[4]).isEqualTo(TOP - 16 - 0x20);
        assertThat(t.peek(TOP - 4, 4)).isEqualTo(frame);
        assertThat(t.peek(TOP - 8, 4)).isEqualTo(0xAAAA0001L);
        assertThat(t.peek(TOP - 12, 4)).isEqualTo(0xAAAA0002L);
        assertThat(t.peek(TOP - 16, 4)).isEqualTo(TOP - 4);
        assertThat(t.run("C9")).isEqualTo(Bench.OK);
        assertThat(t.c.r[4]).isEqualTo(TOP);
        assertThat(t.c.r[5]).isEqualTo(frame);
    }

    @Test
    void enterNeedsTheWholeFrameWritable() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[4] = Bench.RW + 0x100;
        t.c.r[5] = 0x42;
        assertThat(t.run("C8000200")).isEqualTo(Fault.PF);
        assertThat(t.c.faultAddress).isEqualTo(Bench.RW + 0x100 - 4 - 0x200);
        assertThat(t.c.r[4]).isEqualTo(Bench.RW + 0x100);
        assertThat(t.c.r[5]).isEqualTo(0x42);
    }

    @Test
    void operandAndStackSizesDiffer() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[5] = 0x77770000L + 0x1234;
        assertThat(t.run("66C8100000")).isEqualTo(Bench.OK);
        assertThat(t.c.r[5]).isEqualTo(0x77770000L + TOP - 2);
        assertThat(t.c.r[4]).isEqualTo(TOP - 2 - 16);
        assertThat(t.peek(TOP - 2, 2)).isEqualTo(0x1234);
        var u = new Bench(CodeMode.CODE16);
        u.c.r[4] |= 0x33330000L;
        u.c.r[5] = 0x12345678;
        assertThat(u.run("66C8100000")).isEqualTo(Bench.OK);
        assertThat(u.c.r[5]).isEqualTo(0x33330000L | TOP - 4);
        assertThat(u.c.r[4]).isEqualTo(0x33330000L | TOP - 4 - 16);
        assertThat(u.run("66C9")).isEqualTo(Bench.OK);
        assertThat(u.c.r[5]).isEqualTo(0x12345678);
        assertThat(u.c.r[4]).isEqualTo(0x33330000L | TOP);
    }
}
