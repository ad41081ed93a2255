package dev.retrap.trace.diff;

import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import java.util.Arrays;

/** The calls of a recording: number of the entry event and hashes of each. 24 bytes a call. */
final class CallIndex {
    private long[] events = new long[1024];
    private long[] hashes = new long[1024];
    private long[] weakHashes = new long[1024];
    private int size;

    static CallIndex of(Recording r, Space space) {
        CallIndex c = new CallIndex();
        for (Event e : r.events()) {
            if (Call.isCall(e)) {
                c.add(e.index(), Call.hash(e, space), Call.weakHash(e));
            }
        }
        return c;
    }

    void add(long event, long hash, long weakHash) {
        if (size == events.length) {
            events = Arrays.copyOf(events, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
            weakHashes = Arrays.copyOf(weakHashes, size * 2);
        }
        events[size] = event;
        hashes[size] = hash;
        weakHashes[size++] = weakHash;
    }

    int size() {
        return size;
    }

    long event(int call) {
        return events[call];
    }

    long hash(int call) {
        return hashes[call];
    }

    long weakHash(int call) {
        return weakHashes[call];
    }
}
