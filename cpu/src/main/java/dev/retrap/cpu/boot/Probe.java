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
 *     flags), or with {@link #IN_MEMORY} its signed 31-bit distance from {@code pt_regs}, or {@link #NOWHERE}
 * @param decision number of the decision taken here, meaning by kind, 0 for none
 */
public record Probe(int kind, long address, int location, int offset, int extraLocation, int decision) {
    /** {@link #location}: relative to the stack pointer. */
    public static final int STACK_POINTER = 16;
    /** {@link #extraLocation}: there is none. */
    public static final int NOWHERE = -1;
    /** {@link #extraLocation}: the bit of a value in memory. */
    public static final int IN_MEMORY = 1 << 31;
    /** {@link #kind}: bits of the kind proper; above are notes about members of {@code pt_regs} not yet stored. */
    public static final int KIND_MASK = 0xFF;
    /** {@link #kind}: r15 to r12, bp and bx are still in the registers of these names. */
    public static final int EXTRA_REGISTERS_LIVE = 0x100;
    /** {@link #kind}: except for bp, which is in R9. */
    public static final int BP_IN_R9 = 0x200;
    /** {@link #kind}: r8 to r11 will be stored as 0. */
    public static final int R8_TO_R11_ZERO = 0x400;

    /** Signed distance from {@code pt_regs} of the second value, if it is {@link #IN_MEMORY}. */
    public int extraOffset() {
        return extraLocation << 1 >> 1;
    }
}
