package dev.retrap.repl.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds what a transcript should show now that other addresses, positions or figures come out. */
final class TranscriptUpdate {
    private static final String GAP = "...";

    private TranscriptUpdate() {}

    /**
     * For each shown line but the gaps, the printed line most like it: runs of shown lines stay runs, in order.
     *
     * @return by index in {@code shown}; lines for which no place is left are not in it
     */
    static Map<Integer, String> nearest(List<String> shown, List<String> printed) {
        Map<Integer, String> result = new TreeMap<>();
        int from = 0;
        for (int start = 0; start < shown.size(); ) {
            if (shown.get(start).equals(GAP)) {
                start++;
                continue;
            }
            int end = start;
            while (end < shown.size() && !shown.get(end).equals(GAP)) {
                end++;
            }
            int length = end - start;
            int best = -1;
            int bestDistance = Integer.MAX_VALUE;
            boolean fixed = start == 0;
            for (int at = from; at + length <= printed.size() && (!fixed || at == from); at++) {
                int d = 0;
                for (int i = 0; i < length; i++) {
                    d += distance(shown.get(start + i), printed.get(at + i));
                }
                if (d < bestDistance) {
                    bestDistance = d;
                    best = at;
                }
            }
            for (int i = 0; i < length && best >= 0; i++) {
                result.put(start + i, printed.get(best + i));
            }
            from = best < 0 ? from : best + length;
            start = end;
        }
        return result;
    }

    /** Levenshtein's, in characters. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
