package dev.retrap.cpu.boot;

import java.util.List;

/**
 * What a boot loader leaves behind: memory contents and the registers at the kernel's first instruction. The processor
 * is in 32-bit protected mode without paging, all segments flat (base 0, limit 4 GiB), interrupts off, A20 on
 * (Multiboot Specification 0.6.96, 3.2; Xen docs/misc/pvh.pandoc).
 *
 * @param protocol by which the kernel is started
 * @param entry physical address of the first instruction
 * @param eax EAX there; of no meaning for PVH
 * @param ebx EBX there
 * @param chunks memory to fill; all other RAM is zero
 */
public record BootState(Protocol protocol, int entry, int eax, int ebx, List<Chunk> chunks) {
    /** Ways to start a kernel, which differ a little in the state that they define. */
    public enum Protocol { MULTIBOOT, PVH }

    /**
     * Bytes to put into RAM.
     *
     * @param physical physical address of the first
     * @param data the bytes, not to be changed
     */
    public record Chunk(long physical, byte[] data) {}

    public BootState {
        chunks = List.copyOf(chunks);
    }
}
