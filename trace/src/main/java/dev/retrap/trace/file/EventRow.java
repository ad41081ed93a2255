package dev.retrap.trace.file;

/**
 * Layout of one event of a decoded {@link EventBlock} in an array of longs. Registers before follow at
 * {@link #REGISTERS}, registers after behind them.
 */
public final class EventRow {
    /** {@code kind | (vector + 1) << 8 | hasErrorCode << 24}. */
    public static final int CONTEXT = 0;
    /** Position before the crossing. */
    public static final int POSITION = 1;
    /** Modelled cycles there. */
    public static final int CYCLES = 2;
    /** Error code. */
    public static final int ERROR_CODE = 3;
    /** Entry: number of entries open around it. Exit: 0, or its number minus that of the entry it ends. */
    public static final int NESTING = 4;
    /** Exit that ends an entry: steps from the entry. */
    public static final int STEPS = 5;
    /** Exit that ends an entry: steps of nested entries among them. */
    public static final int NESTED_STEPS = 6;
    /** Exit that ends an entry: modelled cycles from the entry. */
    public static final int SPENT_CYCLES = 7;
    /** Exit that ends an entry: modelled cycles of nested entries among them. */
    public static final int NESTED_CYCLES = 8;
    /** Index of the first register. */
    public static final int REGISTERS = 9;

    private EventRow() {}

    /** Longs of a row with so many registers. */
    public static int size(int registers) {
        return REGISTERS + 2 * registers;
    }

    /** The first word. */
    public static long context(int kind, int vector, boolean hasErrorCode) {
        return kind | (vector + 1L) << 8 | (hasErrorCode ? 1L << 24 : 0);
    }

    /** Ordinal of the kind in a first word. */
    public static int kind(long context) {
        return (int) context & 0xff;
    }

    /** Vector in a first word, -1 for none. */
    public static int vector(long context) {
        return (int) (context >> 8 & 0xffff) - 1;
    }

    /** Whether an error code was pushed, by a first word. */
    public static boolean hasErrorCode(long context) {
        return (context >> 24 & 1) != 0;
    }
}
