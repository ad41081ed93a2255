package dev.retrap.cpu.boot;

/**
 * A section header (ELF specification 1.2, 1-9).
 *
 * @param name its name, possibly empty
 * @param type sh_type
 * @param flags sh_flags
 * @param address address in memory, 0 if it has none
 * @param fileOffset offset in the file
 * @param size bytes; none in the file for type SHT_NOBITS
 * @param link sh_link
 * @param entrySize sh_entsize
 */
record Section(
        String name, int type, long flags, long address, long fileOffset, long size, int link, long entrySize) {
    static final int SYMTAB = 2;
    static final int NOTE = 7;
    static final int NOBITS = 8;
    static final int DYNSYM = 11;
    private static final int ALLOC = 2;

    /** True if it occupies memory when the program runs. */
    boolean allocated() {
        return (flags & ALLOC) != 0;
    }
}
