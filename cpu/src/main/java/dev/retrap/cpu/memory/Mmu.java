package dev.retrap.cpu.memory;

import static dev.retrap.cpu.memory.PhysicalMemory.INT;
import static dev.retrap.cpu.memory.PhysicalMemory.LONG;
import static dev.retrap.cpu.memory.PhysicalMemory.PAGE;
import static dev.retrap.cpu.memory.PhysicalMemory.SHORT;

import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.PageLines;
import java.util.Arrays;

/**
 * Linear memory: paging through a software TLB.
 *
 * <p>The TLB has a bank for each set of rights (supervisor, user, supervisor under SMAP), each with separate tags for
 * reading, writing and fetching. A valid tag means: the access is allowed and needs nothing done, no A or D bit set, no
 * copy made, no decoded code or cached translation dropped, no watch checked. Everything else takes the slow path.
 *
 * <p>Cached translations never go stale: pages that serve as tables are marked, and a write to one flushes the TLB.
 * So memory behaves as if each access walked the tables anew, and the TLB's content is not part of the machine's state:
 * a restored machine, whose TLB is empty, takes the same course as one that ran through.
 *
 * <p>Each 64-byte line that is written gets a tag, and every page must be translated anew in a new {@link #trackFootprint
 * footprint}: so what a span of a run touched is known at next to no cost.
 */
public final class Mmu {
    /** Banks. */
    public static final int SUPERVISOR = 0, USER = 1, SUPERVISOR_SMAP = 2;
    /** User rights under alignment checking: never has a valid tag for data, so that every access is looked at. */
    public static final int USER_ALIGNED = 3;

    private static final int BANKS = 4;
    private static final int SIZE = 1024;
    static final int MASK = SIZE - 1;
    /** Lines of a page. */
    private static final int LINES = 64;
    static final int LINE_MASK = SIZE * LINES - 1;
    static final long LINE_ADDRESS = -64;
    private static final long INVALID = -1;
    private static final long PAGE_MASK = ~0xFFFL;
    /** Of a bank that nothing has been written through. */
    private static final long[] NO_LINES = noLines();

    private final PhysicalMemory memory;
    private final Paging paging;
    private final MemoryEvents events;

    private final long[][] readTags = new long[BANKS][SIZE];
    private final long[][] writeTags = new long[BANKS][SIZE];
    private final long[][] fetchTags = new long[BANKS][SIZE];
    private final byte[][][] readPages = new byte[BANKS][SIZE][];
    private final byte[][][] writePages = new byte[BANKS][SIZE][];
    /**
     * Tags of lines that have been written through a valid write tag in the present footprint, by bits 21:6. Compiled code
     * that keeps one compares them instead of the page's: so a line's first write is noted, by the slow path, and the
     * others are as quick as without. The interpreter sets them with each write. They mean nothing without a footprint.
     */
    private final long[][] lineTags = new long[BANKS][];
    private final int[][] writePfns = new int[BANKS][SIZE];
    private final int[][] fetchPfns = new int[BANKS][SIZE];
    private final boolean[] used = new boolean[BANKS];

    private int bank;
    /** Bank of what the processor accesses by itself, and of the stack of a more privileged level. */
    private int implicit = SUPERVISOR;
    private int inner = SUPERVISOR;
    private long[] tagR;
    private long[] tagW;
    private long[] tagX;
    private byte[][] pageR;
    private byte[][] pageW;
    private long[] lineW;
    private int[] pfnX;
    private Footprint footprint;

    private int[] tables = new int[64];
    private int tableCount;
    private final WatchList watches = new WatchList();

    /** Over {@code memory}; {@code paging} walks tables and raises #PF; {@code events} is told what writes undo. */
    public Mmu(PhysicalMemory memory, Paging paging, MemoryEvents events) {
        this.memory = memory;
        this.paging = paging;
        this.events = events;
        for (int b = 0; b < BANKS; b++) {
            used[b] = true;
            lineTags[b] = NO_LINES;
        }
        flush();
        select(SUPERVISOR);
    }

