package dev.retrap.trace.file;

import dev.retrap.trace.v1.EventContext;
import dev.retrap.trace.v1.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The events of a chunk, decoded: an {@link EventRow} each.
 *
 * @param first number of the first event
 * @param count number of events
 * @param registers registers per side
 * @param rows the rows one behind the other, not to be changed
 */
public record EventBlock(long first, int count, int registers, long[] rows) {
    /** A block without events. */
    public static EventBlock empty(long first, int registers) {
        return new EventBlock(first, 0, registers, new long[0]);
    }

    /**
     * Decodes the columns.
     *
     * @param registers registers per side, 1..62
     * @param isEntry whether the kind with an ordinal is an entry
     * @param kinds number of kinds known
     * @throws RecordingFormatException if they do not fit together
     */
    public static EventBlock decode(Events e, int registers, IntPredicate isEntry, int kinds)
            throws RecordingFormatException {
        int count = e.getContextCount();
        if (count > Format.MAX_CHUNK_EVENTS) {
            throw new RecordingFormatException("corrupt: " + count + " events in a chunk");
        }
        try {
            return new Decoder(e, registers, count, isEntry, contexts(e, kinds)).decode();
        } catch (IndexOutOfBoundsException x) {
            throw new RecordingFormatException("corrupt: a column of events is too short");
        }
    }

    private static long[] contexts(Events e, int kinds) throws RecordingFormatException {
        long[] words = new long[e.getContextsCount()];
        for (int i = 0; i < words.length; i++) {
            EventContext c = e.getContexts(i);
            if (c.getKind() < 0 || c.getVectorPlusOne() < 0 || c.getVectorPlusOne() > 256) {
                throw new RecordingFormatException("corrupt: an event with an impossible vector");
            }
            if (c.getKind() >= kinds) {
                throw new RecordingFormatException("an event of kind " + c.getKind()
                        + ", which this program does not know: use a newer Retrap");
            }
            words[i] = EventRow.context(c.getKind(), c.getVectorPlusOne() - 1, c.getHasErrorCode());
        }
        return words;
    }

    /** Index of the row of an event of this block. */
    public int row(long event) {
        return Math.toIntExact(event - first) * EventRow.size(registers);
    }

    /** A word of the row of an event. */
    public long get(long event, int word) {
        return rows[row(event) + word];
    }

    /** True if an event is in this block. */
    public boolean has(long event) {
        return event >= first && event - first < count;
    }

    /** The state of a decoding in progress. */
    private static final class Decoder {
        private final Events e;
        private final int registers;
        private final int count;
        private final IntPredicate isEntry;
        private final long[] contexts;
        private final List<EventPrediction> predictions = new ArrayList<>();
        private final long[] rows;
        private int differences;
        private int ends;

        Decoder(Events e, int registers, int count, IntPredicate isEntry, long[] contexts) {
            this.e = e;
            this.registers = registers;
            this.count = count;
            this.isEntry = isEntry;
            this.contexts = contexts;
            this.rows = new long[count * EventRow.size(registers)];
            for (int i = 0; i < Math.min(contexts.length, count); i++) {
                predictions.add(new EventPrediction(registers));
            }
        }

        EventBlock decode() throws RecordingFormatException {
            long position = 0;
            long cycles = 0;
            for (int i = 0; i < count; i++) {
                int row = i * EventRow.size(registers);
                int number = e.getContext(i);
                EventPrediction p = predictions.get(number);
                rows[row + EventRow.CONTEXT] = contexts[number];
                long delta = i == 0 ? 0 : e.getPosition(i) + p.positionDelta;
                if (i > 0 && delta <= 0) {
                    throw new RecordingFormatException("corrupt: events out of order");
                }
                p.positionDelta = delta;
                position = i == 0 ? e.getPosition(0) : position + delta;
                rows[row + EventRow.POSITION] = position;
                delta = i == 0 ? 0 : e.getCycles(i) + p.cyclesDelta;
                p.cyclesDelta = delta;
                cycles = i == 0 ? e.getCycles(0) : cycles + delta;
                rows[row + EventRow.CYCLES] = cycles;
                registers(i, row, p);
                nesting(i, row, p);
            }
            return new EventBlock(e.getFirst(), count, registers, rows);
        }

        private void registers(int i, int row, EventPrediction p) {
            int before = row + EventRow.REGISTERS;
            int after = before + registers;
            long changed = e.getBeforeChanged(i);
            for (int r = 0; r < registers; r++) {
                rows[before + r] = p.before[r] + ((changed >> r & 1) != 0 ? e.getDifference(differences++) : 0);
            }
            changed = e.getAfterChanged(i);
            for (int r = 0; r < registers; r++) {
                long b = rows[before + r];
                long v = p.after(r, b) + ((changed >> r & 1) != 0 ? e.getDifference(differences++) : 0);
                rows[after + r] = v;
                p.before[r] = b;
                p.after[r] = v;
            }
            if ((changed >> registers & 1) != 0) {
                p.errorCode += e.getDifference(differences++);
            }
            rows[row + EventRow.ERROR_CODE] = p.errorCode;
        }

        private void nesting(int i, int row, EventPrediction p) throws RecordingFormatException {
            long nesting = e.getNesting(i);
            boolean exit = !isEntry.test(EventRow.kind(rows[row]));
            if (nesting < 0 || exit && nesting > e.getFirst() + i) {
                throw new RecordingFormatException("corrupt: an exit of an entry that does not exist");
            }
            rows[row + EventRow.NESTING] = nesting;
            if (exit && nesting != 0) {
                p.steps += e.getSteps(ends);
                rows[row + EventRow.STEPS] = p.steps;
                rows[row + EventRow.NESTED_STEPS] = e.getNestedSteps(ends);
                p.spentCycles += e.getSpentCycles(ends);
                rows[row + EventRow.SPENT_CYCLES] = p.spentCycles;
                rows[row + EventRow.NESTED_CYCLES] = e.getNestedCycles(ends);
                ends++;
            }
        }
    }
}
