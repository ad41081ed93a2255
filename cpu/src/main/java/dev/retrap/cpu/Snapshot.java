package dev.retrap.cpu;

/**
 * The whole machine state at one position, immutable. RAM pages are shared between snapshots and with running machines
 * until written (copy on write), so a snapshot costs a table of references.
 */
public final class Snapshot {
    private final long position;
    private final byte[] state;
    private final byte[][] pages;

    /**
     * A snapshot from parts, as read back from a recording.
     *
     * @param position its position
     * @param state processor and device state, as {@link #state()} gave it
     * @param pages RAM by page number, 4096 bytes each, null for a page of zeros; not copied and not to be changed after
     */
    public Snapshot(long position, byte[] state, byte[][] pages) {
        this.position = position;
        this.state = state;
        this.pages = pages;
    }

    /** Steps since power-on. */
    public long position() {
        return position;
    }

    /** Processor and device state, everything but RAM; a few kB; not to be changed. */
    public byte[] state() {
        return state;
    }

    /** Number of RAM pages. */
    public int pageCount() {
        return pages.length;
    }

    /** RAM page {@code index} (4096 bytes, not to be changed), or null if it is all zeros. Same array = same content. */
    public byte[] page(int index) {
        return pages[index];
    }
}
