package dev.retrap.trace.file;

import dev.retrap.trace.v1.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Decodes the rows of a chunk, which {@link EventCoder} and {@link ProbeCoder} have coded. */
public final class RowReader {
    private final byte[] bytes;
    private int at;
    private final int registers;
    private final IntPredicate isEntry;
    private final int kinds;
    private final long first;
    private final long[] events;
    private final long[] probes;
    private final List<Context> contexts = new ArrayList<>();
    private final Point[] points;
    private int event;
    private int probe;
    private long lastPosition;
    private long lastEvent = -1;
    private long lastCycles;

    /**
     * Decodes all.
     *
     * @param registers registers per side of an event, 1..62
     * @param isEntry whether the kind with an ordinal is an entry
     * @param kinds number of kinds known
     * @param pointCount number of probe points
     * @throws RecordingFormatException if they are not what they say
     */
    public RowReader(Events e, int registers, IntPredicate isEntry, int kinds, int pointCount)
            throws RecordingFormatException {
        bytes = e.getRows().toByteArray();
        this.registers = registers;
        this.isEntry = isEntry;
        this.kinds = kinds;
        first = e.getFirst();
        if (e.getEventCount() < 0 || e.getEventCount() > Format.MAX_CHUNK_EVENTS
                || e.getProbeCount() < 0 || e.getProbeCount() > 4 * Format.MAX_CHUNK_EVENTS) {
            throw new RecordingFormatException("corrupt: " + Integer.toUnsignedString(e.getEventCount()) + " events and "
                    + Integer.toUnsignedString(e.getProbeCount()) + " probes in a chunk");
        }
        events = new long[e.getEventCount() * EventRow.size(registers)];
        probes = new long[e.getProbeCount() * ProbeRow.SIZE];
        points = new Point[pointCount];
        try {
            while (at < bytes.length) {
                row(bytes[at++] & 0xff);
            }
        } catch (IndexOutOfBoundsException x) {
            throw new RecordingFormatException("corrupt: rows that are cut or too many");
        }
        if (event != e.getEventCount() || probe != e.getProbeCount()) {
            throw new RecordingFormatException("corrupt: rows that are cut or too many");
        }
    }

    /** The events. */
    public EventBlock events() {
        return new EventBlock(first, event, registers, events);
    }

    /** The probes. */
    public ProbeBlock probes() {
        return new ProbeBlock(probe, probes);
    }

    private long unsigned() {
        long v = 0;
        int shift = 0;
        byte b;
        do {
            b = bytes[at++];
            v |= (b & 0x7fL) << shift;
            shift += 7;
        } while (b < 0);
        return v;
    }

    private long signed() {
        long v = unsigned();
        return v >>> 1 ^ -(v & 1);
    }

    private void row(int head) throws RecordingFormatException {
        int number = head & RowFormat.NUMBER;
        if (number == RowFormat.NUMBER) {
            number = (int) Math.min(Integer.MAX_VALUE, unsigned() + number & Long.MAX_VALUE);
        }
        boolean times = (head & RowFormat.TIMES) != 0;
        boolean values = (head & RowFormat.VALUES) != 0;
        if ((head & RowFormat.PROBE) != 0) {
            probe(number, times, values);
        } else {
            if (number == contexts.size()) {
                contexts.add(context(unsigned()));
            }
            event(contexts.get(number), times, values);
        }
    }

    private Context context(long word) throws RecordingFormatException {
        if (EventRow.vector(word) > 255 || word >>> 25 != 0) {
            throw new RecordingFormatException("corrupt: an event with an impossible vector");
        }
        if (EventRow.kind(word) >= kinds) {
            throw new RecordingFormatException("an event of kind " + EventRow.kind(word)
                    + ", which this program does not know: use a newer Retrap");
        }
        return new Context(word, isEntry.test(EventRow.kind(word)), registers);
    }

    private void event(Context c, boolean times, boolean values) throws RecordingFormatException {
        int row = event * EventRow.size(registers);
        long[] rows = events;
        rows[row + EventRow.CONTEXT] = c.word;
        EventPrediction p = c.prediction;
        p.positionDelta += times ? signed() : 0;
        if (lastPosition + p.positionDelta <= lastEvent) {
            throw new RecordingFormatException("corrupt: events out of order");
        }
        lastPosition += p.positionDelta;
        lastEvent = lastPosition;
        rows[row + EventRow.POSITION] = lastPosition;
        p.cyclesDelta += times ? signed() : 0;
        lastCycles += p.cyclesDelta;
        rows[row + EventRow.CYCLES] = lastCycles;
        nesting(c, row, times);
        values(c, row, values);
        event++;
    }

