package dev.retrap.cpu;

import java.util.Arrays;

/** Page numbers with a mask of 64-byte lines each. */
public final class PageLines {
    private static final long ALL = -1L;

    private long[] pages;
    /** 0: the slot is free. */
    private long[] masks;
    private int size;

    /** An empty set. */
    public PageLines() {
        this(31);
    }

    /** An empty set with room for so many pages before it grows. */
    public PageLines(int room) {
        int n = Integer.highestOneBit(2 * Math.max(1, room)) << 1;
        pages = new long[n];
        masks = new long[n];
    }

    private static int slot(long page, int mask) {
        return (int) ((page * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    }

    /** Lines that hold bytes {@code [from, to)} of a page, {@code 0 <= from < to <= 4096}. */
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
        long first = address >>> 12;
        long end = last >>> 12;
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

    private static boolean in(long page, long mask, long first, long last) {
        int from = page == first >>> 12 ? (int) first & 0xFFF : 0;
        int to = page == last >>> 12 ? ((int) last & 0xFFF) + 1 : 4096;
        return mask != 0 && (mask & lines(from, to)) != 0;
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
