package dev.retrap.trace.file;

import com.google.protobuf.CodedOutputStream;
import dev.retrap.trace.v1.EventContext;
import dev.retrap.trace.v1.Events;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Codes events into the columns of an {@code Events} message; the reverse is {@link EventBlock}. */
final class EventColumns {
    private static final int MAX_KINDS = 32;
    private static final int SLOTS = MAX_KINDS * 257 * 2;

    private final int registers;
    private final IntPredicate isEntry;
    private final short[] contextOf = new short[SLOTS];
    private final List<EventPrediction> predictions = new ArrayList<>();
    private final int[] slots = new int[SLOTS];
    private final long[] contexts = new long[SLOTS];
    private int contextCount;

    private final VarintColumn context = new VarintColumn(Events.CONTEXT_FIELD_NUMBER);
    private final VarintColumn position = new VarintColumn(Events.POSITION_FIELD_NUMBER);
    private final VarintColumn cycles = new VarintColumn(Events.CYCLES_FIELD_NUMBER);
    private final VarintColumn beforeChanged = new VarintColumn(Events.BEFORE_CHANGED_FIELD_NUMBER);
    private final VarintColumn afterChanged = new VarintColumn(Events.AFTER_CHANGED_FIELD_NUMBER);
    private final VarintColumn difference = new VarintColumn(Events.DIFFERENCE_FIELD_NUMBER);
    private final VarintColumn nesting = new VarintColumn(Events.NESTING_FIELD_NUMBER);
    private final VarintColumn steps = new VarintColumn(Events.STEPS_FIELD_NUMBER);
    private final VarintColumn nestedSteps = new VarintColumn(Events.NESTED_STEPS_FIELD_NUMBER);
    private final VarintColumn spentCycles = new VarintColumn(Events.SPENT_CYCLES_FIELD_NUMBER);
    private final VarintColumn nestedCycles = new VarintColumn(Events.NESTED_CYCLES_FIELD_NUMBER);
    private final VarintColumn[] columns = {context, position, cycles, beforeChanged, afterChanged, difference, nesting,
        steps, nestedSteps, spentCycles, nestedCycles};

    private long first;
    private int count;
    private long lastPosition;
    private long lastCycles;

    /**
     * @param registers registers per side of an event
     * @param isEntry whether the kind with an ordinal is an entry
     */
    EventColumns(int registers, IntPredicate isEntry) {
        this.registers = registers;
        this.isEntry = isEntry;
    }

    /** Starts a chunk with the event of a number. */
    void begin(long firstEvent) {
        first = firstEvent;
        count = 0;
        lastPosition = 0;
        lastCycles = 0;
        for (int i = 0; i < contextCount; i++) {
            contextOf[slots[i]] = 0;
            predictions.get(i).clear();
        }
        contextCount = 0;
        for (VarintColumn c : columns) {
            c.clear();
        }
    }

    int count() {
        return count;
    }

    /** Appends an event, an {@link EventRow} at an index of an array. */
    void add(long[] a, int row) {
        long word = a[row + EventRow.CONTEXT];
        int number = contextNumber(word);
        EventPrediction p = predictions.get(number);
        context.unsigned(number);
        times(a, row, p);
        long errorCode = a[row + EventRow.ERROR_CODE];
        registers(a, row + EventRow.REGISTERS, p, errorCode);
        nesting.unsigned(a[row + EventRow.NESTING]);
        if (!isEntry.test(EventRow.kind(word)) && a[row + EventRow.NESTING] != 0) {
            ended(a, row, p);
        }
        count++;
    }

    private int contextNumber(long word) {
        int slot = (EventRow.kind(word) * 257 + EventRow.vector(word) + 1) * 2 + (EventRow.hasErrorCode(word) ? 1 : 0);
        int number = contextOf[slot] - 1;
        if (number < 0) {
            number = contextCount++;
            slots[number] = slot;
            contexts[number] = word;
            contextOf[slot] = (short) contextCount;
            if (predictions.size() < contextCount) {
                predictions.add(new EventPrediction(registers));
            }
        }
        return number;
    }

    private void times(long[] a, int row, EventPrediction p) {
        long at = a[row + EventRow.POSITION];
        long delta = count == 0 ? 0 : at - lastPosition;
        lastPosition = at;
        position.signed(count == 0 ? at : delta - p.positionDelta);
        p.positionDelta = delta;
        at = a[row + EventRow.CYCLES];
        delta = count == 0 ? 0 : at - lastCycles;
        lastCycles = at;
        cycles.signed(count == 0 ? at : delta - p.cyclesDelta);
        p.cyclesDelta = delta;
    }

    private void registers(long[] a, int before, EventPrediction p, long errorCode) {
        int after = before + registers;
        long changed = 0;
        for (int i = 0; i < registers; i++) {
            long d = a[before + i] - p.before[i];
            if (d != 0) {
                changed |= 1L << i;
                difference.signed(d);
            }
        }
        beforeChanged.unsigned(changed);
        changed = 0;
        for (int i = 0; i < registers; i++) {
            long b = a[before + i];
            long v = a[after + i];
            long d = v - p.after(i, b);
            p.before[i] = b;
            p.after[i] = v;
            if (d != 0) {
                changed |= 1L << i;
                difference.signed(d);
            }
        }
        if (errorCode != p.errorCode) {
            changed |= 1L << registers;
            difference.signed(errorCode - p.errorCode);
            p.errorCode = errorCode;
        }
        afterChanged.unsigned(changed);
    }

    private void ended(long[] a, int row, EventPrediction p) {
        long n = a[row + EventRow.STEPS];
        steps.signed(n - p.steps);
        p.steps = n;
        nestedSteps.unsigned(a[row + EventRow.NESTED_STEPS]);
        n = a[row + EventRow.SPENT_CYCLES];
        spentCycles.signed(n - p.spentCycles);
        p.spentCycles = n;
        nestedCycles.unsigned(a[row + EventRow.NESTED_CYCLES]);
    }

    /** Appends the record of this chunk's events to its payload. */
    void writeTo(Payload payload) {
        Events.Builder head = Events.newBuilder().setFirst(first);
        for (int i = 0; i < contextCount; i++) {
            long c = contexts[i];
            head.addContexts(EventContext.newBuilder().setKind(EventRow.kind(c))
                    .setVectorPlusOne(EventRow.vector(c) + 1).setHasErrorCode(EventRow.hasErrorCode(c)));
        }
        Events start = head.build();
        int size = start.getSerializedSize();
        for (VarintColumn c : columns) {
            size += c.size();
        }
        payload.add(Record.EVENTS_FIELD_NUMBER, size, out -> write(start, out));
    }

    private void write(Events start, CodedOutputStream out) throws IOException {
        start.writeTo(out);
        for (VarintColumn c : columns) {
            c.writeTo(out);
        }
    }
}
