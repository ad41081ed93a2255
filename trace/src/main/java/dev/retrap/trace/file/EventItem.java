package dev.retrap.trace.file;

/**
 * Layout of one event on its way from the machine's thread to the writer's, in longs: the times, and those registers
 * that are not as the last event of the same context (kind, vector, presence of an error code) lets expect. The first
 * event of a context names them all. What has not changed costs the machine nothing, and the writer neither.
 */
public final class EventItem {
    /** Position before the crossing. */
    public static final int POSITION = 0;
    /** Modelled cycles there. */
    public static final int CYCLES = 1;
    /** Bit i: the value of register i before follows; else it is as at the last event of the context. */
    public static final int BEFORE = 2;
    /**
     * Bit i: the value of register i after follows; else it is the value before, if it was at the last event of the
     * context, else as then. The bit behind the last register: the error code follows, else it is as then.
     */
    public static final int AFTER = 3;
    /** As {@link EventRow#NESTING} and, in the order there, all up to {@link EventRow#NESTED_CYCLES}. */
    public static final int NESTING = 4;
    /** The values that the masks announce, before in ascending order, then after, then the error code. */
    public static final int VALUES = NESTING + EventRow.REGISTERS - EventRow.NESTING;

    private EventItem() {}

    /** Longs at most. */
    static int atMost(int registers) {
        return VALUES + 2 * registers + 1;
    }
}
