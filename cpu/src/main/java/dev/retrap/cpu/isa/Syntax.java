package dev.retrap.cpu.isa;

/** Assembler syntax to print. */
public enum Syntax {
    /** AT&amp;T syntax, as {@code objdump -d} prints by default. */
    ATT,
    /** Intel syntax, as {@code objdump -d -M intel}. */
    INTEL
}
