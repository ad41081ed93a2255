package dev.retrap.trace;

import dev.retrap.cpu.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Machine states in memory: a few for every power of two of distance from the present position, hence dense close to
 * it, O(log n) in all, and within a budget of bytes. The first one, where the history starts, stays.
 */
final class Checkpoints {
    private static final int PER_DISTANCE = 4;
    /** Thinning looks at all, so it waits for some growth. */
    private static final int SLACK = 32;

    private record Kept(StoredCheckpoint checkpoint, long bytes) {}

    private final long budget;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private long bytes;
    private int limit = SLACK;

    /** A store that may hold about so many bytes of RAM pages beside those that the machine has itself. */
    Checkpoints(long budget) {
        this.budget = budget;
    }

    /** Keeps a state; {@code present} is what it is to be dense around. */
    void add(StoredCheckpoint c, long present) {
        long position = c.snapshot().position();
        Map.Entry<Long, Kept> before = kept.lowerEntry(position);
        StoredCheckpoint earlier = before == null ? null : before.getValue().checkpoint();
        long size = c.snapshot().state().length + Math.multiplyFull(pagesNotIn(c.snapshot(), earlier), 4096);
        Kept old = kept.put(position, new Kept(c, size));
        bytes += size - (old == null ? 0 : old.bytes());
        if (kept.size() > limit || bytes > budget) {
            thin(present, PER_DISTANCE);
            for (int per = PER_DISTANCE - 1; bytes > budget && per > 0; per--) {
                thin(present, per);
            }
            limit = kept.size() + SLACK;
        }
    }

    private static int pagesNotIn(Snapshot s, StoredCheckpoint before) {
        int[] n = new int[1];
        if (before != null && before.snapshot().pageCount() == s.pageCount()) {
            s.differing(before.snapshot(), i -> n[0] += s.page(i) == null ? 0 : 1);
        } else {
            for (int i = 0; i < s.pageCount(); i++) {
                n[0] += s.page(i) == null ? 0 : 1;
            }
        }
        return n[0];
    }

    private void thin(long present, int perDistance) {
        Map<Integer, List<Long>> byDistance = new HashMap<>();
        for (long position : kept.keySet()) {
            int distance = 64 - Long.numberOfLeadingZeros(Math.abs(present - position));
            int key = position <= present ? distance : -distance;
            byDistance.computeIfAbsent(key, d -> new ArrayList<>()).add(position);
        }
        long first = kept.firstKey();
        for (List<Long> positions : byDistance.values()) {
            // Round positions are the ones that all distances agree on as the present moves, and they spread evenly.
            positions.sort(Comparator.comparingInt((Long p) -> -Long.numberOfTrailingZeros(p)));
            for (long position : positions.subList(Math.min(perDistance, positions.size()), positions.size())) {
                if (position != first) {
                    bytes -= kept.remove(position).bytes();
                }
            }
        }
    }

    /** The last state kept at or before a position; null if there is none. */
    StoredCheckpoint atOrBefore(long position) {
        Map.Entry<Long, Kept> e = kept.floorEntry(position);
        return e == null ? null : e.getValue().checkpoint();
    }

    /** Position of that state; -1 if there is none. */
    long positionAtOrBefore(long position) {
        Long p = kept.floorKey(position);
        return p == null ? -1 : p;
    }

    /** Forgets the states after a position. */
    void removeAfter(long position) {
        Map<Long, Kept> later = kept.tailMap(position, false);
        for (Kept k : later.values()) {
            bytes -= k.bytes();
        }
        later.clear();
    }

    int count() {
        return kept.size();
    }

    long bytes() {
        return bytes;
    }
}
