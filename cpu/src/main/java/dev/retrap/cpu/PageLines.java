package dev.retrap.cpu;

import java.util.Arrays;

/**
 * A set of lines of memory, as masks of 64 lines each. A mask is for a <em>page</em>: of 4096 bytes if lines are of 64,
 * of 1024 bytes if they are of 16.
 */
public final class PageLines {
    private static final long ALL = -1L;

    private long[] pages;
    /** 0: the slot is free. */
    private long[] masks;
    private int size;

    /** Bits of a page's size. */
    private final int bits;

    /** An empty set of lines of 64 bytes. */
    public PageLines() {
        this(31, 64);
    }

    /**
     * An empty set.
     *
     * @param room pages that it has room for before it grows
     * @param lineBytes bytes of a line, a power of two
     */
    public PageLines(int room, int lineBytes) {
        bits = 6 + Integer.numberOfTrailingZeros(lineBytes);
        int n = Integer.highestOneBit(2 * Math.max(1, room)) << 1;
        pages = new long[n];
        masks = new long[n];
    }

    private static int slot(long page, int mask) {
        return (int) ((page * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    }

    /** Lines of 64 bytes that hold bytes {@code [from, to)} of a page, {@code 0 <= from < to <= 4096}. */
    public static long lines(int from, int to) {
        int a = from >>> 6;
        int b = to - 1 >>> 6;
        return -1L >>> 63 - (b - a) << a;
    }

    /** Adds lines of a page. */
    public void add(long page, long lines) {
        if (lines == 0) {
            return;
        }
        int m = pages.length - 1;
        int i = slot(page, m);
        while (masks[i] != 0 && pages[i] != page) {
            i = i + 1 & m;
        }
        if (masks[i] == 0) {
            pages[i] = page;
            size++;
        }
        masks[i] |= lines;
        if (size * 2 > pages.length) {
            grow();
        }
    }

    /** Adds the lines that hold {@code [address, address + length)}. */
    public void addRange(long address, int length) {
        int line = bits - 6;
        for (long n = address >>> line; n <= address + length - 1 >>> line; n++) {
            add(n >>> 6, 1L << n);
        }
    }

    /** Adds all lines of a page. */
    public void add(long page) {
        add(page, ALL);
    }

    private void grow() {
        long[] oldPages = pages;
        long[] oldMasks = masks;
        pages = new long[oldPages.length * 2];
        masks = new long[pages.length];
        size = 0;
        for (int i = 0; i < oldPages.length; i++) {
            add(oldPages[i], oldMasks[i]);
        }
    }

    /** Lines of a page; 0 if it is not in. */
    public long get(long page) {
        int m = pages.length - 1;
        for (int i = slot(page, m); masks[i] != 0; i = i + 1 & m) {
            if (pages[i] == page) {
                return masks[i];
            }
        }
        return 0;
    }

    /** True if a line of {@code [address, address + length)} is in; addresses are compared unsigned and do not wrap. */
    public boolean touches(long address, long length) {
        long last = address + length - 1;
        if (Long.compareUnsigned(last, address) < 0) {
            last = -1;
        }
        long first = address >>> bits;
        long end = last >>> bits;
        if (end - first > size) {
            for (int i = 0; i < pages.length; i++) {
                if (masks[i] != 0 && pages[i] >= first && pages[i] <= end && in(pages[i], masks[i], address, last)) {
                    return true;
                }
            }
            return false;
        }
        for (long page = first; page <= end; page++) {
            if (in(page, get(page), address, last)) {
                return true;
            }
        }
        return false;
    }

    private boolean in(long page, long mask, long first, long last) {
        int from = page == first >>> bits ? (int) (first >>> bits - 6) & 63 : 0;
        int to = page == last >>> bits ? (int) (last >>> bits - 6) & 63 : 63;
        return (mask & -1L >>> 63 - (to - from) << from) != 0;
    }

    /** Number of pages. */
    public int size() {
        return size;
    }

    /** The page numbers, ascending. */
    public long[] pages() {
        long[] all = new long[size];
        int n = 0;
        for (int i = 0; i < pages.length; i++) {
            if (masks[i] != 0) {
                all[n++] = pages[i];
            }
        }
        Arrays.sort(all);
        return all;
    }

    /** Takes all out. */
    public void clear() {
        if (size > 0) {
            Arrays.fill(masks, 0);
            size = 0;
        }
    }
}
