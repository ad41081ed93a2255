package dev.retrap.trace.file;

/** Layout of one probe of {@code pt_regs} in an array of longs, like {@link EventRow}. */
public final class ProbeRow {
    /** Index of the probe point. */
    public static final int POINT = 0;
    /** Number of the entry event that was open, -1 if none was. */
    public static final int EVENT = 1;
    /** Position of the instruction about to run. */
    public static final int POSITION = 2;
    /** Linear address of {@code pt_regs}. */
    public static final int ADDRESS = 3;
    /** Number of words that could be read. */
    public static final int WORDS = 4;
    /** Thread flags, 0 if the point has none. */
    public static final int THREAD_FLAGS = 5;
    /** Index of the first word. */
    public static final int REGS = 6;
    /** Most words of a layout. */
    public static final int MAX_WORDS = 21;
    /** Longs of a row. */
    public static final int SIZE = REGS + MAX_WORDS;

    private ProbeRow() {}
}
