package dev.retrap.cpu.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Watch;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** String operations against a byte-by-byte model of memory: overlaps, direction, widths, faults in the middle. */
class StringsTest {
    private static final int SPAN = Bench.HOLE - Bench.RW;

    /** One run in all its parameters; the outcome of the model and of the machine must agree in everything. */
    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void repeatedOperations(CodeMode mode) {
        var d = new Draw();
        var t = new Bench(mode);
        byte[] before = new byte[SPAN];
        for (int k = 0; k < 4_000; k++) {
            int op = d.below(5);
            int size = 1 << d.below(mode == CodeMode.CODE64 ? 4 : 3);
            boolean down = d.oneIn(3);
            int rep = d.below(3);
            boolean otherAddress = d.oneIn(4);
            int addressBits = switch (mode) {
                case CODE16 -> otherAddress ? 32 : 16;
                case CODE32 -> otherAddress ? 16 : 32;
                case CODE64 -> otherAddress ? 32 : 64;
            };
            d.fill(before);
            if (op >= 3 && d.oneIn(2)) {
                Arrays.fill(before, (byte) 7);
                before[d.below(SPAN)] = 8;
            }
            t.poke(Bench.RW, before);
            t.reset();
            int source = Bench.RW + d.below(SPAN);
            int target = d.oneIn(2) ? source + d.below(40) - 20 : Bench.RW + d.below(SPAN);
            int count = d.oneIn(8) ? d.below(SPAN) : d.below(300);
            long accumulator = d.oneIn(2) ? 0x0707070707070707L : d.value(mode == CodeMode.CODE64 ? 64 : 32);
            accumulator &= mode == CodeMode.CODE64 ? -1 : 0xFFFFFFFFL;
            long above = addressBits == 16 ? 0x33330000L : 0;
            int flags = d.flags();
            t.c.setArith(flags);
            t.c.flagRest |= down ? Flags.DF : 0;
            t.c.r[0] = accumulator;
            t.c.r[1] = above | count;
            t.c.r[6] = above | source;
            t.c.r[7] = above | target;
            int opcode = new int[] {0xA4, 0xAA, 0xAC, 0xA6, 0xAE}[op] | (size == 1 ? 0 : 1);
            String operandSize = size == 8 || size == 1 || size == 2 == (mode == CodeMode.CODE16) ? "" : "66";
            String code = (rep == 0 ? "" : rep == 1 ? "F3" : "F2") + operandSize + (otherAddress ? "67" : "")
                    + (size == 8 ? "48" : "") + "%02x".formatted(opcode);
            String what = "seed %d, %s %s rsi=%x rdi=%x rcx=%x rax=%x df=%b".formatted(d.seed, mode, code, source,
                    target, count, accumulator, down);
            var model = new Model(before, source, target, count, accumulator);
            int vector = model.run(op, size, rep, down);
            assertThat(t.run(code)).as(what).isEqualTo(vector);
            if (vector == Fault.PF) {
                assertThat(t.c.faultAddress).as(what).isEqualTo(model.faultAt);
            }
            assertThat(t.c.r[1]).as(what).isEqualTo(above | model.count);
            assertThat(t.c.r[6]).as(what).isEqualTo(above | model.source);
            assertThat(t.c.r[7]).as(what).isEqualTo(above | model.target);
            assertThat(t.c.r[0]).as(what).isEqualTo(model.accumulator);
            assertThat(t.bytes(Bench.RW, SPAN)).as(what).isEqualTo(model.memory);
            if (!model.compared) {
                assertThat(t.c.arith()).as(what).isEqualTo(flags);
            } else {
                assertThat(t.c.condition(4)).as(what).isEqualTo(model.left == model.right);
                assertThat(t.c.condition(2)).as(what).isEqualTo(Long.compareUnsigned(model.left, model.right) < 0);
            }
        }
    }

    /** The writable pages as bytes; what is outside faults. */
    private static final class Model {
        final byte[] memory;
        int source;
        int target;
        int count;
        long accumulator;
        long left;
        long right;
        boolean compared;
        int faultAt;

        Model(byte[] memory, int source, int target, int count, long accumulator) {
            this.memory = memory.clone();
            this.source = source;
            this.target = target;
            this.count = count;
            this.accumulator = accumulator;
        }

        private boolean faults(int at, int size) {
            if (at >= Bench.RW && at + size <= Bench.HOLE) {
                return false;
            }
            // Of two pages the lower is looked at first.
            faultAt = at < Bench.RW ? at : Math.max(at, Bench.HOLE);
            return true;
        }

        private long load(int at, int size) {
            long v = 0;
            for (int k = 0; k < size; k++) {
                v |= (memory[at - Bench.RW + k] & 0xFFL) << 8 * k;
            }
            return v;
        }

        private void store(int at, long v, int size) {
            for (int k = 0; k < size; k++) {
                memory[at - Bench.RW + k] = (byte) (v >>> 8 * k);
            }
        }

