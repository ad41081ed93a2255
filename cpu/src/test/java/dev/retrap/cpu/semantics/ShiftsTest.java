package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shifts and rotates against n steps of one bit each; double shifts against shifts of a number of both operands. */
class ShiftsTest {
    private static final int ROL = 0, ROR = 1, RCL = 2, RCR = 3, SHL = 4, SHR = 5, SAL = 6, SAR = 7;

    private record Outcome(long value, int flags) {}

    /** One bit at a time, OF as SDM vol. 2 defines it for a count of 1. */
    private static Outcome reference(int op, long a, int n, int bits, int flags) {
        long mask = bits == 64 ? -1 : (1L << bits) - 1;
        long top = 1L << bits - 1;
        long v = a & mask;
        int cf = flags & 1;
        int of = 0;
        for (int k = 0; k < n; k++) {
            boolean high = (v & top) != 0;
            int low = (int) v & 1;
            switch (op) {
                case ROL -> {
                    v = v << 1 & mask | (high ? 1 : 0);
                    cf = high ? 1 : 0;
                    of = ((v & top) != 0 ? 1 : 0) ^ cf;
                }
                case ROR -> {
                    v = v >>> 1 | (low != 0 ? top : 0);
                    cf = low;
                    of = ((v & top) != 0 ? 1 : 0) ^ ((v & top >>> 1) != 0 ? 1 : 0);
                }
                case RCL -> {
                    v = v << 1 & mask | cf;
                    cf = high ? 1 : 0;
                    of = ((v & top) != 0 ? 1 : 0) ^ cf;
                }
                case RCR -> {
                    of = (high ? 1 : 0) ^ cf;
                    v = v >>> 1 | (cf != 0 ? top : 0);
                    cf = low;
                }
                case SHL, SAL -> {
                    v = v << 1 & mask;
                    cf = high ? 1 : 0;
                    of = ((v & top) != 0 ? 1 : 0) ^ cf;
                }
                case SHR -> {
                    v = v >>> 1;
                    cf = low;
                    of = high ? 1 : 0;
                }
                default -> {
                    v = v >>> 1 | (high ? top : 0);
                    cf = low;
                    of = 0;
                }
            }
        }
        if (n == 0) {
            return new Outcome(v, flags);
        }
        int rest = op < SHL ? flags & ~(Flags.CF | Flags.OF) : ArithmeticTest.resultFlags(v, bits) | Flags.AF;
        return new Outcome(v, rest | cf | (of != 0 ? Flags.OF : 0));
    }

