package dev.retrap.repl.expr;

/**
 * Result of an expression.
 *
 * @param type its type
 * @param bits its value, sign- or zero-extended to 64 bits as the type says; unused for an array
 * @param inMemory true if it was read from memory, so that {@code &} may be applied
 * @param address where, if {@code inMemory}
 */
public record Value(CType type, long bits, boolean inMemory, long address) {
    /** A value that is nowhere in memory. */
    public static Value of(CType type, long bits) {
        return new Value(type, extend(type, bits), false, 0);
    }

    /** A value read from {@code address}. */
    static Value at(CType type, long bits, long address) {
        return new Value(type, extend(type, bits), true, address);
    }

    /** {@return the value as an address: the bits, or where an array begins} */
    public long asAddress() {
        return type instanceof CType.Array ? address : bits;
    }

    /** {@return true if not zero, as C's {@code if} would have it} */
    public boolean isTrue() {
        return type instanceof CType.Array || bits != 0;
    }

    /** {@return the bits without sign extension beyond the type's size} */
    public long unsigned() {
        int size = type.size();
        return size == 0 || size >= 8 ? bits : bits & (1L << size * 8) - 1;
    }

    private static long extend(CType type, long bits) {
        int size = type.size();
        if (size == 0 || size >= 8) {
            return bits;
        }
        int shift = 64 - size * 8;
        return type.isSigned() ? bits << shift >> shift : bits << shift >>> shift;
    }
}
