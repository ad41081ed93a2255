package dev.retrap.cpu;

/**
 * A watched range of linear addresses.
 *
 * @param address first byte, linear
 * @param length bytes, at least 1, any number
 * @param access which accesses count
 */
public record Watch(long address, long length, Access access) {
    /** Which accesses count. */
    public enum Access { READ, WRITE, ACCESS }

    public Watch {
        if (length < 1) {
            throw new IllegalArgumentException("watch length must be at least 1: " + length);
        }
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
