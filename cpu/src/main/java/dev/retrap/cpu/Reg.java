package dev.retrap.cpu;

import java.util.Locale;

/**
 * Every architectural register that the outside may see, in the order in which {@link Machine#capture(long[])} lays them
 * out: {@code slot == ordinal()}. Values are 64 bits wide, zero-extended where the register is narrower.
 *
 * <p>The order is part of the recording format (field numbers of {@code retrap.trace.v1}): append, never reorder.
 * Slots below {@link #CROSSING_SLOTS} are those that every kernel entry and exit records.
 */
public enum Reg {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    /** Offset of the next instruction within CS. */
    RIP,
    /** EFLAGS with bit 1 set. */
    RFLAGS,
    ES, CS, SS, DS, FS, GS,
    FS_BASE, GS_BASE,
    /** MSR C0000102h. */
    KERNEL_GS_BASE,
    /** Hidden attributes of SS, descriptor bits 55:40 in bits 15:0 (limit nibble cleared); AMD SYSRET shows here. */
    SS_ATTR,
    CR2, CR3,
    /** Current privilege level, 0..3. */
    CPL,
    // ------- not recorded with every crossing -------
    CR0, CR4, CR8, EFER,
    ES_BASE, CS_BASE, SS_BASE, DS_BASE,
    ES_LIMIT, CS_LIMIT, SS_LIMIT, DS_LIMIT, FS_LIMIT, GS_LIMIT,
    ES_ATTR, CS_ATTR, DS_ATTR, FS_ATTR, GS_ATTR,
    LDTR, LDTR_BASE, LDTR_LIMIT, LDTR_ATTR,
    TR, TR_BASE, TR_LIMIT, TR_ATTR,
    GDTR_BASE, GDTR_LIMIT, IDTR_BASE, IDTR_LIMIT,
    DR0, DR1, DR2, DR3, DR6, DR7,
    SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP,
    STAR, LSTAR, CSTAR, FMASK, TSC_AUX,
    /** Time-stamp counter as RDTSC would read it now. */
    TSC;

    /** Number of slots of a full capture. */
    public static final int COUNT = values().length;
    /** Number of leading slots recorded with every crossing. */
    public static final int CROSSING_SLOTS = CPL.ordinal() + 1;

    private static final Reg[] BY_SLOT = values();

    /** The slot in a capture, 0-based. */
    public int slot() {
        return ordinal();
    }

    /** The register of a slot. */
    public static Reg ofSlot(int slot) {
        return BY_SLOT[slot];
    }

    /** General register by its number in an encoding, 0..15. */
    public static Reg gpr(int number) {
        return BY_SLOT[number & 15];
    }

    /** Segment selector register by its number in an encoding: ES CS SS DS FS GS. */
    public static Reg segment(int number) {
        return BY_SLOT[ES.ordinal() + number];
    }

    /** Lower-case name, as reports print it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