    private static long[] noLines() {
        long[] tags = new long[SIZE * LINES];
        Arrays.fill(tags, INVALID);
        return tags;
    }

    /** The RAM behind. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Makes a bank the one that plain accesses use. */
    public void select(int b) {
        bank = b;
        tagR = readTags[b];
        tagW = writeTags[b];
        tagX = fetchTags[b];
        pageR = readPages[b];
        pageW = writePages[b];
        lineW = lineTags[b];
        pfnX = fetchPfns[b];
    }

    /**
     * Chooses the banks of supervisor accesses that stand apart from {@link #select}.
     *
     * @param system of {@link #systemLoad} and {@link #systemStore}: under SMAP, EFLAGS.AC does not help them
     * @param stack of {@link #storeAs} and its like, which are explicit: AC does
     */
    public void selectSupervisor(int system, int stack) {
        implicit = system;
        inner = stack;
    }

    /** Drops every translation. */
    public void flush() {
        for (int b = 0; b < BANKS; b++) {
            if (used[b]) {
                retire(b);
                Arrays.fill(readTags[b], INVALID);
                Arrays.fill(writeTags[b], INVALID);
                Arrays.fill(fetchTags[b], INVALID);
                used[b] = false;
            }
        }
        for (int i = 0; i < tableCount; i++) {
            memory.unmarkTable(tables[i]);
        }
        tableCount = 0;
    }

    /** Drops write translations, after a snapshot took the pages' ownership. */
    public void flushWrites() {
        for (int b = 0; b < BANKS; b++) {
            if (used[b]) {
                retire(b);
                Arrays.fill(writeTags[b], INVALID);
            }
        }
    }

    // ---- footprints

    /** Adds everything touched from now on to {@code f}, or to nothing if null; the one before is complete. */
    public void trackFootprint(Footprint f) {
        flush();
        if (footprint == null && f != null) {
            for (long[] tags : lineTags) {
                if (tags != NO_LINES) {
                    Arrays.fill(tags, INVALID);
                }
            }
        }
        footprint = f;
    }

    public boolean tracksFootprint() {
        return footprint != null;
    }

    /** The lines written through all translations of a bank go to the footprint. */
    private void retire(int b) {
        if (footprint != null) {
            for (int i = 0; i < SIZE; i++) {
                retire(b, i);
            }
        }
    }

    private void retire(int b, int i) {
        long tag = writeTags[b][i];
        if (tag != INVALID && footprint != null) {
            long lines = takeLines(lineTags[b], i * LINES);
            footprint.written().add(tag >>> 12, lines);
            footprint.writtenPhysical().add(writePfns[b][i], lines);
        }
    }

    /** A bit for each valid tag; they are valid no more. */
    private static long takeLines(long[] tags, int from) {
        long lines = 0;
        for (int n = 0; n < LINES; n++) {
            if (tags[from + n] != INVALID) {
                tags[from + n] = INVALID;
                lines |= 1L << n;
            }
        }
        return lines;
    }

    /** Replaces the watched ranges. */
    public void setWatches(java.util.Collection<dev.retrap.cpu.Watch> list) {
        watches.replace(list);
        flush();
    }

    /**
     * Sets or clears what a debug register watches for the guest.
     *
     * @param n debug register, 0..3
     * @param watch null for nothing
     */
    public void setDebugWatch(int n, dev.retrap.cpu.Watch watch) {
        if (watches.setDebug(n, watch)) {
            flush();
        }
    }

    private void debug(long la, int size, boolean write) {
        int hits = watches.debugHits(la, size, write);
        if (hits != 0) {
            events.debugged(hits);
        }
    }

    // ---- plain accesses with the rights of the current bank

