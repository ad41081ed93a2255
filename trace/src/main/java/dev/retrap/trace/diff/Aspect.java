package dev.retrap.trace.diff;

import java.util.Locale;

/** A side of a call that two recordings may differ in. */
public enum Aspect {
    /** How the kernel was entered. */
    ENTRY,
    /** {@code pt_regs} as the kernel built them. */
    PT_REGS,
    /** Registers in user mode right after the exit instruction, before the vDSO's tail. */
    EXIT_REGISTERS,
    /** EFLAGS in user mode right after the exit instruction. */
    EFLAGS,
    /** Registers as the caller gets them back, after the vDSO's tail. */
    CALLER_REGISTERS,
    /** Which instruction left the kernel. */
    EXIT_INSTRUCTION,
    /** What the exit was decided on. */
    DECISION,
    /** Instructions executed in the kernel. */
    KERNEL_INSTRUCTIONS,
    /** Cycles by the model. */
    CYCLES,
    /** What the call returned. */
    RESULT;

    /** Lower-case name with dashes, as options and reports spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
