package dev.retrap.trace.file;

/**
 * What the columns of {@code Events} predict for the next event of a context, a kind and vector, as the decoder
 * keeps it. Starts with zeros at every chunk.
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

    /**
     * Value that a register is predicted to have after a crossing: the value before it, if the last crossing of this
     * context left the register alone; else the value after that one. To be called before the last values are updated.
     */
    long after(int register, long valueBefore) {
        return after[register] == before[register] ? valueBefore : after[register];
    }
}
