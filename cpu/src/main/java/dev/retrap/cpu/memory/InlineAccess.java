package dev.retrap.cpu.memory;

import static dev.retrap.cpu.memory.PhysicalMemory.INT;
import static dev.retrap.cpu.memory.PhysicalMemory.LONG;
import static dev.retrap.cpu.memory.PhysicalMemory.SHORT;

/**
 * The accesses of {@link Mmu} for compiled code, which holds the present bank's tags and pages in local variables: one
 * compare and the access, so small that HotSpot puts them in line, one level deep: what it does not put in line is one
 * call. Linear addresses are {@code int} for code outside
 * long mode and {@code long} otherwise. {@code update} is the read of a read-modify-write: it raises what the write
 * would, and a page with a write tag can be read as well.
 */
public final class InlineAccess {
    private static final int MASK = Mmu.MASK;
    private static final long PAGE_MASK = ~0xFFFL;

    private InlineAccess() {}

    public static int load8(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la & PAGE_MASK) ? pages[ix][(int) la & 0xFFF] & 0xFF : (int) m.loadMiss(la, 1);
    }

    public static int load16(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la + 1 & PAGE_MASK) ? (short) SHORT.get(pages[ix], (int) la & 0xFFF) & 0xFFFF
                : (int) m.loadMiss(la, 2);
    }

    public static int load32(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la + 3 & PAGE_MASK) ? (int) INT.get(pages[ix], (int) la & 0xFFF)
                : (int) m.loadMiss(la, 4);
    }

    public static long load64(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la + 7 & PAGE_MASK) ? (long) LONG.get(pages[ix], (int) la & 0xFFF)
                : m.loadMiss(la, 8);
    }

    public static void store8(Mmu m, long[] tags, byte[][] pages, long la, int v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tags[ix] == (la & PAGE_MASK)) {
            pages[ix][(int) la & 0xFFF] = (byte) v;
        } else {
            m.storeMiss(la, v, 1);
        }
    }

    public static void store16(Mmu m, long[] tags, byte[][] pages, long la, int v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tags[ix] == (la + 1 & PAGE_MASK)) {
            SHORT.set(pages[ix], (int) la & 0xFFF, (short) v);
        } else {
            m.storeMiss(la, v, 2);
        }
    }

    public static void store32(Mmu m, long[] tags, byte[][] pages, long la, int v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tags[ix] == (la + 3 & PAGE_MASK)) {
            INT.set(pages[ix], (int) la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 4);
        }
    }

    public static void store64(Mmu m, long[] tags, byte[][] pages, long la, long v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tags[ix] == (la + 7 & PAGE_MASK)) {
            LONG.set(pages[ix], (int) la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 8);
        }
    }

    public static int update8(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la & PAGE_MASK) ? pages[ix][(int) la & 0xFFF] & 0xFF : (int) m.updateMiss(la, 1);
    }

    public static int update16(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la + 1 & PAGE_MASK) ? (short) SHORT.get(pages[ix], (int) la & 0xFFF) & 0xFFFF
                : (int) m.updateMiss(la, 2);
    }

    public static int update32(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la + 3 & PAGE_MASK) ? (int) INT.get(pages[ix], (int) la & 0xFFF)
                : (int) m.updateMiss(la, 4);
    }

    public static long update64(Mmu m, long[] tags, byte[][] pages, long la) {
        int ix = (int) (la >>> 12) & MASK;
        return tags[ix] == (la + 7 & PAGE_MASK) ? (long) LONG.get(pages[ix], (int) la & 0xFFF) : m.updateMiss(la, 8);
    }

    // ---- stores that are noted for a footprint: with the tags of lines that are noted already

    public static void noted8(Mmu m, long[] lines, byte[][] pages, long la, int v) {
        if (lines[(int) (la >>> 6) & Mmu.LINE_MASK] == (la & Mmu.LINE_ADDRESS)) {
            pages[(int) (la >>> 12) & MASK][(int) la & 0xFFF] = (byte) v;
        } else {
            m.storeMiss(la, v, 1);
        }
    }

    public static void noted16(Mmu m, long[] lines, byte[][] pages, long la, int v) {
        if (lines[(int) (la >>> 6) & Mmu.LINE_MASK] == (la + 1 & Mmu.LINE_ADDRESS)) {
            SHORT.set(pages[(int) (la >>> 12) & MASK], (int) la & 0xFFF, (short) v);
        } else {
            m.storeMiss(la, v, 2);
        }
    }

    public static void noted32(Mmu m, long[] lines, byte[][] pages, long la, int v) {
        if (lines[(int) (la >>> 6) & Mmu.LINE_MASK] == (la + 3 & Mmu.LINE_ADDRESS)) {
            INT.set(pages[(int) (la >>> 12) & MASK], (int) la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 4);
        }
    }

    public static void noted64(Mmu m, long[] lines, byte[][] pages, long la, long v) {
        if (lines[(int) (la >>> 6) & Mmu.LINE_MASK] == (la + 7 & Mmu.LINE_ADDRESS)) {
            LONG.set(pages[(int) (la >>> 12) & MASK], (int) la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 8);
        }
    }

    // ---- outside long mode: 32-bit linear addresses

    public static int load8(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == (la & PAGE_MASK & 0xFFFFFFFFL) ? pages[ix][la & 0xFFF] & 0xFF : (int) m.loadMiss(la, 1);
    }

    public static int load16(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == ((la & 0xFFFFFFFFL) + 1 & PAGE_MASK) ? (short) SHORT.get(pages[ix], la & 0xFFF) & 0xFFFF
                : (int) m.loadMiss(la, 2);
    }

    public static int load32(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == ((la & 0xFFFFFFFFL) + 3 & PAGE_MASK) ? (int) INT.get(pages[ix], la & 0xFFF)
                : (int) m.loadMiss(la, 4);
    }

    public static long load64(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == ((la & 0xFFFFFFFFL) + 7 & PAGE_MASK) ? (long) LONG.get(pages[ix], la & 0xFFF)
                : m.loadMiss(la, 8);
    }

    public static void store8(Mmu m, long[] tags, byte[][] pages, int la, int v) {
        int ix = la >>> 12 & MASK;
        if (tags[ix] == (la & PAGE_MASK & 0xFFFFFFFFL)) {
            pages[ix][la & 0xFFF] = (byte) v;
        } else {
            m.storeMiss(la, v, 1);
        }
    }

    public static void store16(Mmu m, long[] tags, byte[][] pages, int la, int v) {
        int ix = la >>> 12 & MASK;
        if (tags[ix] == ((la & 0xFFFFFFFFL) + 1 & PAGE_MASK)) {
            SHORT.set(pages[ix], la & 0xFFF, (short) v);
        } else {
            m.storeMiss(la, v, 2);
        }
    }

    public static void store32(Mmu m, long[] tags, byte[][] pages, int la, int v) {
        int ix = la >>> 12 & MASK;
        if (tags[ix] == ((la & 0xFFFFFFFFL) + 3 & PAGE_MASK)) {
            INT.set(pages[ix], la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 4);
        }
    }

    public static int update8(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == (la & PAGE_MASK & 0xFFFFFFFFL) ? pages[ix][la & 0xFFF] & 0xFF : (int) m.updateMiss(la, 1);
    }

    public static int update16(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == ((la & 0xFFFFFFFFL) + 1 & PAGE_MASK) ? (short) SHORT.get(pages[ix], la & 0xFFF) & 0xFFFF
                : (int) m.updateMiss(la, 2);
    }

    public static int update32(Mmu m, long[] tags, byte[][] pages, int la) {
        int ix = la >>> 12 & MASK;
        return tags[ix] == ((la & 0xFFFFFFFFL) + 3 & PAGE_MASK) ? (int) INT.get(pages[ix], la & 0xFFF)
                : (int) m.updateMiss(la, 4);
    }

    public static void noted8(Mmu m, long[] lines, byte[][] pages, int la, int v) {
        if (lines[la >>> 6 & Mmu.LINE_MASK] == (la & Mmu.LINE_ADDRESS & 0xFFFFFFFFL)) {
            pages[la >>> 12 & MASK][la & 0xFFF] = (byte) v;
        } else {
            m.storeMiss(la, v, 1);
        }
    }

    public static void noted16(Mmu m, long[] lines, byte[][] pages, int la, int v) {
        if (lines[la >>> 6 & Mmu.LINE_MASK] == ((la & 0xFFFFFFFFL) + 1 & Mmu.LINE_ADDRESS)) {
            SHORT.set(pages[la >>> 12 & MASK], la & 0xFFF, (short) v);
        } else {
            m.storeMiss(la, v, 2);
        }
    }

    public static void noted32(Mmu m, long[] lines, byte[][] pages, int la, int v) {
        if (lines[la >>> 6 & Mmu.LINE_MASK] == ((la & 0xFFFFFFFFL) + 3 & Mmu.LINE_ADDRESS)) {
            INT.set(pages[la >>> 12 & MASK], la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 4);
        }
    }

    public static void noted64(Mmu m, long[] lines, byte[][] pages, int la, long v) {
        if (lines[la >>> 6 & Mmu.LINE_MASK] == ((la & 0xFFFFFFFFL) + 7 & Mmu.LINE_ADDRESS)) {
            LONG.set(pages[la >>> 12 & MASK], la & 0xFFF, v);
        } else {
            m.storeMiss(la, v, 8);
        }
    }
}
