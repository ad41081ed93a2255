package dev.retrap.trace.file;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Codes events as {@link RowFormat} says: on the machine's thread, since what has not changed is known there and need
 * not be handed over, which would cost more than to find it out. The reverse is {@link RowReader}.
 */
final class EventCoder {
    private static final int MAX_KINDS = 32;
    private static final int SLOTS = MAX_KINDS * 257 * 2;
    private static final int VARINT = 10;

    private final int registers;
    private final IntPredicate isEntry;
    private final int atMost;
    private final Context[] known = new Context[SLOTS];
    private Context[] contexts = new Context[16];
    private int contextCount;
    private long lastCycles;

    /**
     * @param registers registers per side of an event
     * @param isEntry whether the kind with an ordinal is an entry
     */
    EventCoder(int registers, IntPredicate isEntry) {
        this.registers = registers;
        this.isEntry = isEntry;
        atMost = 1 + VARINT * (2 + 7 + 2 + 2 * registers + 1);
    }

    /** Starts a chunk. */
    void begin() {
        lastCycles = 0;
        for (int i = 0; i < contextCount; i++) {
            contexts[i].number = -1;
        }
        contextCount = 0;
    }

    /**
     * Appends an event.
     *
     * @param word its {@link EventRow#context}
     * @param item an {@link EventItem}
     * @param lastPosition position of the row before
     */
    void code(int word, long[] item, long lastPosition, Draft out) {
        int at = out.head(atMost);
        Context c = context(word);
        if (c.number < 0) {
            c.start(contextCount);
            if (contextCount == contexts.length) {
                contexts = Arrays.copyOf(contexts, contextCount * 2);
            }
            contexts[contextCount++] = c;
            number(c, out);
            out.unsigned(word);
            int times = times(item, c, lastPosition, out);
            out.set(at, c.head | times | first(item, c, out));
        } else {
            number(c, out);
            int times = times(item, c, lastPosition, out);
            out.set(at, c.head | times | next(item, c, out));
        }
        out.events++;
    }

    private static void number(Context c, Draft out) {
        if (c.head == RowFormat.NUMBER) {
            out.unsigned(c.number - RowFormat.NUMBER);
        }
    }

    private Context context(int word) {
        int slot = (EventRow.kind(word) * 257 + EventRow.vector(word) + 1) * 2 + (EventRow.hasErrorCode(word) ? 1 : 0);
        Context c = known[slot];
        if (c == null) {
            c = known[slot] = new Context(isEntry.test(EventRow.kind(word)), registers);
        }
        return c;
    }

    private int times(long[] item, Context c, long lastPosition, Draft out) {
        long delta = item[EventItem.POSITION] - lastPosition;
        long position = delta - c.positionDelta;
        c.positionDelta = delta;
        delta = item[EventItem.CYCLES] - lastCycles;
        lastCycles = item[EventItem.CYCLES];
        long cycles = delta - c.cyclesDelta;
        c.cyclesDelta = delta;
        long nesting = item[EventItem.NESTING];
        long different = position | cycles | nesting ^ c.nesting;
        c.nesting = nesting;
        if (c.entry || nesting == 0) {
            if (different == 0) {
                return 0;
            }
            out.signed(position);
            out.signed(cycles);
            out.unsigned(nesting);
            return RowFormat.TIMES;
        }
        int from = EventItem.NESTING - EventRow.NESTING;
        long steps = item[from + EventRow.STEPS] - c.steps;
        long nestedSteps = item[from + EventRow.NESTED_STEPS];
        long spent = item[from + EventRow.SPENT_CYCLES] - c.spentCycles;
        long nestedCycles = item[from + EventRow.NESTED_CYCLES];
        different |= steps | spent | nestedSteps ^ c.nestedSteps | nestedCycles ^ c.nestedCycles;
        if (different == 0) {
            return 0;
        }
        c.steps += steps;
        c.spentCycles += spent;
        c.nestedSteps = nestedSteps;
        c.nestedCycles = nestedCycles;
        out.signed(position);
        out.signed(cycles);
        out.unsigned(nesting);
        out.signed(steps);
        out.unsigned(nestedSteps);
        out.signed(spent);
        out.unsigned(nestedCycles);
        return RowFormat.TIMES;
    }

