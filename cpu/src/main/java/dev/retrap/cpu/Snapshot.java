package dev.retrap.cpu;

import dev.retrap.cpu.memory.PageTree;
import java.util.function.IntConsumer;

/**
 * The whole machine state at one position, immutable. RAM pages are shared between snapshots and with running machines
 * until written (copy on write), and so is the table of them: a snapshot costs about as much as was written since the
 * one before.
 */
public final class Snapshot {
    private final long position;
    private final byte[] state;
    private final PageTree pages;

    Snapshot(long position, byte[] state, PageTree pages) {
        this.position = position;
        this.state = state;
        this.pages = pages;
    }

    /**
     * A snapshot from parts, as read back from a recording.
     *
     * @param position its position
     * @param state processor and device state, as {@link #state()} gave it
     * @param pages RAM by page number, 4096 bytes each, null for a page of zeros; not to be changed after
     */
    public Snapshot(long position, byte[] state, byte[][] pages) {
        this(position, state, PageTree.of(pages));
    }

    /**
     * A snapshot from parts that shares pages, and the table of them, with another.
     *
     * @param base has the pages that are not given
     * @param numbers numbers of pages that are not as in {@code base}
     * @param contents those pages, null for zeros; not to be changed after
     */
    public Snapshot(long position, byte[] state, Snapshot base, int[] numbers, byte[][] contents) {
        this(position, state, amended(base.pages, numbers, contents));
    }

    private static PageTree amended(PageTree base, int[] numbers, byte[][] contents) {
        PageTree.Edit edit = base.edit();
        for (int i = 0; i < numbers.length; i++) {
            edit.set(numbers[i], contents[i]);
        }
        return edit.done();
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
        return pages.count();
    }

    /** RAM page {@code index} (4096 bytes, not to be changed), or null if it is all zeros. Same array = same content. */
    public byte[] page(int index) {
        return pages.page(index);
    }

    /**
     * Tells of each page that is not the same array as in another snapshot; ascending. Quick if one comes from the other.
     *
     * @param other one with as many pages
     */
    public void differing(Snapshot other, IntConsumer page) {
        pages.differing(other.pages, page);
    }

    PageTree pages() {
        return pages;
    }
}
