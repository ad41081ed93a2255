package dev.retrap.cpu.isa;

/** Names an address for the disassembler. */
@FunctionalInterface
public interface SymbolResolver {
    /** Knows no symbol. */
    SymbolResolver NONE = address -> null;

    /**
     * {@return the text to put between angle brackets after an address, such as {@code main+0x10}, or null if none}
     * @param address offset in CS of a branch target, or the absolute address of a RIP-relative operand
     */
    String symbol(long address);
}