    public int load8(long la) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagR[ix] == (la & PAGE_MASK)) {
            return pageR[ix][(int) la & 0xfff] & 0xff;
        }
        return (int) loadSlow(la, 1, bank);
    }

    public int load16(long la) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagR[ix] == (la + 1 & PAGE_MASK)) {
            return (short) SHORT.get(pageR[ix], (int) la & 0xfff) & 0xffff;
        }
        return (int) loadSlow(la, 2, bank);
    }

    public int load32(long la) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagR[ix] == (la + 3 & PAGE_MASK)) {
            return (int) INT.get(pageR[ix], (int) la & 0xfff);
        }
        return (int) loadSlow(la, 4, bank);
    }

    public long load64(long la) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagR[ix] == (la + 7 & PAGE_MASK)) {
            return (long) LONG.get(pageR[ix], (int) la & 0xfff);
        }
        return loadSlow(la, 8, bank);
    }

    public void store8(long la, int v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagW[ix] == (la & PAGE_MASK)) {
            pageW[ix][(int) la & 0xfff] = (byte) v;
            lineW[(int) (la >>> 6) & LINE_MASK] = la & LINE_ADDRESS;
        } else {
            storeSlow(la, v, 1, bank);
        }
    }

    public void store16(long la, int v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagW[ix] == (la + 1 & PAGE_MASK)) {
            SHORT.set(pageW[ix], (int) la & 0xfff, (short) v);
            wrote(lineW, la, 2);
        } else {
            storeSlow(la, v, 2, bank);
        }
    }

    public void store32(long la, int v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagW[ix] == (la + 3 & PAGE_MASK)) {
            INT.set(pageW[ix], (int) la & 0xfff, v);
            wrote(lineW, la, 4);
        } else {
            storeSlow(la, v, 4, bank);
        }
    }

    public void store64(long la, long v) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagW[ix] == (la + 7 & PAGE_MASK)) {
            LONG.set(pageW[ix], (int) la & 0xfff, v);
            wrote(lineW, la, 8);
        } else {
            storeSlow(la, v, 8, bank);
        }
    }

    private static void wrote(long[] lines, long la, int size) {
        lines[(int) (la >>> 6) & LINE_MASK] = la & LINE_ADDRESS;
        lines[(int) (la + size - 1 >>> 6) & LINE_MASK] = la + size - 1 & LINE_ADDRESS;
    }

    /**
     * Makes sure that {@code size} bytes can be written: raises what the write would raise, with W set, as the read of a
     * read-modify-write instruction does.
     */
    public void checkWrite(long la, int size) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagW[ix] != (la + size - 1 & PAGE_MASK)) {
            checkWriteSlow(la, size, bank);
        }
    }

    // ---- for compiled code, see InlineAccess

    /** Read tags of the current bank: page addresses, by bits 21:12. They serve until {@link #select} changes the bank. */
    public long[] readTags() {
        return tagR;
    }

    public long[] writeTags() {
        return tagW;
    }

    /** Tags of the lines written in the present footprint: line addresses, by bits 21:6. */
    public long[] lineTags() {
        return lineW;
    }

    /** The pages behind {@link #readTags}. */
    public byte[][] readPages() {
        return pageR;
    }

    public byte[][] writePages() {
        return pageW;
    }

    long loadMiss(long la, int size) {
        return loadSlow(la, size, bank);
    }

    void storeMiss(long la, long v, int size) {
        storeSlow(la, v, size, bank);
    }

    long updateMiss(long la, int size) {
        checkWrite(la, size);
        return loadSlow(la, size, bank);
    }

    long loadMiss(int la, int size) {
        return loadSlow(la & 0xFFFFFFFFL, size, bank);
    }

    void storeMiss(int la, long v, int size) {
        storeSlow(la & 0xFFFFFFFFL, v, size, bank);
    }

    long updateMiss(int la, int size) {
        return updateMiss(la & 0xFFFFFFFFL, size);
    }

    // ---- accesses with stated rights: descriptor tables, stacks of another level

    /** {@code size} bytes, 1, 2, 4 or 8, with supervisor rights (implicit supervisor access, SDM vol. 3, 4.6.1). */
    public long systemLoad(long la, int size) {
        int ix = (int) (la >>> 12) & MASK;
        if (size == 8 && readTags[SUPERVISOR][ix] == (la + 7 & PAGE_MASK)) {
            return (long) LONG.get(readPages[SUPERVISOR][ix], (int) la & 0xfff);
        }
        return loadSlow(la, size, implicit);
    }

    public void systemStore(long la, long v, int size) {
        storeSlow(la, v, size, implicit);
    }

    /** {@link #checkWrite} over {@code [la, la + length)} with the rights of level {@code user ? 3 : 0}. */
    public void checkWrite(long la, int length, boolean user) {
        int b = user ? USER : inner;
        long last = la + length - 1;
        if (((la ^ last) & PAGE_MASK) == 0 && writeTags[b][(int) (la >>> 12) & MASK] == (la & PAGE_MASK)) {
            return;
        }
        for (long page = la & PAGE_MASK; page <= (last & PAGE_MASK); page += PAGE) {
            paging.translate(Math.max(page, la), true, user, false, b == SUPERVISOR_SMAP);
        }
    }

    public void storeAs(long la, long v, int size, boolean user) {
        storeSlow(la, v, size, user ? USER : inner);
    }

    public long loadAs(long la, int size, boolean user) {
        return loadSlow(la, size, user ? USER : inner);
    }

    /**
     * {@link dev.retrap.cpu.Machine#readChanges} if the present rights have a translation of the one page at hand that
     * holds all; false says nothing. For looking: no access of the guest.
     */
    public boolean peekChanges(long la, int bytes, long[] known, int seen, long[] different, int at, long[] masks) {
        int ix = (int) (la >>> 12) & MASK;
        long tag = la & PAGE_MASK;
        byte[] page = tagW[ix] == tag ? pageW[ix] : tagR[ix] == tag ? pageR[ix] : null;
        if (page == null || (la + bytes - 1 & PAGE_MASK) != tag || seen < bytes + 7 >> 3) {
            return false;
        }
        int from = (int) la & 0xFFF;
        int to = at;
        long mask = 0;
        int n = bytes >> 3;
        for (int i = 0; i < n; i++) {
            long w = (long) LONG.get(page, from + 8 * i);
            if (known[i] != w) {
                known[i] = w;
                different[to++] = w;
                mask |= 1L << i;
            }
        }
        if ((bytes & 4) != 0) {
            long w = (int) INT.get(page, from + 8 * n) & 0xFFFFFFFFL;
            if (known[n] != w) {
                known[n] = w;
                different[to] = w;
                mask |= 1L << n;
            }
        }
        masks[0] = mask;
        return true;
    }

    // ---- instruction fetch

    /**
     * Page frame that holds the code at {@code la}, with the rights of the current bank; raises #PF.
     *
     * @return page frame number, possibly beyond RAM
     */
    public int fetchFrame(long la) {
        int ix = (int) (la >>> 12) & MASK;
        if (tagX[ix] == (la & PAGE_MASK)) {
            return pfnX[ix];
        }
        long pa = paging.translate(la, false, user(bank), true, bank == SUPERVISOR_SMAP);
        used[bank] = true;
        tagX[ix] = la & PAGE_MASK;
        return pfnX[ix] = (int) (pa >>> 12);
    }

    /** True if {@link #fetchFrame} would give {@code pfn} without a walk. */
    public boolean fetchCached(long la, int pfn) {
        int ix = (int) (la >>> 12) & MASK;
        return tagX[ix] == (la & PAGE_MASK) && pfnX[ix] == pfn;
    }

    /** Tells that a page serves the translations now being cached. */
    void tableUsed(int pfn) {
        if (pfn < memory.pageCount() && (memory.attributes(pfn) & PhysicalMemory.TABLE) == 0) {
            memory.markTable(pfn);
            if (tableCount == tables.length) {
                tables = Arrays.copyOf(tables, tableCount * 2);
            }
            tables[tableCount++] = pfn;
            dropWrites(pfn);
        }
    }

    /** Writes to the page take the slow path from now on. */
    public void dropWrites(int pfn) {
        byte[] page = memory.page(pfn);
        for (int b = 0; b < BANKS; b++) {
            if (used[b]) {
                for (int i = 0; i < SIZE; i++) {
                    if (writePages[b][i] == page) {
                        retire(b, i);
                        writeTags[b][i] = INVALID;
                    }
                }
            }
        }
    }

    // ---- slow paths

    private long loadSlow(long la, int size, int b) {
        int off = (int) la & 0xfff;
        if (off + size > PAGE) {
            long v = 0;
            paging.checkReach(la + size - 1);
            // Both pages first: nothing is read if either faults, and the lower address faults first.
            readPage(la, size, b);
            readPage(linear((la | 0xFFF) + 1), off + size - PAGE, b);
            align(la, size, b);
            for (int i = 0; i < size; i++) {
                long a = linear(la + i);
                byte[] p = readPage(a, 1, b);
                v |= (p[(int) a & 0xfff] & 0xffL) << 8 * i;
            }
            return v;
        }
        byte[] page = readPage(la, size, b);
        align(la, size, b);
        return get(page, off, size);
    }

    private static boolean user(int b) {
        return b == USER || b == USER_ALIGNED;
    }

    /** Raises #AC for an access that is not aligned, when that is checked. */
    private void align(long la, int size, int b) {
        if (b == USER_ALIGNED && (la & size - 1) != 0 && (size & size - 1) == 0) {
            events.misaligned();
        }
    }

    /** Linear addresses wrap at 4 GiB outside 64-bit mode. */
    private long linear(long la) {
        return paging.wrap(la);
    }

    private static long get(byte[] p, int off, int size) {
        return switch (size) {
            case 1 -> p[off] & 0xff;
            case 2 -> (short) SHORT.get(p, off) & 0xffff;
            case 4 -> (int) INT.get(p, off) & 0xffffffffL;
            default -> (long) LONG.get(p, off);
        };
    }

    private static void put(byte[] p, int off, long v, int size) {
        switch (size) {
            case 1 -> p[off] = (byte) v;
            case 2 -> SHORT.set(p, off, (short) v);
            case 4 -> INT.set(p, off, (int) v);
            default -> LONG.set(p, off, v);
        }
    }

    private byte[] readPage(long la, int size, int b) {
        int ix = (int) (la >>> 12) & MASK;
        if (readTags[b][ix] == (la & PAGE_MASK)) {
            return readPages[b][ix];
        }
        long pa = paging.translate(la, false, user(b), false, b == SUPERVISOR_SMAP);
        int pfn = (int) (pa >>> 12);
        if (pfn >= memory.pageCount()) {
            return PhysicalMemory.outside();
        }
        byte[] page = memory.page(pfn);
        if (footprint != null) {
            footprint.read().add(la >>> 12);
            footprint.readPhysical().add(pfn);
        }
        if (watches.touchesPage(la, pfn)) {
            if (watches.hit(la, pfn, size, false)) {
                events.watched(watches.last(), watches.lastAddress(), false);
            }
            debug(la, size, false);
            return page;
        }
        if (b == USER_ALIGNED) {
            return page;
        }
        used[b] = true;
        readPages[b][ix] = page;
        readTags[b][ix] = la & PAGE_MASK;
        return page;
    }

    private void storeSlow(long la, long v, int size, int b) {
        int off = (int) la & 0xfff;
        if (off + size > PAGE) {
            int first = PAGE - off;
            long second = linear(la + first);
            paging.checkReach(second);
            int pfn1 = writeFrame(la, first, b);
            int pfn2 = writeFrame(second, size - first, b);
            align(la, size, b);
            prepare(la, pfn1, off, first);
            prepare(second, pfn2, 0, size - first);
            for (int i = 0; i < size; i++) {
                boolean low = i < first;
                int pfn = low ? pfn1 : pfn2;
                if (pfn < memory.pageCount()) {
                    own(pfn)[low ? off + i : i - first] = (byte) (v >>> 8 * i);
                }
            }
            return;
        }
        int ix = (int) (la >>> 12) & MASK;
        if (writeTags[b][ix] == (la & PAGE_MASK)) {
            put(writePages[b][ix], off, v, size);
            wrote(lineTags[b], la, size);
            return;
        }
        int pfn = writeFrame(la, size, b);
        align(la, size, b);
        if (pfn >= memory.pageCount()) {
            return;
        }
        boolean plain = prepare(la, pfn, off, size) && b != USER_ALIGNED;
        byte[] page = own(pfn);
        put(page, off, v, size);
        if (plain) {
            used[b] = true;
            retire(b, ix);
            writePages[b][ix] = page;
            writeTags[b][ix] = la & PAGE_MASK;
            writePfns[b][ix] = pfn;
            if (lineTags[b] == NO_LINES) {
                lineTags[b] = noLines();
                lineW = lineTags[bank];
            }
            wrote(lineTags[b], la, size);
        }
    }

    private void checkWriteSlow(long la, int size, int b) {
        int off = (int) la & 0xfff;
        int first = Math.min(size, PAGE - off);
        paging.checkReach(la + size - 1);
        writeFrame(la, first, b);
        if (first < size) {
            writeFrame(linear(la + first), size - first, b);
        }
        align(la, size, b);
    }

    private int writeFrame(long la, int size, int b) {
        return (int) (paging.translate(la, true, user(b), false, b == SUPERVISOR_SMAP) >>> 12);
    }

    /** All that a write to {@code [off, off+size)} of a page undoes; true if the page needs no care at all. */
    private boolean prepare(long la, int pfn, int off, int size) {
        if (pfn >= memory.pageCount()) {
            return false;
        }
        boolean plain = true;
        if (footprint != null) {
            footprint.written().add(la >>> 12, PageLines.lines(off, off + size));
            footprint.writtenPhysical().add(pfn, PageLines.lines(off, off + size));
            // Compiled code reads through write tags what it then writes.
            footprint.read().add(la >>> 12);
            footprint.readPhysical().add(pfn);
        }
        if (watches.touchesPage(la, pfn)) {
            plain = false;
            if (watches.hit(la, pfn, size, true)) {
                events.watched(watches.last(), watches.lastAddress(), true);
            }
            debug(la, size, true);
        }
        byte a = memory.attributes(pfn);
        if (a != 0) {
            plain = false;
            if ((a & PhysicalMemory.CODE) != 0 && memory.holdsCode(pfn, off, off + size)) {
                events.codeWritten(pfn);
            }
            if ((a & PhysicalMemory.TABLE) != 0) {
                events.tableWritten();
            }
        }
        return plain;
    }

    private byte[] own(int pfn) {
        if (memory.owned(pfn)) {
            return memory.page(pfn);
        }
        byte[] old = memory.page(pfn);
        byte[] page = memory.writable(pfn);
        for (int b = 0; b < BANKS; b++) {
            if (used[b]) {
                byte[][] r = readPages[b];
                for (int i = 0; i < SIZE; i++) {
                    // The page of zeros stands behind many frames: those of others are dropped and found again.
                    if (r[i] == old) {
                        readTags[b][i] = INVALID;
                        r[i] = null;
                    }
                }
            }
        }
        return page;
    }

    /** The walker sets A or D in a table entry. */
    void tableStore(int pfn, int off, int low) {
        if (footprint != null) {
            footprint.writtenPhysical().add(pfn, PageLines.lines(off, off + 4));
        }
        if (watches.hitPhysical(pfn, off)) {
            events.watched(watches.last(), watches.lastAddress(), true);
        }
        INT.set(own(pfn), off, low);
    }

    /** Writes RAM at a physical address as a debugger or loader does, with the same consequences as a guest's write. */
    public void physicalStore(long pa, byte[] from, int offset, int length) {
        for (int i = 0; i < length; ) {
            int pfn = (int) (pa + i >>> 12);
            int off = (int) (pa + i) & 0xfff;
            int n = Math.min(length - i, PAGE - off);
            if (pfn >= memory.pageCount()) {
                return;
            }
            byte a = memory.attributes(pfn);
            if ((a & PhysicalMemory.CODE) != 0) {
                events.codeWritten(pfn);
            }
            if ((a & PhysicalMemory.TABLE) != 0) {
                flush();
            }
            if (footprint != null) {
                footprint.writtenPhysical().add(pfn, PageLines.lines(off, off + n));
            }
            System.arraycopy(from, offset + i, own(pfn), off, n);
            i += n;
        }
    }
}
