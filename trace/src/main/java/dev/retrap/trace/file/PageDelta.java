package dev.retrap.trace.file;

import java.util.Arrays;

/** Pages as differences: {@code (bytes to skip varint, bytes that follow varint, those bytes)*}. */
final class PageDelta {
    /** Longer differences are not worth it. */
    private static final int MOST = Format.PAGE_BYTES / 2;
    /** Equal bytes between two runs that cost less than a new run. */
    private static final int GAP = 3;
    private static final byte[] ZEROS = new byte[Format.PAGE_BYTES];

    private final byte[] buffer = new byte[MOST + 8];

    /**
     * The difference of a page from another, null for zeros.
     *
     * @return null if it is too long; empty if there is none
     */
    byte[] of(byte[] page, byte[] baseOrNull) {
        byte[] base = baseOrNull == null ? ZEROS : baseOrNull;
        int n = 0;
        int at = 0;
        while (true) {
            int d = Arrays.mismatch(page, at, Format.PAGE_BYTES, base, at, Format.PAGE_BYTES);
            if (d < 0) {
                return Arrays.copyOf(buffer, n);
            }
            int from = at + d;
            int to = from + 1;
            for (int equal = 0, i = to; i < Format.PAGE_BYTES && equal <= GAP; i++) {
                if (page[i] != base[i]) {
                    to = i + 1;
                    equal = 0;
                } else {
                    equal++;
                }
            }
            if (n + 4 + to - from > MOST) {
                return null;
            }
            n = varint(n, from - at);
            n = varint(n, to - from);
            System.arraycopy(page, from, buffer, n, to - from);
            n += to - from;
            at = to;
        }
    }

    private int varint(int at, int value) {
        int n = at;
        if (value >= 0x80) {
            buffer[n++] = (byte) (value | 0x80);
        }
        buffer[n++] = (byte) (value >= 0x80 ? value >>> 7 : value);
        return n;
    }

    /**
     * The page that differs so from a base, null for zeros.
     *
     * @return null if the difference is none that {@link #of} makes
     */
    static byte[] apply(byte[] delta, byte[] baseOrNull) {
        byte[] page = baseOrNull == null ? new byte[Format.PAGE_BYTES] : baseOrNull.clone();
        int i = 0;
        int at = 0;
        while (i < delta.length) {
            int[] lengths = new int[2];
            for (int k = 0; k < 2; k++) {
                if (i >= delta.length) {
                    return null;
                }
                int b = delta[i++];
                if (b < 0) {
                    if (i >= delta.length) {
                        return null;
                    }
                    b = b & 0x7f | (delta[i++] & 0xff) << 7;
                }
                lengths[k] = b;
            }
            at += lengths[0];
            if (at + lengths[1] > Format.PAGE_BYTES || i + lengths[1] > delta.length) {
                return null;
            }
            System.arraycopy(delta, i, page, at, lengths[1]);
            at += lengths[1];
            i += lengths[1];
        }
        return page;
    }
}
