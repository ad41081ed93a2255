package dev.retrap.trace.file;

import dev.retrap.trace.v1.Probes;
import dev.retrap.trace.v1.Record;
import java.util.Arrays;

/** Codes probes into the columns of a {@code Probes} message, as recordings had them before rows. */
final class ProbeColumns {
    private final Point[] points;

    private final VarintColumn point = new VarintColumn(Probes.POINT_FIELD_NUMBER);
    private final VarintColumn event = new VarintColumn(Probes.EVENT_FIELD_NUMBER);
    private final VarintColumn position = new VarintColumn(Probes.POSITION_FIELD_NUMBER);
    private final VarintColumn address = new VarintColumn(Probes.ADDRESS_FIELD_NUMBER);
    private final VarintColumn changed = new VarintColumn(Probes.CHANGED_FIELD_NUMBER);
    private final VarintColumn difference = new VarintColumn(Probes.DIFFERENCE_FIELD_NUMBER);
    private final VarintColumn words = new VarintColumn(Probes.WORDS_FIELD_NUMBER);
    private final VarintColumn[] columns = {point, event, position, address, changed, difference, words};

    private long firstEvent;
    private int count;
    private long lastEvent;
    private long lastPosition;

    /** Columns for probe points with words of {@code pt_regs} of so many bytes, 4 or 8. */
    ProbeColumns(int[] wordBytes) {
        points = new Point[wordBytes.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = new Point(wordBytes[i] == 8);
        }
    }

    /** Starts a chunk whose first event has this number. */
    void begin(long first) {
        firstEvent = first;
        lastEvent = first;
        lastPosition = 0;
        count = 0;
        for (Point p : points) {
            p.start();
        }
        for (VarintColumn c : columns) {
            c.clear();
        }
    }

    int count() {
        return count;
    }

    /**
     * Appends a probe, a {@link ProbeItem} at an index of an array.
     *
     * @param n words of {@code pt_regs} that could be read
     */
    void add(int number, int n, long[] a, int at) {
        Point p = points[number];
        p.take(a, at);
        point.unsigned(number);
        event.signed(a[at + ProbeItem.EVENT] - lastEvent);
        lastEvent = a[at + ProbeItem.EVENT];
        long delta = a[at + ProbeItem.POSITION] - lastPosition;
        lastPosition = a[at + ProbeItem.POSITION];
        position.signed(delta - p.positionDelta);
        p.positionDelta = delta;
        address.signed(p.address - p.addressWritten);
        p.addressWritten = p.address;
        words.unsigned(n);
        long mask = 0;
        for (long left = p.toCompare(a[at + ProbeItem.CHANGED], n); left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long d = p.now[i] - p.written[i];
            if (d != 0) {
                difference.signed(d);
                p.written[i] = p.now[i];
                mask |= 1L << i;
            }
        }
        if (p.flags != p.flagsWritten) {
            difference.signed(p.flags - p.flagsWritten);
            p.flagsWritten = p.flags;
            mask |= 1L << ProbeRow.MAX_WORDS;
        }
        changed.unsigned(mask);
        count++;
    }

    /** What is known of a probe point: from the machine's thread, and what the chunk says so far. */
    private static final class Point {
        final boolean wide;
        final long[] now = new long[ProbeRow.MAX_WORDS + 1];
        long address;
        long flags;
        final long[] written = new long[ProbeRow.MAX_WORDS];
        /** Words that the chunk has said something of. */
        int said;
        long addressWritten;
        long flagsWritten;
        long positionDelta;

        Point(boolean wide) {
            this.wide = wide;
        }

        void start() {
            Arrays.fill(written, 0);
            said = 0;
            addressWritten = 0;
            flagsWritten = 0;
            positionDelta = 0;
        }

        void take(long[] a, int at) {
            long given = a[at + ProbeItem.CHANGED];
            int v = at + ProbeItem.VALUES;
            if ((given & ProbeItem.ADDRESS_BIT) != 0) {
                address = a[v++];
            }
            if ((given & ProbeItem.FLAGS_BIT) != 0) {
                flags = a[v++];
            }
            for (int left = (int) given; left != 0; left &= left - 1) {
                int i = Integer.numberOfTrailingZeros(left);
                long w = a[v++];
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

    /** Appends the record of this chunk's probes to its payload, if there are any. */
    void writeTo(Payload payload) {
        if (count == 0) {
            return;
        }
        Probes start = Probes.newBuilder().setFirstEvent(firstEvent).build();
        int size = start.getSerializedSize();
        for (VarintColumn c : columns) {
            size += c.size();
        }
        payload.add(Record.PROBES_FIELD_NUMBER, size, out -> {
            start.writeTo(out);
            for (VarintColumn c : columns) {
                c.writeTo(out);
            }
        });
    }
}