    private void nesting(Context c, int row, boolean times) throws RecordingFormatException {
        EventPrediction p = c.prediction;
        if (times) {
            c.nesting = unsigned();
        }
        boolean exit = !c.entry;
        if (c.nesting < 0 || exit && c.nesting > first + event) {
            throw new RecordingFormatException("corrupt: an exit of an entry that does not exist");
        }
        events[row + EventRow.NESTING] = c.nesting;
        if (exit && c.nesting != 0) {
            if (times) {
                p.steps += signed();
                c.nestedSteps = unsigned();
                p.spentCycles += signed();
                c.nestedCycles = unsigned();
            }
            events[row + EventRow.STEPS] = p.steps;
            events[row + EventRow.NESTED_STEPS] = c.nestedSteps;
            events[row + EventRow.SPENT_CYCLES] = p.spentCycles;
            events[row + EventRow.NESTED_CYCLES] = c.nestedCycles;
        }
    }

    private void values(Context c, int row, boolean given) {
        if (given) {
            c.beforeChanged = unsigned() & (1L << registers) - 1;
            c.afterChanged = unsigned() & (1L << registers + 1) - 1;
            int n = Long.bitCount(c.beforeChanged) + Long.bitCount(c.afterChanged);
            for (int i = 0; i < n; i++) {
                c.differences[i] = signed();
            }
        }
        EventPrediction p = c.prediction;
        int d = 0;
        int before = row + EventRow.REGISTERS;
        int after = before + registers;
        for (int r = 0; r < registers; r++) {
            events[before + r] = p.before[r] + ((c.beforeChanged >> r & 1) != 0 ? c.differences[d++] : 0);
        }
        for (int r = 0; r < registers; r++) {
            long b = events[before + r];
            long v = p.after(r, b) + ((c.afterChanged >> r & 1) != 0 ? c.differences[d++] : 0);
            events[after + r] = v;
            p.before[r] = b;
            p.after[r] = v;
        }
        if ((c.afterChanged >> registers & 1) != 0) {
            p.errorCode += c.differences[d];
        }
        events[row + EventRow.ERROR_CODE] = p.errorCode;
    }

    private void probe(int number, boolean times, boolean values) throws RecordingFormatException {
        Point p = points[number];
        if (p == null) {
            p = points[number] = new Point();
            p.row[ProbeRow.POINT] = number;
        }
        if (times) {
            p.positionDelta += signed();
            p.back = unsigned();
            p.row[ProbeRow.ADDRESS] += signed();
            p.row[ProbeRow.WORDS] = unsigned();
            if (p.row[ProbeRow.WORDS] < 0 || p.row[ProbeRow.WORDS] > ProbeRow.MAX_WORDS) {
                throw new RecordingFormatException("corrupt: pt_regs of " + p.row[ProbeRow.WORDS] + " words");
            }
        }
        lastPosition += p.positionDelta;
        p.row[ProbeRow.POSITION] = lastPosition;
        p.row[ProbeRow.EVENT] = first + event - p.back;
        if (values) {
            p.changed = unsigned() & (1L << ProbeRow.MAX_WORDS + 1) - 1;
            for (int i = 0; i < Long.bitCount(p.changed); i++) {
                p.differences[i] = signed();
            }
        }
        int d = 0;
        for (long left = p.changed & (1L << ProbeRow.MAX_WORDS) - 1; left != 0; left &= left - 1) {
            p.row[ProbeRow.REGS + Long.numberOfTrailingZeros(left)] += p.differences[d++];
        }
        if ((p.changed >> ProbeRow.MAX_WORDS & 1) != 0) {
            p.row[ProbeRow.THREAD_FLAGS] += p.differences[d];
        }
        System.arraycopy(p.row, 0, probes, probe * ProbeRow.SIZE, ProbeRow.SIZE);
        probe++;
    }

    /** Of a kind and vector. */
    private static final class Context {
        final long word;
        final boolean entry;
        final EventPrediction prediction;
        long nesting;
        long nestedSteps;
        long nestedCycles;
        long beforeChanged;
        long afterChanged;
        final long[] differences;

        Context(long word, boolean entry, int registers) {
            this.word = word;
            this.entry = entry;
            prediction = new EventPrediction(registers);
            differences = new long[2 * registers + 1];
        }
    }

    /** Of a probe point. */
    private static final class Point {
        final long[] row = new long[ProbeRow.SIZE];
        long positionDelta;
        long back;
        long changed;
        final long[] differences = new long[ProbeRow.MAX_WORDS + 1];
    }
}
