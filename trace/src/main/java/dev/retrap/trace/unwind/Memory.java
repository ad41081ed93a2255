package dev.retrap.trace.unwind;

/** The guest's memory as an unwinder needs it. */
@FunctionalInterface
public interface Memory {
    /**
     * {@return bytes at a linear address, little-endian; null if they cannot be read}
     *
     * @param address first byte
     * @param bytes 1..8
     */
    Long read(long address, int bytes);
}
