package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MOV and its relatives, exchanges, and the single flags. */
class MovesTest {
    private static final long A = 0x8877665544332211L;
    private static final long B = 0x1020304050607080L;

    /** rAX = A, rCX = B, quadword B' = 90A0B0C0D0E0F001 at rSI; then rAX. */
    @ParameterizedTest
    @CsvSource({
        "88C8, 8877665544332280", "88E8, 8877665544332270", "88CC, 8877665544338011", "4088CC, 8877665544332211",
        "6689C8, 8877665544337080", "89C8, 0000000050607080", "4889C8, 1020304050607080",
        "8A06, 8877665544332201", "8A26, 8877665544330111", "668B06, 887766554433F001", "8B06, 00000000D0E0F001",
        "488B06, 90A0B0C0D0E0F001", "B0FE, 88776655443322FE", "B4FE, 887766554433FE11", "66B80180, 8877665544338001",
        "B801000080, 0000000080000001", "48C7C001000080, FFFFFFFF80000001",
        "48B80807060504030201, 0102030405060708",
        "0FB6C1, 0000000000000080", "0FB6C5, 0000000000000070", "660FB6C1, 8877665544330080",
        "0FB7C1, 0000000000007080", "480FB706, 000000000000F001", "660FB606, 8877665544330001",
        "0FBEC1, 00000000FFFFFF80", "480FBEC1, FFFFFFFFFFFFFF80", "660FBEC1, 887766554433FF80",
        "0FBF06, 00000000FFFFF001", "480FBF06, FFFFFFFFFFFFF001", "4863C1, 0000000050607080",
        "486306, FFFFFFFFD0E0F001", "6306, 00000000D0E0F001", "666306, 887766554433F001",
        "8D440910, 00000000A0C0E110", "488D440910, 20406080A0C0E110", "668D440910, 887766554433E110",
        "67488D440910, 00000000A0C0E110",
        "6698, 8877665544330011", "98, 0000000000002211", "4898, 0000000044332211"})
    void moves(String code, String result) {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[0] = A;
        t.c.r[1] = B;
        t.c.r[6] = Bench.RW + 8;
        t.poke(Bench.RW + 8, 0x90A0B0C0D0E0F001L, 8);
        t.c.setArith(Flags.ARITH);
        assertThat(t.run(code)).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(Long.parseUnsignedLong(result, 16));
        assertThat(t.c.arith()).isEqualTo(Flags.ARITH);
    }

    /** rAX = A, rSI points to a quadword of zeros; then that quadword. */
    @ParameterizedTest
    @CsvSource({"8806, 11", "8826, 22", "668906, 2211", "8906, 44332211", "488906, 8877665544332211", "C606FE, FE",
        "66C706FEFF, FFFE", "C706000000F0, F0000000", "48C706000000F0, FFFFFFFFF0000000", "0FC306, 44332211",
        "480FC306, 8877665544332211", "0F9406, 1", "0F9506, 0"})
    void stores(String code, String image) {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[0] = A;
        t.c.r[6] = Bench.RW + 8;
        t.c.setArith(Flags.ZF);
        assertThat(t.run(code)).isEqualTo(Bench.OK);
        assertThat(t.peek(Bench.RW + 8, 8)).isEqualTo(Long.parseUnsignedLong(image, 16));
        t.c.r[6] = Bench.RO;
        assertThat(t.run(code)).isEqualTo(Fault.PF);
    }

