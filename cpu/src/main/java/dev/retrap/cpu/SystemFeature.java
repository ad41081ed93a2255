package dev.retrap.cpu;

import java.util.Locale;

/**
 * A CPUID flag that stands for no instruction but for a mode, a register or a table bit; instructions are {@link
 * dev.retrap.cpu.isa.Feature}s. Each constant knows where CPUID reports it (SDM vol. 2, CPUID, tables 3-8 to 3-11; APM
 * vol. 3, appendix E) and which bits of CR4 and EFER come with it.
 */
public enum SystemFeature {
    /** Virtual-8086 mode extensions and protected-mode virtual interrupts. */
    VME(1, CpuidBit.EDX, 1, 1 << 0 | 1 << 1, 0),
    /** Debugging extensions: I/O breakpoints, DR4 and DR5 raise #UD. */
    DE(1, CpuidBit.EDX, 2, 1 << 3, 0),
    /** 4 MiB pages. */
    PSE(1, CpuidBit.EDX, 3, 1 << 4, 0),
    /** Physical address extension: three-level paging with 64-bit entries. */
    PAE(1, CpuidBit.EDX, 6, 1 << 5, 0),
    /** Machine check exception. */
    MCE(1, CpuidBit.EDX, 7, 1 << 6, 0),
    /** Local APIC. */
    APIC(1, CpuidBit.EDX, 9, 0, 0),
    /** Memory type range registers. */
    MTRR(1, CpuidBit.EDX, 12, 0, 0),
    /** Global pages. */
    PGE(1, CpuidBit.EDX, 13, 1 << 7, 0),
    /** Machine check architecture. */
    MCA(1, CpuidBit.EDX, 14, 0, 0),
    /** Page attribute table. */
    PAT(1, CpuidBit.EDX, 16, 0, 0),
    /** 36-bit physical addresses in 4 MiB pages. */
    PSE36(1, CpuidBit.EDX, 17, 0, 0),
    /** Process-context identifiers. */
    PCID(1, CpuidBit.ECX, 17, 1 << 17, 0),
    /** Supervisor-mode execution prevention. */
    SMEP(7, CpuidBit.EBX, 7, 1 << 20, 0),
    /** User-mode instruction prevention: SGDT, SIDT, SLDT, STR and SMSW raise #GP at CPL 3. */
    UMIP(7, CpuidBit.ECX, 2, 1 << 11, 0),
    /** No-execute pages. */
    NX(0x80000001, CpuidBit.EDX, 20, 0, 1 << 11),
    /** 1 GiB pages. */
    PAGE1GB(0x80000001, CpuidBit.EDX, 26, 0, 0),
    /** LOCK MOV CR0 is MOV CR8 (APM vol. 3, MOV CRn). */
    ALT_MOV_CR8(0x80000001, CpuidBit.ECX, 4, 0, 0),
    /** MXCSR.MM lets SSE instructions take operands that are not aligned (APM vol. 1, 4.3.2). */
    MISALIGN_SSE(0x80000001, CpuidBit.ECX, 7, 0, 0),
    /** The TSC counts at one rate whatever the processor does. */
    INVARIANT_TSC(0x80000007, CpuidBit.EDX, 8, 0, 0);

    private final CpuidBit bit;
    private final long cr4;
    private final long efer;

    SystemFeature(int leaf, int register, int bit, long cr4, long efer) {
        this.bit = new CpuidBit(leaf, register, bit);
        this.cr4 = cr4;
        this.efer = efer;
    }

    CpuidBit bit() {
        return bit;
    }

    long cr4() {
        return cr4;
    }

    long efer() {
        return efer;
    }

    /** Lower-case name, as lists print it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
