package dev.retrap.trace.file;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Makes events as a machine would: contexts that recur, registers that mostly stay, now and then anything at all. */
public final class Rows {
    public static final int REGISTERS = 31;
    public static final int KINDS = 14;
    public static final int POINTS = 3;
    public static final int[] WORD_BYTES = {4, 8, 4};
    private static final int ENTRY_KINDS = 10;

    private final RandomGenerator random;
    private final long[][] last = new long[KINDS][EventRow.size(REGISTERS)];
    private long[] latest;
    private long position;
    private long cycles;
    private long event;

    public Rows(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    public static boolean isEntry(int kind) {
        return kind < ENTRY_KINDS;
    }

    /** The next event. */
    public long[] event() {
        int kind = random.nextInt(4) == 0 ? random.nextInt(KINDS) : random.nextBoolean() ? 4 : 11;
        long[] row = last[kind];
        latest = row;
        int vector = random.nextInt(8) == 0 ? random.nextInt(256) : -1;
        row[EventRow.CONTEXT] = EventRow.context(kind, vector, vector == 14);
        position += 1 + random.nextInt(random.nextInt(100) == 0 ? 1_000_000 : 300);
        cycles += random.nextInt(random.nextInt(100) == 0 ? 1_000_000 : 1000);
        row[EventRow.POSITION] = position;
        row[EventRow.CYCLES] = cycles;
        row[EventRow.ERROR_CODE] = vector == 14 ? random.nextInt(32) : 0;
        nesting(row, kind);
        int changes = random.nextInt(50) == 0 ? 2 * REGISTERS : random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int r = random.nextInt(2 * REGISTERS);
            row[EventRow.REGISTERS + r] = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(1000);
        }
        event++;
        return row.clone();
    }

    /** The event before once more, later by the same time, with a register that counts. */
    public long[] again() {
        long[] row = latest;
        position += 7;
        cycles += 9;
        row[EventRow.POSITION] = position;
        row[EventRow.CYCLES] = cycles;
        row[EventRow.REGISTERS + 3]--;
        event++;
        return row.clone();
    }

    private void nesting(long[] row, int kind) {
        row[EventRow.STEPS] = 0;
        row[EventRow.NESTED_STEPS] = 0;
        row[EventRow.SPENT_CYCLES] = 0;
        row[EventRow.NESTED_CYCLES] = 0;
        if (isEntry(kind)) {
            row[EventRow.NESTING] = random.nextInt(4);
        } else {
            long back = random.nextInt(20) == 0 ? random.nextLong(event + 1) : Math.min(event, random.nextInt(3));
            row[EventRow.NESTING] = back;
            if (back != 0) {
                row[EventRow.STEPS] = random.nextInt(1000);
                row[EventRow.NESTED_STEPS] = random.nextInt(5) == 0 ? random.nextInt(100) : 0;
                row[EventRow.SPENT_CYCLES] = random.nextInt(10_000);
                row[EventRow.NESTED_CYCLES] = random.nextInt(5) == 0 ? random.nextInt(100) : 0;
            }
        }
    }

    /** A probe, made just before the next event. */
    public long[] probe() {
        long[] row = new long[ProbeRow.SIZE];
        row[ProbeRow.POINT] = random.nextInt(POINTS);
        row[ProbeRow.EVENT] = event - 1 - random.nextInt(random.nextInt(10) == 0 ? 100 : 1);
        row[ProbeRow.POSITION] = position + 1;
        row[ProbeRow.ADDRESS] = random.nextInt(4) == 0 ? random.nextLong() : 0xc000_1000L;
        row[ProbeRow.WORDS] = random.nextInt(10) == 0 ? random.nextInt(ProbeRow.MAX_WORDS + 1) : 17;
        row[ProbeRow.THREAD_FLAGS] = random.nextInt(5) == 0 ? random.nextInt() & 0xffff_ffffL : 0;
        for (int i = 0; i < row[ProbeRow.WORDS]; i++) {
            row[ProbeRow.REGS + i] = random.nextInt(3) == 0 ? random.nextLong() : i;
            if (WORD_BYTES[(int) row[ProbeRow.POINT]] == 4) {
                row[ProbeRow.REGS + i] &= 0xffff_ffffL;
            }
        }
        return row;
    }

    public boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public long position() {
        return position;
    }
}
