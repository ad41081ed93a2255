package dev.retrap.trace.file;

import java.util.Arrays;

/**
 * What the columns of {@code Events} predict for the next event of a context, a kind and vector: the coder and the
 * decoder each keep one per context and update it alike. Starts with zeros at every chunk.
 */
final class EventPrediction {
    final long[] before;
    final long[] after;
    long positionDelta;
    long cyclesDelta;
    long errorCode;
    long steps;
    long spentCycles;

    EventPrediction(int registers) {
        before = new long[registers];
        after = new long[registers];
    }

    void clear() {
        Arrays.fill(before, 0);
        Arrays.fill(after, 0);
        positionDelta = 0;
        cyclesDelta = 0;
        errorCode = 0;
        steps = 0;
        spentCycles = 0;
    }

    /**
     * Value that a register is predicted to have after a crossing: the value before it, if the last crossing of this
     * context left the register alone; else the value after that one. To be called before the last values are updated.
     */
    long after(int register, long valueBefore) {
        return after[register] == before[register] ? valueBefore : after[register];
    }
}
