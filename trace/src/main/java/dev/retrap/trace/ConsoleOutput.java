package dev.retrap.trace;

/**
 * Bytes that the guest sent to its serial console.
 *
 * @param bytes the bytes in order; not to be changed
 * @param positions position of each byte, same length; not to be changed
 */
public record ConsoleOutput(byte[] bytes, long[] positions) {
    /** Number of bytes sent before or at a position. */
    public int lengthAt(long position) {
        int lo = 0;
        int hi = positions.length;
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (positions[mid] <= position) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        return lo;
    }
}
