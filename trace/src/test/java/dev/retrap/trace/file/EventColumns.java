package dev.retrap.trace.file;

import com.google.protobuf.CodedOutputStream;
import dev.retrap.trace.v1.EventContext;
import dev.retrap.trace.v1.Events;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Codes events into the columns of an {@code Events} message, as recordings had them before rows. */
final class EventColumns {
    private static final int MAX_KINDS = 32;
    private static final int SLOTS = MAX_KINDS * 257 * 2;

    private final int registers;
    private final IntPredicate isEntry;
    private final Context[] known = new Context[SLOTS];
    private final List<Context> contexts = new ArrayList<>();
    private final long[] beforeNow;

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
    private long afterMask;

    /**
     * @param registers registers per side of an event
     * @param isEntry whether the kind with an ordinal is an entry
     */
    EventColumns(int registers, IntPredicate isEntry) {
        this.registers = registers;
        this.isEntry = isEntry;
        beforeNow = new long[registers];
    }

    /** Starts a chunk with the event of a number. */
    void begin(long firstEvent) {
        first = firstEvent;
        count = 0;
        lastPosition = 0;
        lastCycles = 0;
        for (Context c : contexts) {
            c.number = -1;
        }
        contexts.clear();
        for (VarintColumn c : columns) {
            c.clear();
        }
    }

    int count() {
        return count;
    }

    /** Appends an event, an {@link EventItem} at an index of an array. */
    void add(int word, long[] a, int at) {
        Context c = context(word);
        if (c.number < 0) {
            c.start(contexts.size());
            contexts.add(c);
            context.unsigned(c.number);
            errorCode(a, at, c, firstAfter(a, at, c, firstBefore(a, at, c)));
        } else {
            context.unsigned(c.number);
            errorCode(a, at, c, after(a, at, c, before(a, at, c)));
        }
        times(a, at, c);
        long n = a[at + EventItem.NESTING];
        nesting.unsigned(n);
        if (n != 0 && !c.entry) {
            ended(a, at + EventItem.NESTING - EventRow.NESTING, c);
        }
        count++;
    }

    private Context context(int word) {
        int slot = (EventRow.kind(word) * 257 + EventRow.vector(word) + 1) * 2 + (EventRow.hasErrorCode(word) ? 1 : 0);
        Context c = known[slot];
        if (c == null) {
            c = known[slot] = new Context(word, isEntry.test(EventRow.kind(word)), registers);
        }
        return c;
    }

    private void times(long[] a, int at, Context c) {
        long t = a[at + EventItem.POSITION];
        long delta = count == 0 ? 0 : t - lastPosition;
        lastPosition = t;
        position.signed(count == 0 ? t : delta - c.positionDelta);
        c.positionDelta = delta;
        t = a[at + EventItem.CYCLES];
        delta = count == 0 ? 0 : t - lastCycles;
        lastCycles = t;
        cycles.signed(count == 0 ? t : delta - c.cyclesDelta);
        c.cyclesDelta = delta;
    }

    /** Registers before of a context's first event in the chunk, predicted to be zero; index behind their values. */
    private int firstBefore(long[] a, int at, Context c) {
        int v = at + EventItem.VALUES;
        long given = a[at + EventItem.BEFORE];
        long changed = 0;
        for (int i = 0; i < registers; i++) {
            long b = (given >> i & 1) != 0 ? a[v++] : c.before[i];
            beforeNow[i] = b;
            if (b != 0) {
                changed |= 1L << i;
                difference.signed(b);
            }
        }
        beforeChanged.unsigned(changed);
        return v;
    }

    /** Registers after of that event, predicted to be as before; index behind their values. */
    private int firstAfter(long[] a, int at, Context c, int values) {
        int v = values;
        long given = a[at + EventItem.AFTER];
        long changed = 0;
        for (int i = 0; i < registers; i++) {
            long b = beforeNow[i];
            long f = (given >> i & 1) != 0 ? a[v++] : c.expectedAfter(i, b);
            c.before[i] = b;
            c.after[i] = f;
            if (f != b) {
                changed |= 1L << i;
                difference.signed(f - b);
            }
        }
        afterMask = changed;
        return v;
    }

    private int before(long[] a, int at, Context c) {
        int v = at + EventItem.VALUES;
        long changed = 0;
        for (long left = a[at + EventItem.BEFORE]; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long b = a[v++];
            beforeNow[i] = b;
            long d = b - c.before[i];
            if (d != 0) {
                changed |= 1L << i;
                difference.signed(d);
            }
        }
        beforeChanged.unsigned(changed);
        return v;
    }

    private int after(long[] a, int at, Context c, int values) {
        int v = values;
        long before = a[at + EventItem.BEFORE];
        long given = a[at + EventItem.AFTER] & (1L << registers) - 1;
        long changed = 0;
        for (long left = before | given; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long b = (before >> i & 1) != 0 ? beforeNow[i] : c.before[i];
            long expected = c.expectedAfter(i, b);
            long f = (given >> i & 1) != 0 ? a[v++] : expected;
            c.before[i] = b;
            c.after[i] = f;
            if (f != expected) {
                changed |= 1L << i;
                difference.signed(f - expected);
            }
        }
        afterMask = changed;
        return v;
    }

    private void errorCode(long[] a, int at, Context c, int value) {
        if ((a[at + EventItem.AFTER] >> registers & 1) != 0) {
            c.errorCode = a[value];
        }
        if (c.errorCode != c.errorCodeWritten) {
            afterMask |= 1L << registers;
            difference.signed(c.errorCode - c.errorCodeWritten);
            c.errorCodeWritten = c.errorCode;
        }
        afterChanged.unsigned(afterMask);
    }

    private void ended(long[] a, int row, Context c) {
        long n = a[row + EventRow.STEPS];
        steps.signed(n - c.steps);
        c.steps = n;
        nestedSteps.unsigned(a[row + EventRow.NESTED_STEPS]);
        n = a[row + EventRow.SPENT_CYCLES];
        spentCycles.signed(n - c.spentCycles);
        c.spentCycles = n;
        nestedCycles.unsigned(a[row + EventRow.NESTED_CYCLES]);
    }

    /** What is known of a kind and vector: from the machine's thread, and of the chunk's last event like it. */
    private static final class Context {
        final int word;
        final boolean entry;
        final long[] before;
        final long[] after;
        long errorCode;
        /** Index in the chunk, -1 if it has no such event yet. */
        int number = -1;
        long errorCodeWritten;
        long positionDelta;
        long cyclesDelta;
        long steps;
        long spentCycles;

        Context(int word, boolean entry, int registers) {
            this.word = word;
            this.entry = entry;
            before = new long[registers];
            after = new long[registers];
        }

        void start(int n) {
            number = n;
            errorCodeWritten = 0;
            positionDelta = 0;
            cyclesDelta = 0;
            steps = 0;
            spentCycles = 0;
        }

        /** As {@link EventPrediction#after}. */
        long expectedAfter(int register, long valueBefore) {
            return after[register] == before[register] ? valueBefore : after[register];
        }
    }

    /** Appends the record of this chunk's events to its payload. */
    void writeTo(Payload payload) {
        Events.Builder head = Events.newBuilder().setFirst(first);
        for (Context c : contexts) {
            head.addContexts(EventContext.newBuilder().setKind(EventRow.kind(c.word))
                    .setVectorPlusOne(EventRow.vector(c.word) + 1).setHasErrorCode(EventRow.hasErrorCode(c.word)));
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
