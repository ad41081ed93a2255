package dev.retrap.trace.file;

import java.util.TreeMap;

/** Entries whose exits lie in later chunks, by number of the entry. Any thread. */
public final class FarPairs {
    private final TreeMap<Long, Long> exitOf = new TreeMap<>();

    /** Adds a pair. */
    public synchronized void add(long entry, long exit) {
        exitOf.put(entry, exit);
    }

    /** Number of the exit, -1 if the entry is not known to have one. */
    public synchronized long exit(long entry) {
        Long exit = exitOf.get(entry);
        return exit == null ? -1 : exit;
    }

    /** Adds the pairs whose exit's number is lower to others. */
    synchronized void copyTo(FarPairs others, long below) {
        exitOf.forEach((entry, exit) -> {
            if (exit < below) {
                others.add(entry, exit);
            }
        });
    }

    synchronized long[] entries() {
        return exitOf.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    synchronized long[] exits() {
        return exitOf.values().stream().mapToLong(Long::longValue).toArray();
    }
}
