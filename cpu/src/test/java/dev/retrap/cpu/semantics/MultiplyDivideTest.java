package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MUL IMUL DIV IDIV MULX against exact integers. */
class MultiplyDivideTest {

    private static String prefix(int bits, CodeMode mode) {
        return bits == 64 ? "48" : bits == 8 || bits == 16 == (mode == CodeMode.CODE16) ? "" : "66";
    }

    private static int width(Draw d, CodeMode mode) {
        return new int[] {8, 16, 32, 64}[d.below(mode == CodeMode.CODE64 ? 4 : 3)];
    }

    /** rDX:rAX, or AX for bytes. */
    private static BigInteger wide(Bench t, int bits) {
        return bits == 8 ? ArithmeticTest.unsigned(t.c.r[0], 16)
                : ArithmeticTest.unsigned(t.c.r[2], bits).shiftLeft(bits).or(ArithmeticTest.unsigned(t.c.r[0], bits));
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void multiplication(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        for (int k = 0; k < 20_000; k++) {
            int bits = width(d, mode);
            boolean sign = d.oneIn(2);
            long a = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            long b = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int flags = d.flags();
            t.reset();
            t.c.setArith(flags);
            t.c.r[0] = a;
            t.c.r[3] = b;
            String code = prefix(bits, mode) + (bits == 8 ? "F6" : "F7") + (sign ? "EB" : "E3");
            String what = "seed %d, %s %s a=%x b=%x".formatted(d.seed, mode, code, a, b);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            BigInteger p = sign ? ArithmeticTest.signed(a, bits).multiply(ArithmeticTest.signed(b, bits))
                    : ArithmeticTest.unsigned(a, bits).multiply(ArithmeticTest.unsigned(b, bits));
            assertThat(wide(t, bits)).as(what).isEqualTo(p.mod(BigInteger.ONE.shiftLeft(2 * bits)));
            boolean over = sign ? p.bitLength() >= bits : p.bitLength() > bits;
            int changed = Flags.CF | Flags.OF;
            assertThat(t.c.arith()).as(what).isEqualTo(flags & ~changed | (over ? changed : 0));
        }
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void truncatedMultiplication(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        for (int k = 0; k < 12_000; k++) {
            int bits = Math.max(16, width(d, mode));
            int form = d.below(3);
            long a = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            long b = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int imm = (int) d.value(32);
            t.reset();
            t.c.r[0] = a;
            t.c.r[3] = b;
            String code = prefix(bits, mode) + switch (form) {
                case 0 -> "0FAFC3";
                case 1 -> "6BC3%02x".formatted(imm & 0xFF);
                default -> bits == 16 ? "69C3%04x".formatted(Short.reverseBytes((short) imm) & 0xFFFF)
                        : "69C3%08x".formatted(Integer.reverseBytes(imm));
            };
            String what = "seed %d, %s %s a=%x b=%x".formatted(d.seed, mode, code, a, b);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            long first = form == 0 ? a : form == 1 ? (byte) imm : imm;
            BigInteger p = ArithmeticTest.signed(first, bits).multiply(ArithmeticTest.signed(b, bits));
            assertThat(ArithmeticTest.unsigned(t.c.r[0], bits)).as(what)
                    .isEqualTo(p.mod(BigInteger.ONE.shiftLeft(bits)));
            assertThat(t.c.arith()).as(what).isEqualTo(p.bitLength() >= bits ? Flags.CF | Flags.OF : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void division(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        int faults = 0;
        for (int k = 0; k < 30_000; k++) {
            int bits = width(d, mode);
            boolean sign = d.oneIn(2);
            int all = mode == CodeMode.CODE64 ? 64 : 32;
            long divisor = d.value(all);
            long high = d.value(all);
            long low = d.value(all);
            if (d.oneIn(2)) {
                // Mostly quotients that fit.
                high = sign ? low << 64 - bits >> 63 : divisor == 0 ? 0 : Long.remainderUnsigned(high, divisor);
            }
            if (bits == 8) {
                low = d.oneIn(2) ? low & ~0xFF00L | (high & 0xFF) << 8 : low;
            }
            high = all == 32 ? high & 0xFFFFFFFFL : high;
            t.reset();
            t.c.r[0] = low;
            t.c.r[2] = high;
            t.c.r[3] = divisor;
            BigInteger n = wide(t, bits);
            n = sign && n.testBit(2 * bits - 1) ? n.subtract(BigInteger.ONE.shiftLeft(2 * bits)) : n;
            BigInteger v = sign ? ArithmeticTest.signed(divisor, bits) : ArithmeticTest.unsigned(divisor, bits);
            String code = prefix(bits, mode) + (bits == 8 ? "F6" : "F7") + (sign ? "FB" : "F3");
            String what = "seed %d, %s %s %x:%x / %x".formatted(d.seed, mode, code, high, low, divisor);
            int vector = t.run(code);
            boolean fits = v.signum() != 0
                    && (sign ? n.divide(v).bitLength() < bits : n.divide(v).bitLength() <= bits);
            assertThat(vector).as(what).isEqualTo(fits ? Bench.OK : Fault.DE);
            if (!fits) {
                faults++;
                assertThat(t.c.r[0]).as(what).isEqualTo(low);
                assertThat(t.c.r[2]).as(what).isEqualTo(high);
                continue;
            }
            BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
            BigInteger q = bits == 8 ? ArithmeticTest.unsigned(t.c.r[0], 8) : ArithmeticTest.unsigned(t.c.r[0], bits);
            BigInteger r = bits == 8 ? ArithmeticTest.unsigned(t.c.r[0] >> 8, 8)
                    : ArithmeticTest.unsigned(t.c.r[2], bits);
            assertThat(q).as(what).isEqualTo(n.divide(v).mod(modulus));
            assertThat(r).as(what).isEqualTo(n.remainder(v).mod(modulus));
        }
        assertThat(faults).as("both outcomes were met").isBetween(1000, 29_000);
    }

    @Test
    void mulxWritesTheHighHalfWhenBothDestinationsAreOne() {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[2] = 0xFFFFFFFFFFFFFFFEL;
        t.c.r[1] = 3;
        t.c.setArith(Flags.ARITH);
        // mulx rax,rbx,rcx
        assertThat(t.run("C4E2E3F6C1")).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(2);
        assertThat(t.c.r[3]).isEqualTo(-6);
        // mulx rax,rax,rcx
        assertThat(t.run("C4E2FBF6C1")).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(2);
        assertThat(t.c.arith()).isEqualTo(Flags.ARITH);
    }
}