        int run(int op, int size, int rep, boolean down) {
            int step = down ? -size : size;
            long mask = size == 8 ? -1 : (1L << 8 * size) - 1;
            while (rep == 0 || count != 0) {
                boolean reads = op == 0 || op == 2 || op == 3;
                if (reads && faults(source, size) || op != 2 && faults(target, size)) {
                    return Fault.PF;
                }
                switch (op) {
                    case 0 -> store(target, load(source, size), size);
                    case 1 -> store(target, accumulator, size);
                    case 2 -> accumulator = (size >= 4 ? 0 : accumulator & ~mask) | load(source, size);
                    default -> {
                        left = op == 3 ? load(source, size) : accumulator & mask;
                        right = load(target, size);
                        compared = true;
                    }
                }
                source += reads ? step : 0;
                target += op != 2 ? step : 0;
                if (rep == 0) {
                    return Bench.OK;
                }
                count--;
                if (op >= 3 && (left == right) != (rep == 1)) {
                    return Bench.OK;
                }
            }
            return Bench.OK;
        }
    }

    @Test
    void aliasedPagesSeeTheirOwnWrites() {
        var t = new Bench(CodeMode.CODE32);
        // The second page is a second view of the first.
        t.poke(0x4000 + (Bench.RW + 0x1000 >>> 12) * 4, Bench.RW | 7, 4);
        t.c.mmu.flush();
        t.poke(Bench.RW, new byte[] {1, 2, 3});
        t.c.r[6] = Bench.RW;
        t.c.r[7] = Bench.RW + 0x1000 + 3;
        t.c.r[1] = 60;
        assertThat(t.run("F3A4")).isEqualTo(Bench.OK);
        for (int k = 0; k < 63; k++) {
            assertThat(t.peek(Bench.RW + k, 1)).isEqualTo(k % 3 + 1);
        }
    }

    @Test
    void overrideConcernsTheSourceOnly() {
        var t = new Bench(CodeMode.CODE32);
        t.c.base[Seg.FS] = 0x100;
        t.c.limit[Seg.FS] = 0x8FFF;
        t.c.modeChanged();
        t.poke(Bench.RW + 0x100, 0x1234, 2);
        t.c.r[6] = Bench.RW;
        t.c.r[7] = Bench.RW + 8;
        assertThat(t.run("6466A5")).isEqualTo(Bench.OK);
        assertThat(t.peek(Bench.RW + 8, 2)).isEqualTo(0x1234);
        t.c.r[6] = 0x8FFF;
        assertThat(t.run("6466A5")).isEqualTo(Fault.GP);
        // STOS and SCAS use ES whatever the prefix.
        t.c.r[0] = 0x5678;
        assertThat(t.run("6466AB")).isEqualTo(Bench.OK);
        assertThat(t.peek(Bench.RW + 10, 2)).isEqualTo(0x5678);
    }

    @ParameterizedTest
    @CsvSource({"F3A4", "F3AA", "F3AC", "F3A6", "F3AE"})
    void aCountOfZeroDoesNothing(String code) {
        var t = new Bench(CodeMode.CODE64);
        t.c.setArith(Flags.ARITH);
        t.c.r[1] = 0x1234567800000000L;
        t.c.r[6] = 0x5555555500000000L;
        t.c.r[7] = 0x6666666600000000L;
        long[] before = t.c.r.clone();
        // With 32-bit addresses ECX counts, and the upper halves stay.
        assertThat(t.run("67" + code)).isEqualTo(Bench.OK);
        assertThat(t.c.r).isEqualTo(before);
        assertThat(t.c.arith()).isEqualTo(Flags.ARITH);
    }

    @Test
    void underTfEachIterationIsAStep() {
        var t = new Bench(CodeMode.CODE32);
        t.c.flagRest |= Flags.TF;
        t.c.alone = true;
        t.c.r[1] = 3;
        t.c.r[7] = Bench.RW;
        for (int left = 2; left >= 0; left--) {
            assertThat(t.run("F3AA")).isEqualTo(Bench.OK);
            assertThat(t.c.r[1]).isEqualTo(left);
            assertThat(t.c.rip).isEqualTo(left > 0 ? 0x1000 : 0x1002);
        }
    }

    @Test
    void aWatchInTheMiddleIsMetExactly() {
        var t = new Bench(CodeMode.CODE32);
        t.c.mmu.setWatches(List.of(new Watch(Bench.RW + 0x803, 1, Watch.Access.WRITE)));
        t.c.r[0] = 0x41;
        t.c.r[1] = 0x900;
        t.c.r[7] = Bench.RW;
        assertThat(t.run("F3AA")).isEqualTo(Fault.RESYNC);
        // Some iterations are done, all of them counted, and none beyond the watch.
        long done = t.c.r[7] - Bench.RW;
        assertThat(done).isBetween(0L, 0x803L);
        assertThat(t.c.r[1]).isEqualTo(0x900 - done);
        assertThat(t.peek(Bench.RW + 0x803, 1)).isZero();
        t.c.alone = true;
        assertThat(t.run("F3AA")).isEqualTo(Bench.OK);
        assertThat(t.c.watchAddress).isEqualTo(Bench.RW + 0x803);
        assertThat(t.c.r[1]).isZero();
        for (int k = 0; k < 0x900; k++) {
            assertThat(t.peek(Bench.RW + k, 1)).isEqualTo(0x41);
        }
    }
}
