package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ADD OR ADC SBB AND SUB XOR CMP, TEST, NOT NEG INC DEC in every shape and width, against exact integers. */
class ArithmeticTest {
    private static final int ADD = 0, OR = 1, ADC = 2, SBB = 3, AND = 4, SUB = 5, XOR = 6, CMP = 7, TEST = 8;
    private static final int DST = 1, SRC = 3, BASE = 6;

    private record Outcome(long value, int flags) {}

    static BigInteger unsigned(long v, int bits) {
        return BigInteger.valueOf(v).mod(BigInteger.ONE.shiftLeft(bits));
    }

    static BigInteger signed(long v, int bits) {
        BigInteger u = unsigned(v, bits);
        return u.testBit(bits - 1) ? u.subtract(BigInteger.ONE.shiftLeft(bits)) : u;
    }

    /** SF ZF PF of a result. */
    static int resultFlags(long r, int bits) {
        BigInteger u = unsigned(r, bits);
        int parity = 0;
        for (int k = 0; k < 8; k++) {
            parity += u.testBit(k) ? 1 : 0;
        }
        return (u.testBit(bits - 1) ? Flags.SF : 0) | (u.signum() == 0 ? Flags.ZF : 0)
                | (parity % 2 == 0 ? Flags.PF : 0);
    }

    private static Outcome reference(int op, long a, long b, int carry, int bits) {
        BigInteger cf = BigInteger.valueOf(op == ADC || op == SBB ? carry : 0);
        boolean minus = op == SUB || op == SBB || op == CMP;
        switch (op) {
            case OR, AND, XOR, TEST -> {
                BigInteger x = unsigned(a, bits);
                BigInteger y = unsigned(b, bits);
                long r = (op == OR ? x.or(y) : op == XOR ? x.xor(y) : x.and(y)).longValue();
                return new Outcome(r, resultFlags(r, bits));
            }
            default -> {
                BigInteger u = minus ? unsigned(a, bits).subtract(unsigned(b, bits)).subtract(cf)
                        : unsigned(a, bits).add(unsigned(b, bits)).add(cf);
                BigInteger s = minus ? signed(a, bits).subtract(signed(b, bits)).subtract(cf)
                        : signed(a, bits).add(signed(b, bits)).add(cf);
                long low = minus ? (a & 15) - (b & 15) - cf.intValue() : (a & 15) + (b & 15) + cf.intValue();
                long r = u.longValue();
                int f = resultFlags(r, bits);
                f |= u.signum() < 0 || u.bitLength() > bits ? Flags.CF : 0;
                f |= s.equals(signed(r, bits)) ? 0 : Flags.OF;
                f |= low < 0 || low > 15 ? Flags.AF : 0;
                return new Outcome(r, f);
            }
        }
    }

    private static long mask(int bits) {
        return bits == 64 ? -1 : (1L << bits) - 1;
    }

    /** What a register holds after a write of a width. */
    private static long merged(long old, long v, int bits) {
        return bits >= 32 ? v & mask(bits) : old & ~mask(bits) | v & mask(bits);
    }