    @Test
    void everyByteByEveryCount() {
        var t = new Bench(CodeMode.CODE32);
        for (int op = 0; op < 8; op++) {
            var insn = t.decode(new byte[] {(byte) 0xD2, (byte) (0xC3 | op << 3)});
            for (int n = 0; n < 32; n++) {
                for (int a = 0; a < 256; a++) {
                    for (int cf = 0; cf < 2; cf++) {
                        t.c.r[3] = a;
                        t.c.r[1] = n | 0xE0;
                        t.c.setArith(cf | Flags.ZF);
                        t.run(insn);
                        // 8-bit RCL and RCR go round in 9 bits, which a count up to 31 does more than once.
                        Outcome e = reference(op, a, n, 8, cf | Flags.ZF);
                        String what = "op %d a=%x n=%d cf=%d".formatted(op, a, n, cf);
                        assertThat(t.c.r[3]).as(what).isEqualTo(e.value);
                        assertThat(t.c.arith()).as(what).isEqualTo(e.flags);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void wideOperandsInAllShapes(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        for (int k = 0; k < 20_000; k++) {
            int bits = new int[] {8, 16, 32, 64}[d.below(mode == CodeMode.CODE64 ? 4 : 3)];
            int op = d.below(8);
            int form = d.below(3);
            boolean mem = d.oneIn(3);
            int count = d.below(256);
            long a = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int flags = d.flags();
            t.reset();
            t.c.setArith(flags);
            t.c.r[3] = a;
            t.c.r[1] = count;
            t.c.r[6] = Bench.RW + 16;
            t.poke(Bench.RW + 16, a, 8);
            int opcode = (form == 0 ? 0xD0 : form == 1 ? 0xD2 : 0xC0) | (bits == 8 ? 0 : 1);
            String code = prefix(bits, mode) + "%02x%02x".formatted(opcode,
                    op << 3 | (mem ? mode == CodeMode.CODE16 ? 4 : 6 : 0xC3))
                    + (form == 2 ? "%02x".formatted(count) : "");
            int n = form == 0 ? 1 : count & (bits == 64 ? 63 : 31);
            Outcome e = reference(op, a, n, bits, flags);
            String what = "seed %d, %s %s a=%x count=%d flags=%x".formatted(d.seed, mode, code, a, count, flags);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            long keep = bits == 64 || bits == 32 && !mem ? 0 : a & -1L << bits;
            assertThat(mem ? t.peek(Bench.RW + 16, 8) : t.c.r[3]).as(what).isEqualTo(keep | e.value);
            assertThat(t.c.arith()).as(what).isEqualTo(e.flags);
        }
    }

    private static String prefix(int bits, CodeMode mode) {
        return bits == 64 ? "48" : bits == 8 || bits == 16 == (mode == CodeMode.CODE16) ? "" : "66";
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void doubleShifts(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        for (int k = 0; k < 20_000; k++) {
            int bits = new int[] {16, 32, 64}[d.below(mode == CodeMode.CODE64 ? 3 : 2)];
            boolean left = d.oneIn(2);
            boolean byCl = d.oneIn(2);
            boolean mem = d.oneIn(3);
            int count = d.below(256);
            int n = count & (bits == 64 ? 63 : 31);
            long mask = bits == 64 ? -1 : (1L << bits) - 1;
            long a = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            long b = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int flags = d.flags();
            t.reset();
            t.c.setArith(flags);
            t.c.r[3] = a;
            t.c.r[2] = b;
            t.c.r[1] = count;
            t.c.r[6] = Bench.RW + 16;
            t.poke(Bench.RW + 16, a, 8);
            String code = prefix(bits, mode) + "0f%02x%02x".formatted((left ? 0xA4 : 0xAC) | (byCl ? 1 : 0),
                    2 << 3 | (mem ? mode == CodeMode.CODE16 ? 4 : 6 : 0xC3)) + (byCl ? "" : "%02x".formatted(count));
            String what = "seed %d, %s %s a=%x b=%x count=%d flags=%x".formatted(d.seed, mode, code, a, b, count,
                    flags);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            long keep = bits == 64 || bits == 32 && !mem ? 0 : a & ~mask;
            long value = a & mask;
            if (n > 0 && n <= bits) {
                BigInteger x = ArithmeticTest.unsigned(a, bits);
                BigInteger y = ArithmeticTest.unsigned(b, bits);
                BigInteger both = left ? x.shiftLeft(bits).or(y) : y.shiftLeft(bits).or(x);
                value = both.shiftRight(left ? bits - n : n).longValue() & mask;
                int cf = x.testBit(left ? bits - n : n - 1) ? 1 : 0;
                assertThat(t.c.cf()).as(what).isEqualTo(cf);
                assertThat(t.c.arith() & (Flags.SF | Flags.ZF | Flags.PF)).as(what)
                        .isEqualTo(ArithmeticTest.resultFlags(value, bits));
                if (n == 1) {
                    assertThat((t.c.arith() & Flags.OF) != 0).as(what).isEqualTo(((a ^ value) >>> bits - 1 & 1) != 0);
                }
            } else if (n == 0) {
                assertThat(t.c.arith()).as(what).isEqualTo(flags);
            } else {
                // More than the width, 16 bits only: undefined; Zen rotates the second operand.
                int y = (int) b & 0xFFFF;
                value = (left ? y << n - 16 | y >>> 32 - n : y >>> n - 16 | y << 32 - n) & 0xFFFF;
            }
            assertThat(mem ? t.peek(Bench.RW + 16, 8) : t.c.r[3]).as(what).isEqualTo(keep | value);
        }
    }

    @Test
    void aCountOfZeroStillNeedsAWritableDestination() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[6] = Bench.RO;
        assertThat(t.run("D326")).isEqualTo(dev.retrap.cpu.core.Fault.PF);
        assertThat(t.run("C12600")).isEqualTo(dev.retrap.cpu.core.Fault.PF);
    }
}
