package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bit tests, scans, counts, byte order, BMI, CRC32, ADX against bit-by-bit references. */
class BitsTest {

    private static String prefix(int bits, CodeMode mode) {
        return bits == 64 ? "48" : bits == 16 == (mode == CodeMode.CODE16) ? "" : "66";
    }

    private static boolean bit(long v, int n) {
        return (v >>> n & 1) != 0;
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void scansAndCounts(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        for (int k = 0; k < 16_000; k++) {
            int bits = new int[] {16, 32, 64}[d.below(mode == CodeMode.CODE64 ? 3 : 2)];
            long s = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            long old = d.value(mode == CodeMode.CODE64 ? 64 : 32);
            int first = 0;
            while (first < bits && !bit(s, first)) {
                first++;
            }
            int last = bits - 1;
            while (last >= 0 && !bit(s, last)) {
                last--;
            }
            int ones = 0;
            for (int n = 0; n < bits; n++) {
                ones += bit(s, n) ? 1 : 0;
            }
            int op = d.below(5);
            t.reset();
            t.c.r[0] = old;
            t.c.r[3] = s;
            String rex = bits == 64 ? "48" : "";
            String size = bits == 64 ? "" : prefix(bits, mode);
            String code = size + (op >= 2 ? "F3" : "") + rex + new String[] {"0FBCC3", "0FBDC3", "0FBCC3", "0FBDC3",
                "0FB8C3"}[op];
            String what = "seed %d, %s %s s=%x".formatted(d.seed, mode, code, s);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            long expected = switch (op) {
                case 0 -> first;
                case 1 -> last;
                case 2 -> first;
                case 3 -> bits - 1 - last;
                default -> ones;
            };
            boolean zero = last < 0;
            if (zero && op < 2) {
                assertThat(t.c.r[0]).as(what).isEqualTo(old);
                assertThat(t.c.condition(4)).as(what).isTrue();
            } else {
                long keep = bits == 16 ? old & ~0xFFFFL : 0;
                assertThat(t.c.r[0]).as(what).isEqualTo(keep | expected);
                assertThat(t.c.condition(4)).as(what).isEqualTo(op >= 2 && expected == 0);
            }
            if (op == 2 || op == 3) {
                assertThat(t.c.cf()).as(what).isEqualTo(zero ? 1 : 0);
            }
            if (op == 4) {
                assertThat(t.c.arith()).as(what).isEqualTo(zero ? Flags.ZF : 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void bitStrings(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        byte[] before = new byte[0x1000];
        for (int k = 0; k < 8_000; k++) {
            int bits = new int[] {16, 32, 64}[d.below(mode == CodeMode.CODE64 ? 3 : 2)];
            int op = d.below(4);
            int index = d.below(0x6000) - 0x3000;
            d.fill(before);
            t.poke(Bench.RW + 0x1000, before);
            t.reset();
            int flags = d.flags();
            t.c.setArith(flags);
            t.c.r[3] = bits == 64 ? index : index & (bits == 16 ? 0xFFFF : 0xFFFFFFFFL);
            t.c.r[6] = Bench.RW + 0x1800;
            String code = prefix(bits, mode) + "0F%02x%02x".formatted(0xA3 + 8 * op,
                    mode == CodeMode.CODE16 ? 0x1C : 0x1E);
            String what = "seed %d, %s %s index=%d".formatted(d.seed, mode, code, index);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            int at = 0x800 + Math.floorDiv(index, 8);
            boolean was = bit(before[at], Math.floorMod(index, 8));
            assertThat(t.c.arith()).as(what).isEqualTo(flags & ~Flags.CF | (was ? Flags.CF : 0));
            boolean now = switch (op) {
                case 0 -> was;
                case 1 -> true;
                case 2 -> false;
                default -> !was;
            };
            int bit = 1 << Math.floorMod(index, 8);
            before[at] = (byte) (now ? before[at] | bit : before[at] & ~bit);
            assertThat(t.bytes(Bench.RW + 0x1000, 0x1000)).as(what).isEqualTo(before);
        }
    }

    @Test
    void bitTestsOfRegistersAndByImmediateStayWithinTheOperand() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[0] = 0x80000001L;
        t.c.r[1] = 0xFFFFFFE0L + 31;
        assertThat(t.run("0FA3C8")).isEqualTo(Bench.OK);
        assertThat(t.c.cf()).isEqualTo(1);
        assertThat(t.run("0FBAF83F")).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(1);
        t.c.r[6] = Bench.RW;
        t.poke(Bench.RW, 0, 8);
        assertThat(t.run("0FBA2EE5")).isEqualTo(Bench.OK);
        assertThat(t.peek(Bench.RW, 8)).isEqualTo(0x20);
        // BT does not need to write.
        t.c.r[6] = Bench.RO;
        assertThat(t.run("0FBA2605")).isEqualTo(Bench.OK);
        assertThat(t.run("0FBA2E05")).isEqualTo(Fault.PF);
    }

    @Test
    void byteOrder() {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[1] = 0x1122334455667788L;
        t.run("0FC9");
        assertThat(t.c.r[1]).isEqualTo(0x88776655L);
        t.c.r[1] = 0x1122334455667788L;
        t.run("480FC9");
        assertThat(t.c.r[1]).isEqualTo(0x8877665544332211L);
        t.c.r[6] = Bench.RW;
        t.run("480F38F10E");
        assertThat(t.peek(Bench.RW, 8)).isEqualTo(0x1122334455667788L);
        t.run("0F38F006");
        assertThat(t.c.r[0]).isEqualTo(0x88776655L);
        t.c.r[0] = -1;
        t.run("660F38F006");
        assertThat(t.c.r[0]).isEqualTo(0xFFFFFFFFFFFF8877L);
    }

    @Test
    void crc32AgreesWithTheLibrary() {
        var d = new Draw();
        var t = new Bench(CodeMode.CODE64);
        for (int k = 0; k < 500; k++) {
            byte[] data = new byte[15];
            d.fill(data);
            ByteBuffer b = ByteBuffer.wrap(data).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            var library = new CRC32C();
            library.update(data);
            t.reset();
            t.c.r[0] = -1;
            t.c.r[3] = b.getLong(0);
            t.run("F2480F38F1C3");
            t.c.r[3] = b.getInt(8);
            t.run("F20F38F1C3");
            t.c.r[3] = b.getShort(12);
            t.run("66F20F38F1C3");
            t.c.r[3] = (data[14] & 0xFF) << 8;
            t.run("F20F38F0C7");
            assertThat(~t.c.r[0] & 0xFFFFFFFFL).as("seed %d", d.seed).isEqualTo(library.getValue());
        }
    }

    @Test
    void bitFields() {
        var d = new Draw();
        var t = new Bench(CodeMode.CODE64);
        for (int k = 0; k < 12_000; k++) {
            boolean wide = d.oneIn(2);
            int bits = wide ? 64 : 32;
            long mask = wide ? -1 : 0xFFFFFFFFL;
            long a = d.value(64);
            long b = d.oneIn(2) ? d.value(64) : d.below(80) | d.below(80) << 8;
            int op = d.below(12);
            t.reset();
            t.c.setArith(Flags.OF | Flags.CF);
            t.c.r[0] = 0x5555555555555555L;
            t.c.r[1] = a;
            t.c.r[3] = b;
            // Destination rAX, first source rCX, second rBX.
            int w = wide ? 0x80 : 0;
            String code = switch (op) {
                case 0 -> vex(2, w | 0x70, 0xF2, 0xC3);
                case 1 -> vex(2, w | 0x60, 0xF7, 0xC1);
                case 2 -> vex(2, w | 0x78, 0xF3, 0xD9);
                case 3 -> vex(2, w | 0x78, 0xF3, 0xC9);
                case 4 -> vex(2, w | 0x78, 0xF3, 0xD1);
                case 5 -> vex(2, w | 0x60, 0xF5, 0xC1);
                case 6 -> vex(2, w | 0x73, 0xF5, 0xC3);
                case 7 -> vex(2, w | 0x72, 0xF5, 0xC3);
                case 8 -> vex(3, w | 0x7B, 0xF0, 0xC1) + "%02x".formatted(b & 0xFF);
                case 9 -> vex(2, w | 0x62, 0xF7, 0xC1);
                case 10 -> vex(2, w | 0x61, 0xF7, 0xC1);
                default -> vex(2, w | 0x63, 0xF7, 0xC1);
            };
            String what = "seed %d, %s a=%x b=%x".formatted(d.seed, code, a, b);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            long x = a & mask;
            long r = 0;
            int cf = 0;
            int n = (int) (b & bits - 1);
            switch (op) {
                case 0 -> r = ~a & b;
                case 1 -> {
                    for (int i = 0; i < (b >> 8 & 0xFF) && (b & 0xFF) + i < bits; i++) {
                        r |= i < bits && bit(x, (int) (b & 0xFF) + i) ? 1L << i : 0;
                    }
                }
                case 2 -> {
                    r = Long.lowestOneBit(x);
                    cf = x != 0 ? 1 : 0;
                }
                case 3 -> {
                    r = x ^ Long.lowestOneBit(x);
                    cf = x == 0 ? 1 : 0;
                }
                case 4 -> {
                    for (int i = 0; i < bits && (i == 0 || !bit(x, i - 1)); i++) {
                        r |= 1L << i;
                    }
                    cf = x == 0 ? 1 : 0;
                }
                case 5 -> {
                    for (int i = 0; i < bits && i < (b & 0xFF); i++) {
                        r |= x & 1L << i;
                    }
                    cf = (b & 0xFF) >= bits ? 1 : 0;
                }
                case 6 -> {
                    int from = 0;
                    for (int i = 0; i < bits; i++) {
                        if (bit(b, i)) {
                            r |= bit(x, from++) ? 1L << i : 0;
                        }
                    }
                }
                case 7 -> {
                    int to = 0;
                    for (int i = 0; i < bits; i++) {
                        if (bit(b, i)) {
                            r |= bit(x, i) ? 1L << to : 0;
                            to++;
                        }
                    }
                }
                case 8 -> {
                    for (int i = 0; i < bits; i++) {
                        r |= bit(x, (i + n) % bits) ? 1L << i : 0;
                    }
                }
                case 9 -> {
                    for (int i = 0; i < bits; i++) {
                        r |= bit(x, Math.min(i + n, bits - 1)) ? 1L << i : 0;
                    }
                }
                case 10 -> {
                    for (int i = n; i < bits; i++) {
                        r |= bit(x, i - n) ? 1L << i : 0;
                    }
                }
                default -> {
                    for (int i = 0; i + n < bits; i++) {
                        r |= bit(x, i + n) ? 1L << i : 0;
                    }
                }
            }
            // SHLX has 66 and SARX F3: cases 10 and 9.
            assertThat(t.c.r[0]).as(what).isEqualTo(r & mask);
            if (op < 6) {
                boolean signed = op != 1;
                int zs = (r & mask) == 0 ? Flags.ZF : 0;
                zs |= signed && bit(r, bits - 1) ? Flags.SF : 0;
                assertThat(t.c.arith() & (Flags.ZF | Flags.SF | Flags.OF | Flags.CF)).as(what).isEqualTo(zs | cf);
            } else {
                assertThat(t.c.arith()).as(what).isEqualTo(Flags.OF | Flags.CF);
            }
        }
    }

    private static String vex(int map, int second, int opcode, int modrm) {
        return "C4%02x%02x%02x%02x".formatted(0xE0 | map, second, opcode, modrm);
    }

    @Test
    void additionsWithSeparateCarries() {
        var d = new Draw();
        var t = new Bench(CodeMode.CODE64);
        for (int k = 0; k < 4_000; k++) {
            boolean wide = d.oneIn(2);
            boolean x = d.oneIn(2);
            long a = d.value(64);
            long b = d.value(64);
            int flags = d.flags();
            int bits = wide ? 64 : 32;
            t.reset();
            t.c.setArith(flags);
            t.c.r[0] = a;
            t.c.r[3] = b;
            String code = (x ? "66" : "F3") + (wide ? "48" : "") + "0F38F6C3";
            String what = "seed %d, %s a=%x b=%x flags=%x".formatted(d.seed, code, a, b, flags);
            assertThat(t.run(code)).as(what).isEqualTo(Bench.OK);
            int flag = x ? Flags.CF : Flags.OF;
            var sum = ArithmeticTest.unsigned(a, bits).add(ArithmeticTest.unsigned(b, bits))
                    .add(java.math.BigInteger.valueOf((flags & flag) != 0 ? 1 : 0));
            assertThat(ArithmeticTest.unsigned(t.c.r[0], 64)).as(what)
                    .isEqualTo(sum.mod(java.math.BigInteger.ONE.shiftLeft(bits)));
            assertThat(t.c.arith()).as(what).isEqualTo(flags & ~flag | (sum.bitLength() > bits ? flag : 0));
        }
    }
}