    private static String prefix(int bits, CodeMode mode) {
        return switch (bits) {
            case 8 -> "";
            case 64 -> "48";
            default -> bits == 16 == (mode == CodeMode.CODE16) ? "" : "66";
        };
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void binaryOperations(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        int[] widths = mode == CodeMode.CODE64 ? new int[] {8, 16, 32, 64} : new int[] {8, 16, 32};
        for (int n = 0; n < 40_000; n++) {
            int bits = widths[d.below(widths.length)];
            int op = d.below(9);
            int shape = d.below(5);
            long top = mode == CodeMode.CODE64 ? d.value(64) : d.value(32);
            long a = bits == 64 ? d.value(64) : top & ~mask(bits) | d.value(bits);
            long b = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int imm = (int) d.value(32);
            t.reset();
            int flags = d.flags();
            t.c.setArith(flags);
            t.c.r[DST] = a;
            t.c.r[SRC] = b;
            t.c.r[BASE] = t.c.r[7] = Bench.RW + 8;
            t.poke(Bench.RW + 8, a, 8);
            boolean toMemory = shape >= 3;
            if (shape == 2) {
                t.poke(Bench.RW + 8, b, 8);
            }
            String code = code(op, shape, bits, imm, mode);
            String what = "seed %d, %s %s, a=%x b=%x flags=%x".formatted(d.seed, mode, code, a, b, flags);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            long source = shape == 1 || shape == 4 ? bits == 8 ? (byte) imm : bits == 16 ? (short) imm : imm : b;
            Outcome e = reference(op, a, source, flags & 1, bits);
            long expected = op == CMP || op == TEST ? a : toMemory ? a & ~mask(bits) | e.value & mask(bits)
                    : merged(a, e.value, bits);
            assertThat(toMemory ? t.peek(Bench.RW + 8, 8) : t.c.r[DST]).as(what).isEqualTo(expected);
            assertThat(t.c.arith()).as(what).isEqualTo(e.flags);
        }
    }

    /** Shapes: register with register, immediate, memory; memory with register, immediate. */
    private static String code(int op, int shape, int bits, int imm, CodeMode mode) {
        int wide = bits == 8 ? 0 : 1;
        int modrm = shape == 0 ? 0xC0 | SRC << 3 | DST : shape == 1 ? 0xC0 | DST : memory(mode)
                | (shape == 2 ? DST : SRC) << 3;
        String immediate = "";
        if (shape == 1 || shape == 4) {
            modrm = modrm & 0xC7 | (op == TEST ? 0 : op) << 3;
            immediate = bits == 8 ? "%02x".formatted(imm & 0xFF)
                    : bits == 16 ? "%04x".formatted(Short.reverseBytes((short) imm) & 0xFFFF)
                    : "%08x".formatted(Integer.reverseBytes(imm));
        }
        int opcode = switch (shape) {
            case 1, 4 -> (op == TEST ? 0xF6 : 0x80) | wide;
            case 2 -> op == TEST ? 0x84 | wide : op << 3 | 2 | wide;
            default -> op == TEST ? 0x84 | wide : op << 3 | wide;
        };
        return prefix(bits, mode) + "%02x%02x".formatted(opcode, modrm) + immediate;
    }

    /** ModRM of a memory operand at rSI or, in 16-bit addressing, SI. */
    private static int memory(CodeMode mode) {
        return mode == CodeMode.CODE16 ? 4 : 6;
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void unaryOperations(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        int[] widths = mode == CodeMode.CODE64 ? new int[] {8, 16, 32, 64} : new int[] {8, 16, 32};
        for (int n = 0; n < 12_000; n++) {
            int bits = widths[d.below(widths.length)];
            int op = d.below(4);
            boolean mem = d.oneIn(2);
            long a = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int flags = d.flags();
            t.reset();
            t.c.setArith(flags);
            t.c.r[DST] = a;
            t.c.r[BASE] = Bench.RW + 8;
            t.poke(Bench.RW + 8, a, 8);
            // NOT F6/2, NEG F6/3, INC FE/0, DEC FE/1.
            int opcode = (op < 2 ? 0xF6 : 0xFE) | (bits == 8 ? 0 : 1);
            int digit = op < 2 ? op + 2 : op - 2;
            String code = prefix(bits, mode) + "%02x%02x".formatted(opcode,
                    digit << 3 | (mem ? memory(mode) : 0xC0 | DST));
            String what = "seed %d, %s %s, a=%x flags=%x".formatted(d.seed, mode, code, a, flags);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            Outcome e = switch (op) {
                case 0 -> new Outcome(~a, flags);
                case 1 -> reference(SUB, 0, a, 0, bits);
                case 2 -> reference(ADD, a, 1, 0, bits);
                default -> reference(SUB, a, 1, 0, bits);
            };
            int expectedFlags = op < 2 ? e.flags : e.flags & ~Flags.CF | flags & Flags.CF;
            assertThat(mem ? t.peek(Bench.RW + 8, 8) : t.c.r[DST]).as(what)
                    .isEqualTo(mem ? a & ~mask(bits) | e.value & mask(bits) : merged(a, e.value, bits));
            assertThat(t.c.arith()).as(what).isEqualTo(expectedFlags);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CodeMode.class, names = {"CODE32", "CODE64"})
    void aDestinationThatCannotBeWrittenChangesNothing(CodeMode mode) {
        var t = new Bench(mode);
        for (int op = ADD; op < CMP; op++) {
            t.reset();
            t.c.setArith(Flags.CF | Flags.ZF);
            t.c.r[BASE] = Bench.RO;
            t.c.r[SRC] = 5;
            assertThat(t.run("%02x%02x".formatted(op << 3 | 1, 6 | SRC << 3))).isEqualTo(Fault.PF);
            assertThat(t.c.faultAddress).isEqualTo(Bench.RO);
            assertThat(t.c.arith()).isEqualTo(Flags.CF | Flags.ZF);
            t.c.r[BASE] = Bench.HOLE - 2;
            t.poke(Bench.HOLE - 2, 0xABCD, 2);
            assertThat(t.run("%02x%02x".formatted(op << 3 | 1, 6 | SRC << 3))).isEqualTo(Fault.PF);
            assertThat(t.c.faultAddress).isEqualTo(Bench.HOLE);
            assertThat(t.peek(Bench.HOLE - 2, 2)).isEqualTo(0xABCD);
            assertThat(t.c.arith()).isEqualTo(Flags.CF | Flags.ZF);
        }
        // CMP only reads.
        t.c.r[BASE] = Bench.RO;
        assertThat(t.run("391E")).isEqualTo(Bench.OK);
    }
}
