package dev.retrap.cpu.boot;

/**
 * An address as a symbol and a distance.
 *
 * @param symbol the symbol at or before the address
 * @param offset bytes from it, not negative
 */
public record SymbolOffset(Symbol symbol, long offset) {
    /** {@code name} or {@code name+0x1f}. */
    @Override
    public String toString() {
        return offset == 0 ? symbol.name() : symbol.name() + "+0x" + Long.toHexString(offset);
    }
}
