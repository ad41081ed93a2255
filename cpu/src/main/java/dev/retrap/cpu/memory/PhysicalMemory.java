package dev.retrap.cpu.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * RAM in pages of 4 KiB, copy on write. A page is <em>owned</em> while this machine alone may write it in place; taking
 * a snapshot gives up all ownership, and the first write after that works on a copy. Pages never written are the shared
 * page of zeros.
 *
 * <p>Each page has attributes that make writes to it take the {@link Mmu}'s slow path: it holds decoded code, or serves
 * as a page table of cached translations.
 */
public final class PhysicalMemory {
    public static final int PAGE = 4096;
    /** Attribute: blocks have been decoded from this page. */
    public static final byte CODE = 1;
    /** Attribute: translations in the TLB depend on this page. */
    public static final byte TABLE = 2;

    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] ZERO = new byte[PAGE];
    private static final long ZERO_HASH = hash(ZERO);

    private final byte[][] pages;
    /** The content when ownership was last given up. */
    private PageTree shared;
    private final boolean[] owned;
    private int[] ownedList = new int[64];
    private int ownedCount;
    private final byte[] attributes;
    private final long[] codeLines;

    private final long[] pageHash;
    private final boolean[] hashed;
    private long combinedHash;
    private int[] unhashedList;
    private int unhashedCount;

    /** All zeros. */
    public PhysicalMemory(long bytes) {
        int n = (int) (bytes / PAGE);
        pages = new byte[n][];
        Arrays.fill(pages, ZERO);
        shared = PageTree.zeros(n);
        owned = new boolean[n];
        attributes = new byte[n];
        codeLines = new long[n];
        pageHash = new long[n];
        Arrays.fill(pageHash, ZERO_HASH);
        hashed = new boolean[n];
        Arrays.fill(hashed, true);
        unhashedList = new int[64];
        for (int i = 0; i < n; i++) {
            combinedHash += mix(i, ZERO_HASH);
        }
    }

    /** Number of pages. */
    public int pageCount() {
        return pages.length;
    }

    /** Page {@code pfn} for reading. */
    public byte[] page(int pfn) {
        return pages[pfn];
    }

    /** True if the page may be written in place. */
    public boolean owned(int pfn) {
        return owned[pfn];
    }

    /** Page {@code pfn} for writing, its own copy made first if it is shared. */
    public byte[] writable(int pfn) {
        if (!owned[pfn]) {
            pages[pfn] = pages[pfn].clone();
            owned[pfn] = true;
            if (ownedCount == ownedList.length) {
                ownedList = Arrays.copyOf(ownedList, ownedCount * 2);
            }
            ownedList[ownedCount++] = pfn;
            unhashed(pfn);
        }
        return pages[pfn];
    }

    /** Attribute bits of a page. */
    public byte attributes(int pfn) {
        return attributes[pfn];
    }

    /** Marks a page as serving cached translations. */
    public void markTable(int pfn) {
        attributes[pfn] |= TABLE;
    }

    /** Takes back {@link #markTable}. */
    public void unmarkTable(int pfn) {
        attributes[pfn] &= ~TABLE;
    }

    /** Marks bytes {@code [from, to)} of a page as decoded code, in lines of 64 bytes. */
    public void markCode(int pfn, int from, int to) {
        attributes[pfn] |= CODE;
        codeLines[pfn] |= lines(from, to);
    }

    /** No code is decoded from the page any more. */
    public void unmarkCode(int pfn) {
        attributes[pfn] &= ~CODE;
        codeLines[pfn] = 0;
    }

    /** True if bytes {@code [from, to)} touch a line that holds decoded code. */
    public boolean holdsCode(int pfn, int from, int to) {
        return (codeLines[pfn] & lines(from, to)) != 0;
    }

    private static long lines(int from, int to) {
        int a = from >>> 6;
        int b = to - 1 >>> 6;
        return -1L >>> 63 - (b - a) << a;
    }

    /** Gives up ownership of all pages and returns them: the content of RAM now, null for pages of zeros. */
    public PageTree share() {
        if (ownedCount > 0) {
            PageTree.Edit edit = shared.edit();
            for (int i = 0; i < ownedCount; i++) {
                int pfn = ownedList[i];
                owned[pfn] = false;
                edit.set(pfn, pages[pfn]);
            }
            ownedCount = 0;
            shared = edit.done();
        }
        return shared;
    }

    /** Called for each page whose content may differ after {@link #adopt}. */
    @FunctionalInterface
    public interface Changed {
        void page(int pfn);
    }

    /** Becomes the given content (as {@link #share} gave it), sharing the pages. */
    public void adopt(PageTree content, Changed changed) {
        if (content.count() != pages.length) {
            throw new IllegalArgumentException("snapshot has " + content.count() + " RAM pages, machine has " + pages.length);
        }
        for (int i = 0; i < ownedCount; i++) {
            int pfn = ownedList[i];
            owned[pfn] = false;
            replace(pfn, shared.page(pfn), changed);
        }
        ownedCount = 0;
        content.differing(shared, pfn -> replace(pfn, content.page(pfn), changed));
        shared = content;
    }

    private void replace(int pfn, byte[] pageOrNull, Changed changed) {
        byte[] p = pageOrNull == null ? ZERO : pageOrNull;
        if (pages[pfn] != p) {
            pages[pfn] = p;
            unhashed(pfn);
            changed.page(pfn);
        }
    }

    private void unhashed(int pfn) {
        if (hashed[pfn]) {
            hashed[pfn] = false;
            if (unhashedCount == unhashedList.length) {
                unhashedList = Arrays.copyOf(unhashedList, unhashedCount * 2);
            }
            unhashedList[unhashedCount++] = pfn;
        }
    }

    /**
     * Hash of all content. Pages written since the last call are hashed again, and lose their ownership so that the next
     * write is seen; the caller must drop write translations.
     */
    public long contentHash() {
        share();
        for (int i = 0; i < unhashedCount; i++) {
            int pfn = unhashedList[i];
            combinedHash -= mix(pfn, pageHash[pfn]);
            pageHash[pfn] = hash(pages[pfn]);
            combinedHash += mix(pfn, pageHash[pfn]);
            hashed[pfn] = true;
        }
        unhashedCount = 0;
        return combinedHash;
    }

    private static long hash(byte[] page) {
        long h = 0x9E3779B97F4A7C15L;
        for (int i = 0; i < PAGE; i += 8) {
            h = (h ^ (long) LONG.get(page, i)) * 0xD6E8FEB86659FD93L;
            h ^= h >>> 32;
        }
        return h;
    }

    private static long mix(int pfn, long hash) {
        long h = (hash + pfn * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 29) * 0x94D049BB133111EBL;
        return h ^ h >>> 32;
    }

    /** What reads as memory where there is none: all ones. Not to be changed. */
    public static byte[] outside() {
        return OUTSIDE;
    }

    private static final byte[] OUTSIDE = new byte[PAGE];

    static {
        Arrays.fill(OUTSIDE, (byte) 0xff);
    }

    /** 32 bits at a physical address, which need not be aligned; all ones outside RAM. */
    public int read32(long pa) {
        int pfn = (int) (pa >>> 12);
        int off = (int) pa & 0xfff;
        if (pa >>> 12 >= pages.length) {
            return -1;
        }
        if (off <= PAGE - 4) {
            return (int) INT.get(pages[pfn], off);
        }
        int v = 0;
        for (int i = 0; i < 4; i++) {
            v |= (read8(pa + i) & 0xff) << 8 * i;
        }
        return v;
    }

    /** One byte at a physical address, FFh outside RAM. */
    public int read8(long pa) {
        return pa >>> 12 >= pages.length ? 0xff : pages[(int) (pa >>> 12)][(int) pa & 0xfff] & 0xff;
    }

    /** 64 bits at an aligned physical address; all ones outside RAM. */
    public long read64(long pa) {
        return pa >>> 12 >= pages.length ? -1 : (long) LONG.get(pages[(int) (pa >>> 12)], (int) pa & 0xff8);
    }
}
