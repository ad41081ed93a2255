package dev.retrap.cpu.oracle;

import java.util.Arrays;
import java.util.List;

/**
 * What an instruction did.
 *
 * @param vector exception it raised, or {@link #COMPLETED}
 * @param error error code, 0 if the exception has none
 * @param cr2 address of a page fault, else 0
 * @param state registers afterwards; for a fault, as its handler would find them
 * @param changes memory that is not as it was, in ascending order
 */
record Outcome(int vector, int error, long cr2, State state, List<Change> changes) {
    static final int COMPLETED = 255;

    /** Adjacent bytes that changed. */
    record Change(int address, byte[] bytes) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Change c && address == c.address && Arrays.equals(bytes, c.bytes);
        }

        @Override
        public int hashCode() {
            return address;
        }
    }

    boolean completed() {
        return vector == COMPLETED;
    }
}
