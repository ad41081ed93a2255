package dev.retrap.trace.file;

import dev.retrap.trace.v1.Probes;
import dev.retrap.trace.v1.Record;
import java.util.Arrays;

/** Codes probes into the columns of a {@code Probes} message; the reverse is {@link ProbeBlock}. */
final class ProbeColumns {
    private final long[][] last;
    private final long[] positionDelta;

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

    /** Columns for so many probe points. */
    ProbeColumns(int points) {
        last = new long[points][ProbeRow.SIZE];
        positionDelta = new long[points];
    }

    /** Starts a chunk whose first event has this number. */
    void begin(long first) {
        firstEvent = first;
        lastEvent = first;
        lastPosition = 0;
        count = 0;
        for (long[] row : last) {
            Arrays.fill(row, 0);
        }
        Arrays.fill(positionDelta, 0);
        for (VarintColumn c : columns) {
            c.clear();
        }
    }

    int count() {
        return count;
    }

    /** Appends a probe, a {@link ProbeRow} at an index of an array. */
    void add(long[] a, int row) {
        int number = (int) a[row + ProbeRow.POINT];
        long[] p = last[number];
        point.unsigned(number);
        event.signed(a[row + ProbeRow.EVENT] - lastEvent);
        lastEvent = a[row + ProbeRow.EVENT];
        long delta = a[row + ProbeRow.POSITION] - lastPosition;
        lastPosition = a[row + ProbeRow.POSITION];
        position.signed(delta - positionDelta[number]);
        positionDelta[number] = delta;
        address.signed(a[row + ProbeRow.ADDRESS] - p[ProbeRow.ADDRESS]);
        p[ProbeRow.ADDRESS] = a[row + ProbeRow.ADDRESS];
        int n = (int) a[row + ProbeRow.WORDS];
        words.unsigned(n);
        long mask = 0;
        for (int i = 0; i < n; i++) {
            mask |= difference(a, row, p, ProbeRow.REGS + i) << i;
        }
        mask |= difference(a, row, p, ProbeRow.THREAD_FLAGS) << ProbeRow.MAX_WORDS;
        changed.unsigned(mask);
        count++;
    }

    private long difference(long[] a, int row, long[] p, int word) {
        long v = a[row + word];
        long d = v - p[word];
        if (d == 0) {
            return 0;
        }
        difference.signed(d);
        p[word] = v;
        return 1;
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
