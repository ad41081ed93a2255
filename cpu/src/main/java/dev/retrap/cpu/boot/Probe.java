package dev.retrap.cpu.boot;

/**
 * One record of a kernel's {@code .retrap.probes} section: a place in the kernel at which {@code pt_regs} is of
 * interest, and where the pointer to it is then.
 *
 * @param kind what happens there; numbers are agreed between fixture kernels and trace readers
 * @param address linear address of the instruction before which to look
 * @param location 0..15: number of the general register that points to {@code pt_regs};
 *     {@link #STACK_POINTER}: it lies at the stack pointer; in both cases plus {@link #offset}
 * @param offset signed byte offset to add
 * @param extraLocation number of a general register that holds a second value (for an exit decision the thread
 *     flags), or {@link #NOWHERE}
 * @param decision number of the decision taken here, meaning by kind, 0 for none
 */
public record Probe(int kind, long address, int location, int offset, int extraLocation, int decision) {
    /** {@link #location}: relative to the stack pointer. */
    public static final int STACK_POINTER = 16;
    /** {@link #extraLocation}: there is none. */
    public static final int NOWHERE = -1;
}
