package dev.retrap.repl.matrix;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one combination.
 *
 * @param of which
 * @param end how the run ended, in few words
 * @param events number of events
 * @param exits returns to user mode from system calls, by instruction
 * @param paths what calls cost, by way in and out
 * @param failed labels of the checks that failed
 * @param divergence first call that differs from the base's, and in what; empty if none does or this is the base
 */
public record Row(Combination of, String end, long events, Map<String, Long> exits, List<PathCost> paths,
        List<String> failed, String divergence) {
    public Row {
        exits = new TreeMap<>(exits);
        paths = List.copyOf(paths);
        failed = List.copyOf(failed);
    }

    Row diverging(String where) {
        return new Row(of, end, events, exits, paths, failed, where);
    }
}