    @Test
    void memoryOffsetsAndTable() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[0] = 0x12345678;
        assertThat(t.run("A300800000")).isEqualTo(Bench.OK);
        t.c.r[0] = 0;
        assertThat(t.run("A001800000")).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(0x56);
        t.c.r[3] = Bench.RW - 0x56;
        assertThat(t.run("D7")).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(0x78);
        // 16-bit addressing wraps BX + AL.
        t.c.r[3] = 0x7777FFF0L;
        t.c.r[0] = 0x20;
        assertThat(t.run("67D7")).isEqualTo(Fault.PF);
        assertThat(t.c.faultAddress).isEqualTo(0x10);
    }

    @ParameterizedTest
    @CsvSource({"6699, 80008001, AAAAFFFF", "99, 80008001, FFFFFFFF", "99, 7FFFFFFF, 0", "6699, 80007001, AAAA0000"})
    void signIntoDx(String code, String a, String d) {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[0] = Long.parseLong(a, 16);
        t.c.r[2] = 0xAAAAAAAAL;
        t.run(code);
        assertThat(t.c.r[2]).isEqualTo(Long.parseLong(d, 16));
    }

    // ---------------------------------------------------------------- exchanges

    @Test
    void xchg() {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[0] = A;
        t.c.r[1] = B;
        t.run("91");
        assertThat(t.c.r[0]).isEqualTo(0x50607080L);
        assertThat(t.c.r[1]).isEqualTo(0x44332211L);
        t.run("86E5");
        assertThat(t.c.r[0]).isEqualTo(0x50602280L);
        assertThat(t.c.r[1]).isEqualTo(0x44337011L);
        t.c.r[6] = Bench.RW;
        t.poke(Bench.RW, 0x0102030405060708L, 8);
        t.run("668706");
        assertThat(t.c.r[0]).isEqualTo(0x50600708L);
        assertThat(t.peek(Bench.RW, 8)).isEqualTo(0x0102030405062280L);
        t.c.r[6] = Bench.RO;
        assertThat(t.run("8706")).isEqualTo(Fault.PF);
        assertThat(t.c.r[0]).isEqualTo(0x50600708L);
    }

    @Test
    void xadd() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[0] = 0xFFFFFFFFL;
        t.c.r[1] = 2;
        t.run("0FC1C8");
        assertThat(t.c.r[0]).isEqualTo(1);
        assertThat(t.c.r[1]).isEqualTo(0xFFFFFFFFL);
        assertThat(t.c.arith()).isEqualTo(Flags.CF | Flags.AF);
        t.c.r[0] = 5;
        t.run("0FC1C0");
        assertThat(t.c.r[0]).isEqualTo(10);
        t.c.r[6] = Bench.RW;
        t.poke(Bench.RW, 0xFE, 1);
        t.run("0FC006");
        assertThat(t.peek(Bench.RW, 1)).isEqualTo(8);
        assertThat(t.c.r[0]).isEqualTo(0xFE);
    }

    @Test
    void cmpxchg() {
        var t = new Bench(CodeMode.CODE64);
        // Equal: the destination is written, and rAX keeps its upper half.
        t.c.r[0] = 0xFFFFFFFF00000005L;
        t.c.r[3] = 0xEEEEEEEE00000005L;
        t.c.r[1] = 0x1122334455667788L;
        t.run("0FB1CB");
        assertThat(t.c.r[3]).isEqualTo(0x55667788L);
        assertThat(t.c.r[0]).isEqualTo(0xFFFFFFFF00000005L);
        assertThat(t.c.condition(4)).isTrue();
        // Not equal: EAX is loaded, the destination register is left alone.
        t.c.r[3] = 0xEEEEEEEE00000007L;
        t.run("0FB1CB");
        assertThat(t.c.r[3]).isEqualTo(0xEEEEEEEE00000007L);
        assertThat(t.c.r[0]).isEqualTo(7);
        assertThat(t.c.arith()).isEqualTo(Flags.CF | Flags.SF | Flags.AF);
        t.c.r[6] = Bench.RW;
        t.poke(Bench.RW, 7, 8);
        t.run("480FB10E");
        assertThat(t.peek(Bench.RW, 8)).isEqualTo(0x1122334455667788L);
        t.c.r[6] = Bench.RO;
        t.c.r[0] = 1;
        // The destination must be writable even if it will not change.
        assertThat(t.run("480FB10E")).isEqualTo(Fault.PF);
        assertThat(t.c.r[0]).isEqualTo(1);
    }

    @Test
    void cmpxchg8bAnd16b() {
        var t = new Bench(CodeMode.CODE64);
        t.c.r[6] = Bench.RW;
        t.poke(Bench.RW, 0x0000000200000001L, 8);
        t.c.r[0] = 0xFFFFFFFF00000001L;
        t.c.r[2] = 2;
        t.c.r[3] = 0xFFFFFFFF00000003L;
        t.c.r[1] = 4;
        t.c.setArith(Flags.ARITH & ~Flags.ZF);
        t.run("0FC70E");
        assertThat(t.peek(Bench.RW, 8)).isEqualTo(0x0000000400000003L);
        assertThat(t.c.arith()).isEqualTo(Flags.ARITH);
        t.run("0FC70E");
        assertThat(t.c.r[0]).isEqualTo(3);
        assertThat(t.c.r[2]).isEqualTo(4);
        assertThat(t.c.arith()).isEqualTo(Flags.ARITH & ~Flags.ZF);
        t.poke(Bench.RW + 8, 4, 8);
        t.c.r[0] = 0x0000000400000003L;
        t.run("480FC70E");
        assertThat(t.peek(Bench.RW, 8)).isEqualTo(0xFFFFFFFF00000003L);
        assertThat(t.peek(Bench.RW + 8, 8)).isEqualTo(4);
        t.c.r[6] = Bench.RW + 8;
        assertThat(t.run("480FC70E")).isEqualTo(Fault.GP);
    }

    // ---------------------------------------------------------------- flags

    @Test
    void singleFlags() {
        for (int start : new int[] {0, Flags.ARITH, Flags.OF, Flags.SF | Flags.CF, Flags.ZF | Flags.OF | Flags.CF}) {
            var t = new Bench(CodeMode.CODE32);
            t.c.setArith(start);
            t.run("F9");
            assertThat(t.c.arith()).isEqualTo(start | Flags.CF);
            t.run("F5");
            assertThat(t.c.arith()).isEqualTo(start & ~Flags.CF);
            t.run("F5");
            assertThat(t.c.arith()).isEqualTo(start | Flags.CF);
            t.run("D6");
            assertThat(t.c.r8(0)).isEqualTo(0xFF);
            t.run("F8");
            assertThat(t.c.arith()).isEqualTo(start & ~Flags.CF);
            t.run("D6");
            assertThat(t.c.r8(0)).isZero();
            t.run("FD");
            assertThat(t.c.flag(Flags.DF)).isTrue();
            t.run("FC");
            assertThat(t.c.flag(Flags.DF)).isFalse();
        }
    }

    @Test
    void lahfAndSahf() {
        var t = new Bench(CodeMode.CODE32);
        for (int n = 0; n < 256; n++) {
            for (int of : new int[] {0, Flags.OF}) {
                t.c.r[0] = n << 8;
                t.c.setArith(of | Flags.ARITH & ~Flags.OF & ~n);
                t.run("9E");
                assertThat(t.c.arith()).isEqualTo(n & 0xD5 | of);
                t.run("9F");
                assertThat(t.c.r[0]).isEqualTo((n & 0xD5 | 2) << 8);
            }
        }
    }
}