    /** A context's first event in the chunk: all is predicted to be zero before, and as before after. */
    private int first(long[] item, Context c, Draft out) {
        int v = EventItem.VALUES;
        long given = item[EventItem.BEFORE];
        long before = 0;
        int n = 0;
        for (int i = 0; i < registers; i++) {
            long b = (given >> i & 1) != 0 ? item[v++] : c.before[i];
            c.now[i] = b;
            if (b != 0) {
                before |= 1L << i;
                c.differences[n++] = b;
            }
        }
        given = item[EventItem.AFTER];
        long after = 0;
        for (int i = 0; i < registers; i++) {
            long b = c.now[i];
            long f = (given >> i & 1) != 0 ? item[v++] : c.expectedAfter(i, b);
            c.before[i] = b;
            c.after[i] = f;
            if (f != b) {
                after |= 1L << i;
                c.differences[n++] = f - b;
            }
        }
        if ((given >> registers & 1) != 0) {
            c.errorCode = item[v];
        }
        if (c.errorCode != 0) {
            after |= 1L << registers;
            c.differences[n++] = c.errorCode;
        }
        c.beforeChanged = before;
        c.afterChanged = after;
        return values(c, n, out);
    }

    private int next(long[] item, Context c, Draft out) {
        long given = item[EventItem.BEFORE];
        long givenAfter = item[EventItem.AFTER];
        if ((given | givenAfter | c.beforeChanged | c.afterChanged) == 0) {
            return 0;
        }
        int v = EventItem.VALUES;
        int n = 0;
        boolean same = true;
        long before = 0;
        for (long left = given; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long b = item[v++];
            long d = b - c.before[i];
            c.now[i] = b;
            if (d != 0) {
                before |= 1L << i;
                same &= c.differences[n] == d;
                c.differences[n++] = d;
            }
        }
        long after = 0;
        for (long left = given | givenAfter & (1L << registers) - 1; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long b = (given >> i & 1) != 0 ? c.now[i] : c.before[i];
            long expected = c.expectedAfter(i, b);
            long f = (givenAfter >> i & 1) != 0 ? item[v++] : expected;
            c.before[i] = b;
            c.after[i] = f;
            if (f != expected) {
                after |= 1L << i;
                same &= c.differences[n] == f - expected;
                c.differences[n++] = f - expected;
            }
        }
        if ((givenAfter >> registers & 1) != 0 && item[v] != c.errorCode) {
            after |= 1L << registers;
            same &= c.differences[n] == item[v] - c.errorCode;
            c.differences[n++] = item[v] - c.errorCode;
            c.errorCode = item[v];
        }
        if (same && before == c.beforeChanged && after == c.afterChanged) {
            return 0;
        }
        c.beforeChanged = before;
        c.afterChanged = after;
        return values(c, n, out);
    }

    private static int values(Context c, int differences, Draft out) {
        out.unsigned(c.beforeChanged);
        out.unsigned(c.afterChanged);
        for (int i = 0; i < differences; i++) {
            out.signed(c.differences[i]);
        }
        return RowFormat.VALUES;
    }

    /** What is known of a kind and vector: of the last event like it, and what the chunk says so far. */
    private static final class Context {
        final boolean entry;
        final long[] before;
        final long[] after;
        /** Registers before of the event being coded, where they are given. */
        final long[] now;
        long errorCode;
        /** Index in the chunk, -1 if it has no such event yet. */
        int number = -1;
        int head;
        long positionDelta;
        long cyclesDelta;
        long nesting;
        long steps;
        long nestedSteps;
        long spentCycles;
        long nestedCycles;
        long beforeChanged;
        long afterChanged;
        final long[] differences;

        Context(boolean entry, int registers) {
            this.entry = entry;
            before = new long[registers];
            after = new long[registers];
            now = new long[registers];
            differences = new long[2 * registers + 1];
        }

        void start(int n) {
            number = n;
            head = Math.min(n, RowFormat.NUMBER);
            positionDelta = 0;
            cyclesDelta = 0;
            nesting = 0;
            steps = 0;
            nestedSteps = 0;
            spentCycles = 0;
            nestedCycles = 0;
        }

        /** As {@link EventPrediction#after}. */
        long expectedAfter(int register, long valueBefore) {
            return after[register] == before[register] ? valueBefore : after[register];
        }
    }
}
