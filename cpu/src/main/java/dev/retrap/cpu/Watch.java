package dev.retrap.cpu;

/**
 * A watched range of addresses.
 *
 * @param address first byte
 * @param length bytes, at least 1, any number
 * @param access which accesses count
 * @param space what the addresses are
 */
public record Watch(long address, long length, Access access, Space space) {
    /** Which accesses count. */
    public enum Access { READ, WRITE, ACCESS }

    /** Kinds of addresses. */
    public enum Space {
        /** Linear addresses: an access through another mapping of the same memory does not count. */
        LINEAR,
        /** Physical addresses: accesses through every mapping count, and those of page walks that set A or D bits. */
        PHYSICAL
    }

    public Watch {
        if (length < 1) {
            throw new IllegalArgumentException("watch length must be at least 1: " + length);
        }
    }

    /** A range of linear addresses. */
    public Watch(long address, long length, Access access) {
        this(address, length, access, Space.LINEAR);
    }

    /** True if {@code [a, a+n)} touches the range. */
    public boolean overlaps(long a, int n) {
        return a - address < length && address - a < n && (a >= address || address - a < n);
    }

    /** True if an access of this kind counts. */
    public boolean counts(boolean write) {
        return switch (access) {
            case READ -> !write;
            case WRITE -> write;
            case ACCESS -> true;
        };
    }
}
