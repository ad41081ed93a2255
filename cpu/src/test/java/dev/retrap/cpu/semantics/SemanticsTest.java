package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All bound instructions on random bytes and states: complete, no exception but the guest's, precise. */
class SemanticsTest {
    /** Those that leave what they have done so far when they fault. */
    private static final Set<Op> RESUMED = EnumSet.of(Op.MOVS, Op.STOS, Op.LODS, Op.CMPS, Op.SCAS);

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void aFaultChangesNothing(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        var met = EnumSet.noneOf(Op.class);
        byte[] code = new byte[15];
        byte[] pages = new byte[0x3000];
        int faults = 0;
        for (int k = 0; k < 60_000; k++) {
            d.fill(code);
            if (d.oneIn(2)) {
                code[d.below(3)] = (byte) (d.oneIn(2) ? 0x0F : 0x66);
            }
            Insn i = t.decode(code);
            if (i == null || i.op == Op.INVALID || Semantics.bind(i) == null) {
                continue;
            }
            met.add(i.op);
            t.reset();
            for (int n = 0; n < (mode == CodeMode.CODE64 ? 16 : 8); n++) {
                // Addresses inside, at the edges of and outside the mapped pages.
                t.c.r[n] = d.oneIn(2) ? Bench.RW + d.below(0x3010) - 8 : d.value(mode == CodeMode.CODE64 ? 64 : 32);
                if (mode == CodeMode.CODE64) {
                    // Whether an address is canonical is not decided here.
                    t.c.r[n] = t.c.r[n] << 20 >> 20;
                }
            }
            if (i.rep != 0) {
                t.c.r[1] = d.below(50);
            }
            int flags = d.flags() | (d.oneIn(4) ? Flags.DF : 0);
            t.c.setEflags(flags | Flags.IF | d.below(4) << 12);
            if (k % 64 == 0) {
                d.fill(pages);
            }
            t.poke(Bench.RW, pages);
            long[] before = t.c.r.clone();
            int eflags = t.c.eflags();
            int vector;
            try {
                vector = t.run(i);
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d, %s %s".formatted(d.seed, mode, hex(i)), e);
            }
            faults += vector == Bench.OK ? 0 : 1;
            String wrong = wrong(t, i, vector, before, eflags, pages, mode);
            if (wrong != null) {
                throw new AssertionError("seed %d, %s %s, vector %d: %s"
                        .formatted(d.seed, mode, hex(i), vector, wrong));
            }
        }
        assertThat(faults).isGreaterThan(1_000);
        assertThat(met).contains(Op.ADD, Op.MOV, Op.SHLD, Op.CMPXCHG, Op.MOVS, Op.CALL_IND, Op.ENTER, Op.DIV);
    }

    /** What is wrong with the state after an instruction, or null. */
    private static String wrong(Bench t, Insn i, int vector, long[] before, int eflags, byte[] memory, CodeMode mode) {
        if (vector != Bench.OK && !(RESUMED.contains(i.op) && i.rep != 0)) {
            if (!Arrays.equals(t.c.r, before) || t.c.eflags() != eflags) {
                return "registers or flags changed";
            }
            if (i.op != Op.ENTER && !Arrays.equals(t.bytes(Bench.RW, memory.length), memory)) {
                return "memory changed";
            }
        }
        if (mode != CodeMode.CODE64) {
            for (long r : t.c.r) {
                if (r >>> 32 != 0) {
                    return "upper half of a register";
                }
            }
        }
        // Flags are as the table says: what it does not name stays.
        int arith = t.c.arith();
        if (i.op != Op.POPF && ((arith ^ eflags) & Flags.ARITH & ~i.form.writes()) != 0) {
            return "a flag changed";
        }
        if (vector == Bench.OK && counts(i)
                && ((arith & i.form.clears()) != 0 || (~arith & i.form.sets() & Flags.ARITH) != 0)) {
            return "a flag that is always cleared or set";
        }
        return null;
    }

    /** Shifts and repeated instructions with a count of 0 leave the flags. */
    private static boolean counts(Insn i) {
        return switch (i.op) {
            case SHL, SHR, SAR, SHLD, SHRD, ROL, ROR, RCL, RCR, CMPS, SCAS -> false;
            default -> true;
        };
    }

    private static String hex(Insn i) {
        byte[] b = new byte[i.length];
        for (int n = 0; n < b.length; n++) {
            b[n] = (byte) i.byteAt(n);
        }
        return HexFormat.of().formatHex(b) + ' ' + i.form;
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "F390", "0F1F00", "660F1F440000", "F30F1EFB", "0F18C0", "0F1806", "0F0D0E", "0FAEE8",
        "0FAEF0", "0FAEF8"})
    void noOperations(String code) {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[0] = Bench.HOLE;
        t.c.r[6] = Bench.HOLE;
        long[] before = t.c.r.clone();
        assertThat(t.run(code)).isEqualTo(Bench.OK);
        assertThat(t.c.r).isEqualTo(before);
    }

    @Test
    void flushesAreCheckedAsReads() {
        var t = new Bench(CodeMode.CODE32);
        for (String code : new String[] {"0FAE3E", "660FAE3E", "660FAE36"}) {
            t.c.r[6] = Bench.RO;
            assertThat(t.run(code)).isEqualTo(Bench.OK);
            t.c.r[6] = Bench.HOLE;
            assertThat(t.run(code)).isEqualTo(Fault.PF);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0F0B", "0FB9C0", "0FFFC0", "0FB906"})
    void undefinedByDefinition(String code) {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[6] = Bench.HOLE;
        assertThat(t.run(code)).isEqualTo(Fault.UD);
    }

    @Test
    void withoutTheFeatureTheBytesMeanTheFallback() {
        var t = new Bench(CodeMode.CODE32);
        t.c.r[3] = 0x10;
        Insn lzcnt = t.decode(HexFormat.of().parseHex("F30FBDC3"));
        assertThat(lzcnt.op).isEqualTo(Op.LZCNT);
        Semantics.bind(lzcnt).exec(t.c, lzcnt);
        assertThat(t.c.r[0]).isEqualTo(27);
        Insn bsr = lzcnt.fallback();
        Semantics.bind(bsr).exec(t.c, bsr);
        assertThat(t.c.r[0]).isEqualTo(4);
    }
}
