package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import org.junit.jupiter.api.Test;

/** The decimal adjustments, for every AL, AF and CF, against the manual's steps and against decimal arithmetic. */
class BcdTest {
    private final Bench t = new Bench(CodeMode.CODE32);

    /** DAA and DAS as SDM vol. 2 spells them: AL and flags. */
    private static int[] adjust(boolean minus, int old, int flags) {
        int al = old;
        int cf = 0;
        int af = 0;
        if ((al & 15) > 9 || (flags & Flags.AF) != 0) {
            int r = minus ? al - 6 : al + 6;
            cf = flags & Flags.CF | (r < 0 || r > 255 ? 1 : 0);
            al = r & 255;
            af = Flags.AF;
        }
        if (old > 0x99 || (flags & Flags.CF) != 0) {
            al = (minus ? al - 0x60 : al + 0x60) & 255;
            cf = 1;
        } else if (!minus) {
            cf = 0;
        }
        return new int[] {al, cf | af | ArithmeticTest.resultFlags(al, 8)};
    }

    @Test
    void daaAndDas() {
        for (int al = 0; al < 256; al++) {
            for (int f : new int[] {0, Flags.CF, Flags.AF, Flags.CF | Flags.AF}) {
                for (boolean minus : new boolean[] {false, true}) {
                    t.c.r[0] = 0x1100 | al;
                    t.c.setArith(f);
                    t.run(minus ? "2F" : "27");
                    int[] e = adjust(minus, al, f);
                    String what = "%s al=%x flags=%x".formatted(minus ? "das" : "daa", al, f);
                    assertThat(t.c.r[0]).as(what).isEqualTo(0x1100 | e[0]);
                    assertThat(t.c.arith() & ~Flags.OF).as(what).isEqualTo(e[1]);
                }
            }
        }
    }

    @Test
    void packedSumsAndDifferences() {
        for (int a = 0; a < 100; a++) {
            for (int b = 0; b < 100; b++) {
                t.c.r[0] = a / 10 << 4 | a % 10;
                t.c.r[3] = b / 10 << 4 | b % 10;
                t.run("00D8");
                t.run("27");
                int sum = (a + b) % 100;
                assertThat(t.c.r[0]).isEqualTo(sum / 10 << 4 | sum % 10);
                assertThat(t.c.cf()).isEqualTo((a + b) / 100);
                t.c.r[0] = a / 10 << 4 | a % 10;
                t.run("28D8");
                t.run("2F");
                int difference = (a - b + 100) % 100;
                assertThat(t.c.r[0]).isEqualTo(difference / 10 << 4 | difference % 10);
                assertThat(t.c.cf()).isEqualTo(a < b ? 1 : 0);
            }
        }
    }

    @Test
    void aaaAndAas() {
        for (int ax = 0; ax < 0x10000; ax += 7) {
            for (int af : new int[] {0, Flags.AF}) {
                boolean adjusted = (ax & 15) > 9 || af != 0;
                t.c.r[0] = 0x55550000L | ax;
                t.c.setArith(af);
                t.run("37");
                assertThat(t.c.r[0]).isEqualTo(0x55550000L | (adjusted ? ax + 0x106 : ax) & 0xFF0F);
                assertThat(t.c.arith() & (Flags.CF | Flags.AF)).isEqualTo(adjusted ? Flags.CF | Flags.AF : 0);
                t.c.r[0] = 0x55550000L | ax;
                t.c.setArith(af);
                t.run("3F");
                assertThat(t.c.r[0]).isEqualTo(0x55550000L | (adjusted ? ax - 0x106 : ax) & 0xFF0F);
                assertThat(t.c.arith() & (Flags.CF | Flags.AF)).isEqualTo(adjusted ? Flags.CF | Flags.AF : 0);
            }
        }
    }

    @Test
    void aamAndAad() {
        for (int base = 1; base < 256; base += 3) {
            for (int al = 0; al < 256; al++) {
                t.c.r[0] = 0x7700 | al;
                t.run("D4%02x".formatted(base));
                assertThat(t.c.r[0]).isEqualTo(al / base << 8 | al % base);
                assertThat(t.c.arith() & 0xC4).isEqualTo(ArithmeticTest.resultFlags(al % base, 8));
                t.run("D5%02x".formatted(base));
                assertThat(t.c.r[0]).isEqualTo(al);
                assertThat(t.c.arith() & 0xC4).isEqualTo(ArithmeticTest.resultFlags(al, 8));
            }
        }
        t.c.r[0] = 0x1234;
        assertThat(t.run("D400")).isEqualTo(Fault.DE);
        assertThat(t.c.r[0]).isEqualTo(0x1234);
        assertThat(t.run("D500")).isEqualTo(Bench.OK);
        assertThat(t.c.r[0]).isEqualTo(0x34);
    }
}
