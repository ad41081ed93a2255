package dev.retrap.repl.expr;

/** What an expression may name: the machine at one position, its symbols, the debugger's own variables. */
public interface Scope {
    /**
     * {@return the value of {@code $name}: a register or a variable of the debugger; null if there is none}
     * @param name without the dollar sign
     */
    Value variable(String name);

    /**
     * {@return the address of a symbol, or null if unknown}
     * @param name as in the symbol table
     */
    Long symbol(String name);

    /**
     * {@return {@code size} bytes at a linear address, little-endian}
     * @param address first byte
     * @param size 1..8
     * @throws ExprException if they cannot be read
     */
    long read(long address, int size);

    /** {@return bytes of a machine word (and of an address) in the current mode: 2, 4 or 8} */
    int wordBytes();
}
