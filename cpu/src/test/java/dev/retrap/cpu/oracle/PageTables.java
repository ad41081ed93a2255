package dev.retrap.cpu.oracle;

import dev.retrap.cpu.memory.PhysicalMemory;

/** Builds the page tables of the machine that tests run on: 32-bit or 4-level paging (SDM vol. 3, 4.3 and 4.5). */
final class PageTables {
    private static final int P = 1, W = 2, U = 4;
    private static final long NX = 1L << 63;

    private final PhysicalMemory memory;
    private final boolean levels4;
    private final int root;
    private int free;

    /**
     * Empty tables.
     *
     * @param levels4 4-level paging with NX, else 32-bit paging
     * @param free first page frame that is not used yet
     */
    PageTables(PhysicalMemory memory, boolean levels4, int free) {
        this.memory = memory;
        this.levels4 = levels4;
        this.free = free;
        root = this.free++;
    }

    /** Physical address for CR3. */
    long cr3() {
        return (long) root << 12;
    }

    /** Maps a fresh page at a linear address and returns its frame. */
    int map(int linear, boolean user, boolean write, boolean execute) {
        int pfn = free++;
        long leaf = (long) pfn << 12 | P | (write ? W : 0) | (user ? U : 0) | (levels4 && !execute ? NX : 0);
        long la = linear & 0xFFFFFFFFL;
        int table = root;
        for (int level = levels4 ? 4 : 2; level > 1; level--) {
            int index = index(la, level);
            long entry = read(table, index);
            if ((entry & P) == 0) {
                entry = (long) free++ << 12 | P | W | U;
                write(table, index, entry);
            }
            table = (int) (entry >>> 12 & 0xFFFFF);
        }
        write(table, index(la, 1), leaf);
        return pfn;
    }

    private int index(long la, int level) {
        return levels4 ? (int) (la >>> 12 + 9 * (level - 1)) & 0x1FF : (int) (la >>> 12 + 10 * (level - 1)) & 0x3FF;
    }

    private long read(int table, int index) {
        return levels4 ? memory.read64(((long) table << 12) + index * 8L)
                : memory.read32(((long) table << 12) + index * 4L) & 0xFFFFFFFFL;
    }

    private void write(int table, int index, long entry) {
        MemoryImage.put(memory.writable(table), index * (levels4 ? 8 : 4), entry, levels4 ? 8 : 4);
    }
}
