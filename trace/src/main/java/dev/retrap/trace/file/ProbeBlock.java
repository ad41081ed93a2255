package dev.retrap.trace.file;

import dev.retrap.trace.v1.Probes;

/**
 * The probes of a chunk, decoded: a {@link ProbeRow} each, in order of position.
 *
 * @param count number of probes
 * @param rows the rows one behind the other, not to be changed
 */
public record ProbeBlock(int count, long[] rows) {
    /** A block without probes. */
    public static final ProbeBlock EMPTY = new ProbeBlock(0, new long[0]);

    private static final int MAX_PROBES = 4 * Format.MAX_CHUNK_EVENTS;

    /**
     * Decodes the columns.
     *
     * @param points number of probe points
     * @throws RecordingFormatException if they do not fit together
     */
    public static ProbeBlock decode(Probes p, int points) throws RecordingFormatException {
        int count = p.getPointCount();
        if (count > MAX_PROBES) {
            throw new RecordingFormatException("corrupt: " + count + " probes in a chunk");
        }
        long[] rows = new long[count * ProbeRow.SIZE];
        long[][] last = new long[points][ProbeRow.SIZE];
        long[] positionDelta = new long[points];
        long event = p.getFirstEvent();
        long position = 0;
        int[] differences = {0};
        try {
            for (int i = 0; i < count; i++) {
                int row = i * ProbeRow.SIZE;
                int point = p.getPoint(i);
                long[] l = last[point];
                event += p.getEvent(i);
                positionDelta[point] += p.getPosition(i);
                position += positionDelta[point];
                l[ProbeRow.POINT] = point;
                l[ProbeRow.EVENT] = event;
                l[ProbeRow.POSITION] = position;
                l[ProbeRow.ADDRESS] += p.getAddress(i);
                l[ProbeRow.WORDS] = p.getWords(i);
                if (p.getWords(i) < 0 || p.getWords(i) > ProbeRow.MAX_WORDS) {
                    throw new RecordingFormatException("corrupt: pt_regs of " + p.getWords(i) + " words");
                }
                words(p, p.getChanged(i), l, differences);
                System.arraycopy(l, 0, rows, row, ProbeRow.SIZE);
            }
        } catch (IndexOutOfBoundsException x) {
            throw new RecordingFormatException("corrupt: a column of probes is too short");
        }
        return new ProbeBlock(count, rows);
    }

    private static void words(Probes p, long changed, long[] l, int[] differences) {
        for (int i = 0; i < l[ProbeRow.WORDS]; i++) {
            if ((changed >> i & 1) != 0) {
                l[ProbeRow.REGS + i] += p.getDifference(differences[0]++);
            }
        }
        if ((changed >> ProbeRow.MAX_WORDS & 1) != 0) {
            l[ProbeRow.THREAD_FLAGS] += p.getDifference(differences[0]++);
        }
    }

    /** A word of a probe. */
    public long get(int probe, int word) {
        return rows[probe * ProbeRow.SIZE + word];
    }
}
