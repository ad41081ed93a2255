package dev.retrap.cpu.boot;

/**
 * A symbol of an ELF file (ELF specification 1.2, 1-17).
 *
 * @param name its name, not empty
 * @param address its value: an address in executables and shared objects
 * @param size bytes, 0 if unknown, as of assembler labels
 * @param type what it names
 * @param binding its visibility to other files
 * @param limit first address after the section it lies in; {@code address} if it lies in none (absolute symbols, ends
 *     of sections)
 */
public record Symbol(String name, long address, long size, Type type, Binding binding, long limit) {
    /** What a symbol names (STT_). */
    public enum Type { NONE, OBJECT, FUNCTION, COMMON, TLS, IFUNC, OTHER }

    /** Visibility (STB_). */
    public enum Binding { LOCAL, GLOBAL, WEAK, OTHER }

    /** The same symbol of a file loaded {@code bias} bytes higher. */
    public Symbol moved(long bias) {
        return new Symbol(name, address + bias, size, type, binding, limit + bias);
    }

    /** True if the symbol's bytes, or the one at its address if it has no size, contain an address. */
    public boolean contains(long a) {
        return Long.compareUnsigned(a - address, size == 0 ? 1 : size) < 0;
    }
}
