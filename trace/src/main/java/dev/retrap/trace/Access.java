package dev.retrap.trace;

import dev.retrap.cpu.Watch;

/**
 * An access to memory in the history.
 *
 * @param position of the state before it
 * @param ip linear address of the instruction that made it, or before which an interrupt or exception did
 * @param watch the range asked for that it touched
 * @param address linear address of the first byte of that range that it touched
 * @param write true if (one of) the access(es) was a write
 * @param before the bytes of the range (at most {@link #SHOWN}) before it
 * @param after the same after it
 * @param byDebugger true if no instruction did it but a debugger, who wrote memory at that position
 */
public record Access(long position, long ip, Watch watch, long address, boolean write, byte[] before, byte[] after,
        boolean byDebugger) {
    /** Bytes of a range that are shown at most. */
    public static final int SHOWN = 16;
}
