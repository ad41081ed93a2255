package dev.retrap.trace.file;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Preallocated memory between the machine's thread, which fills segments with items, and the writer's, which empties
 * them. The machine's thread waits when all segments are full; the writer's sleeps until half of them are, since waking
 * a thread costs as much as recording a hundred events. An item is a word {@code type | length << 8 | tag << 32} and
 * {@code length} words more; items do not cross segments.
 */
final class Ring {
    private static final int SEGMENTS = 8;
    /** Longs per segment: 128 KiB, so that all of them stay in a second-level cache or close to it. */
    static final int SEGMENT_LONGS = 1 << 13;

    private final long[][] segments = new long[SEGMENTS][SEGMENT_LONGS];
    private final int[] lengths = new int[SEGMENTS];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long filled;
    private long emptied;
    private long urgent;
    private boolean abandoned;

    private long[] current = segments[0];
    private int at;

    /** Machine's thread: room for an item in {@link #array()}; index of its first word behind the type. */
    int reserve(int atMost) {
        if (at + 1 + atMost > SEGMENT_LONGS) {
            handOver(false);
        }
        return at + 1;
    }

    /** Machine's thread: the item reserved last is complete and ends before an index. */
    void complete(int type, long tag, int end) {
        current[at] = type | end - at - 1 << 8 | tag << 32;
        at = end;
    }

    /** Machine's thread: the array that {@link #reserve} gave an index of. */
    long[] array() {
        return current;
    }

    /** Machine's thread: passes on all there is, now. */
    void handOver() {
        handOver(true);
    }

    private void handOver(boolean now) {
        lock.lock();
        try {
            if (at > 0) {
                lengths[(int) (filled % SEGMENTS)] = at;
                filled++;
            }
            if (now) {
                urgent = filled;
            }
            if (now || filled - emptied >= SEGMENTS / 2) {
                changed.signalAll();
            }
            while (filled - emptied == SEGMENTS && !abandoned) {
                changed.awaitUninterruptibly();
            }
            current = segments[(int) (filled % SEGMENTS)];
            at = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Writer's thread: waits for a full segment; its number. */
    int take() {
        lock.lock();
        try {
            if (filled == emptied) {
                while (filled - emptied < SEGMENTS / 2 && urgent <= emptied) {
                    changed.awaitUninterruptibly();
                }
            }
            return (int) (emptied % SEGMENTS);
        } finally {
            lock.unlock();
        }
    }

    long[] segment(int number) {
        return segments[number];
    }

    int length(int number) {
        return lengths[number];
    }

    /** Writer's thread: the segment taken is empty again. */
    void release() {
        lock.lock();
        try {
            emptied++;
            if (filled - emptied == SEGMENTS - 1) {
                changed.signalAll(); // the machine's thread may wait for room
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writer's thread: nobody will empty segments any more; what comes is lost. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
