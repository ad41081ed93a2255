package dev.retrap.trace.file;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Hands rows to a coder as the machine's thread does: only what differs from the last like it, and now and then more
 * than that, which must not matter.
 */
final class Items {
    /** Who gets them. */
    interface Sink {
        long[] item();

        void event(long context);

        void probe(int point, int words);

        static Sink of(RecordingWriter w) {
            return new Sink() {
                @Override
                public long[] item() {
                    return w.item();
                }

                @Override
                public void event(long context) {
                    w.event(context);
                }

                @Override
                public void probe(int point, int words) {
                    w.probe(point, words);
                }
            };
        }
    }

    private static final int R = Rows.REGISTERS;

    private final RandomGenerator random;
    private final Map<Long, long[]> lastEvent = new HashMap<>();
    private final Map<Integer, long[]> lastProbe = new HashMap<>();

    Items(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(~seed);
    }

    private long superfluous() {
        return random.nextInt(4) == 0 ? random.nextLong() : 0;
    }

    void putEvent(long[] row, Sink w) {
        long[] last = lastEvent.put(row[EventRow.CONTEXT], row);
        long[] a = w.item();
        a[EventItem.POSITION] = row[EventRow.POSITION];
        a[EventItem.CYCLES] = row[EventRow.CYCLES];
        System.arraycopy(row, EventRow.NESTING, a, EventItem.NESTING, EventRow.REGISTERS - EventRow.NESTING);
        long before = superfluous();
        long after = superfluous();
        for (int i = 0; i < R; i++) {
            int b = EventRow.REGISTERS + i;
            if (last == null || last[b] != row[b]) {
                before |= 1L << i;
            }
            if (last == null || row[b + R] != (last[b + R] == last[b] ? row[b] : last[b + R])) {
                after |= 1L << i;
            }
        }
        boolean error = last == null || last[EventRow.ERROR_CODE] != row[EventRow.ERROR_CODE];
        before &= (1L << R) - 1;
        after = after & (1L << R) - 1 | (error ? 1L << R : 0);
        a[EventItem.BEFORE] = before;
        a[EventItem.AFTER] = after;
        int v = EventItem.VALUES;
        for (int i = 0; i < R; i++) {
            if ((before >> i & 1) != 0) {
                a[v++] = row[EventRow.REGISTERS + i];
            }
        }
        for (int i = 0; i < R; i++) {
            if ((after >> i & 1) != 0) {
                a[v++] = row[EventRow.REGISTERS + R + i];
            }
        }
        if (error) {
            a[v] = row[EventRow.ERROR_CODE];
        }
        w.event(row[EventRow.CONTEXT]);
    }

    void putProbe(long[] row, Sink w) {
        int point = (int) row[ProbeRow.POINT];
        int words = (int) row[ProbeRow.WORDS];
        boolean wide = Rows.WORD_BYTES[point] == 8;
        long[] known = lastProbe.computeIfAbsent(point, _ -> new long[] {-1, -1});
        boolean first = known.length == 2 && known[0] == -1;
        long[] a = w.item();
        a[ProbeItem.POSITION] = row[ProbeRow.POSITION];
        a[ProbeItem.EVENT] = row[ProbeRow.EVENT];
        int v = ProbeItem.VALUES;
        long changed = 0;
        long[] now = packed(row, words, wide);
        if (first || known[0] != row[ProbeRow.ADDRESS]) {
            changed |= ProbeItem.ADDRESS_BIT;
            a[v++] = row[ProbeRow.ADDRESS];
        }
        if (first || known[1] != row[ProbeRow.THREAD_FLAGS]) {
            changed |= ProbeItem.FLAGS_BIT;
            a[v++] = row[ProbeRow.THREAD_FLAGS];
        }
        long more = superfluous();
        for (int i = 0; i < now.length; i++) {
            if (i + 2 >= known.length || known[i + 2] != now[i] || (more >> i & 1) != 0) {
                changed |= 1L << i;
                a[v++] = now[i];
            }
        }
        a[ProbeItem.CHANGED] = changed;
        w.probe(point, words);
        remember(point, row, known, now);
    }

    /** The words as they lie in the guest's memory. */
    private static long[] packed(long[] row, int words, boolean wide) {
        long[] longs = new long[wide ? words : (words + 1) / 2];
        for (int i = 0; i < words; i++) {
            longs[wide ? i : i / 2] |= row[ProbeRow.REGS + i] << (wide ? 0 : 32 * (i & 1));
        }
        return longs;
    }

    private void remember(int point, long[] row, long[] known, long[] now) {
        long[] k = known.length < now.length + 2 ? java.util.Arrays.copyOf(known, now.length + 2) : known;
        k[0] = row[ProbeRow.ADDRESS];
        k[1] = row[ProbeRow.THREAD_FLAGS];
        System.arraycopy(now, 0, k, 2, now.length);
        lastProbe.put(point, k);
    }
}
