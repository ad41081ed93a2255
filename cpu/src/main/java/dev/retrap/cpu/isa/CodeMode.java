package dev.retrap.cpu.isa;

/**
 * Default operand and address size of the code segment an instruction is fetched from (SDM vol. 3, 3.4.5: CS.D and
 * CS.L). Real mode, virtual-8086 mode and 16-bit protected mode all decode as {@link #CODE16}.
 */
public enum CodeMode {
    /** 16-bit code: real mode, virtual-8086 mode, and protected or compatibility mode with CS.D = 0. */
    CODE16(16, 0xFFFFL),
    /** 32-bit code: protected or compatibility mode with CS.D = 1. */
    CODE32(32, 0xFFFF_FFFFL),
    /** 64-bit mode: CS.L = 1 with IA32_EFER.LMA = 1. */
    CODE64(64, -1L);

    private final int bits;
    private final long ipMask;

    CodeMode(int bits, long ipMask) {
        this.bits = bits;
        this.ipMask = ipMask;
    }

    /** {@return the width of the mode in bits: 16, 32 or 64} */
    public int bits() {
        return bits;
    }

    /** {@return the mask that the address of the next sequential instruction is truncated with} */
    public long ipMask() {
        return ipMask;
    }
}
