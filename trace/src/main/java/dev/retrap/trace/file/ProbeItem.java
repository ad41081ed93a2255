package dev.retrap.trace.file;

/**
 * Layout of one probe of {@code pt_regs} on its way from the machine's thread to the writer's, in longs, like
 * {@link EventItem}: what is not as at the last probe of the same point. The first probe of a point names all.
 */
public final class ProbeItem {
    /** Position of the instruction about to run. */
    public static final int POSITION = 0;
    /** Number of the entry event that was open, -1 if none was. */
    public static final int EVENT = 1;
    /**
     * Bit i: the i-th long of {@code pt_regs} follows, as it lies in memory: two words to a long, the first in the lower
     * half, if they are of 4 bytes. Then there are {@link #ADDRESS_BIT} and {@link #FLAGS_BIT}.
     */
    public static final int CHANGED = 2;
    /** The values that the bits announce: address, thread flags, longs in ascending order. */
    public static final int VALUES = 3;

    /** Bit of {@link #CHANGED}: the linear address of {@code pt_regs} follows. */
    public static final long ADDRESS_BIT = 1L << 32;
    /** Bit of {@link #CHANGED}: the thread flags follow. */
    public static final long FLAGS_BIT = 1L << 33;

    /** Longs at most. */
    static final int AT_MOST = VALUES + 2 + ProbeRow.MAX_WORDS;

    private ProbeItem() {}
}
