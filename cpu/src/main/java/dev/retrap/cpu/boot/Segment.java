package dev.retrap.cpu.boot;

/**
 * A program header of type PT_LOAD (ELF specification 1.2, 2-2).
 *
 * @param virtual address it is linked for (p_vaddr)
 * @param physical address to load it at (p_paddr)
 * @param fileOffset offset of its bytes in the file
 * @param fileSize bytes in the file
 * @param memorySize bytes in memory, at least {@code fileSize}; the rest is zero
 * @param flags p_flags: 1 execute, 2 write, 4 read
 */
public record Segment(
        long virtual, long physical, long fileOffset, long fileSize, long memorySize, int flags) {
    /** True if its code may run (PF_X). */
    public boolean executable() {
        return (flags & 1) != 0;
    }

    /** True if it may be written (PF_W). */
    public boolean writable() {
        return (flags & 2) != 0;
    }
}
