package dev.retrap.trace.file;

import java.util.Arrays;

/** Codes probes as {@link RowFormat} says, like {@link EventCoder}. */
final class ProbeCoder {
    private static final int AT_MOST = 1 + 10 * (1 + 4 + 1 + ProbeRow.MAX_WORDS + 1);

    private final Point[] points;

    /** For probe points with words of {@code pt_regs} of so many bytes, 4 or 8. */
    ProbeCoder(int[] wordBytes) {
        points = new Point[wordBytes.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = new Point(wordBytes[i] == 8);
        }
    }

    /** Starts a chunk. */
    void begin() {
        for (Point p : points) {
            p.start();
        }
    }

    /**
     * Appends a probe.
     *
     * @param number of its point
     * @param words of {@code pt_regs} that could be read
     * @param item a {@link ProbeItem}
     * @param lastPosition position of the row before
     */
    void code(int number, int words, long[] item, long lastPosition, Draft out) {
        int at = out.head(AT_MOST);
        int head = RowFormat.PROBE | number;
        if (number >= RowFormat.NUMBER) {
            head = RowFormat.PROBE | RowFormat.NUMBER;
            out.unsigned(number - RowFormat.NUMBER);
        }
        Point p = points[number];
        long given = item[ProbeItem.CHANGED];
        if (given != 0) {
            p.take(item);
        }
        long delta = item[ProbeItem.POSITION] - lastPosition;
        long position = delta - p.positionDelta;
        p.positionDelta = delta;
        long back = out.nextEvent() - item[ProbeItem.EVENT];
        long address = p.address - p.addressCoded;
        if ((position | back ^ p.back | address | words ^ p.words) != 0) {
            p.back = back;
            p.addressCoded = p.address;
            p.words = words;
            out.signed(position);
            out.unsigned(back);
            out.signed(address);
            out.unsigned(words);
            head |= RowFormat.TIMES;
        }
        if ((given | p.changed) != 0 || words > p.said || p.flags != p.flagsCoded) {
            head |= values(p, given, words, out);
        }
        out.set(at, head);
        out.probes++;
    }

    private static int values(Point p, long given, int words, Draft out) {
        long mask = 0;
        int n = 0;
        boolean same = true;
        for (long left = p.toCompare(given, words); left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long d = p.now[i] - p.coded[i];
            if (d != 0) {
                p.coded[i] = p.now[i];
                mask |= 1L << i;
                same &= p.differences[n] == d;
                p.differences[n++] = d;
            }
        }
        if (p.flags != p.flagsCoded) {
            long d = p.flags - p.flagsCoded;
            p.flagsCoded = p.flags;
            mask |= 1L << ProbeRow.MAX_WORDS;
            same &= p.differences[n] == d;
            p.differences[n++] = d;
        }
        if (same && mask == p.changed) {
            return 0;
        }
        p.changed = mask;
        out.unsigned(mask);
        for (int i = 0; i < n; i++) {
            out.signed(p.differences[i]);
        }
        return RowFormat.VALUES;
    }

    /** What is known of a probe point: of the last probe, and what the chunk says so far. */
    private static final class Point {
        final boolean wide;
        final long[] now = new long[ProbeRow.MAX_WORDS + 1];
        long address;
        long flags;
        final long[] coded = new long[ProbeRow.MAX_WORDS];
        /** Words that the chunk has said something of. */
        int said;
        long addressCoded;
        long flagsCoded;
        long positionDelta;
        long back;
        long words;
        long changed;
        final long[] differences = new long[ProbeRow.MAX_WORDS + 1];

        Point(boolean wide) {
            this.wide = wide;
        }

        void start() {
            Arrays.fill(coded, 0);
            said = 0;
            addressCoded = 0;
            flagsCoded = 0;
            positionDelta = 0;
            back = 0;
            words = 0;
            changed = 0;
        }

        void take(long[] item) {
            long given = item[ProbeItem.CHANGED];
            int v = ProbeItem.VALUES;
            if ((given & ProbeItem.ADDRESS_BIT) != 0) {
                address = item[v++];
            }
            if ((given & ProbeItem.FLAGS_BIT) != 0) {
                flags = item[v++];
            }
            for (int left = (int) given; left != 0; left &= left - 1) {
                int i = Integer.numberOfTrailingZeros(left);
                long w = item[v++];
                if (wide) {
                    now[i] = w;
                } else {
                    now[2 * i] = w & 0xffff_ffffL;
                    now[2 * i + 1] = w >>> 32;
                }
            }
        }

        /** A bit for each word among the first n that may not be as the chunk says. */
        long toCompare(long given, int n) {
            long all = (1L << n) - 1;
            if (n > said) {
                said = n;
                return all;
            }
            long longs = given & 0xffff_ffffL;
            return (wide ? longs : spread(longs)) & all;
        }

        /** Each bit twice. */
        private static long spread(long bits) {
            long twice = 0;
            for (long left = bits; left != 0; left &= left - 1) {
                twice |= 3L << 2 * Long.numberOfTrailingZeros(left);
            }
            return twice;
        }
    }
}
