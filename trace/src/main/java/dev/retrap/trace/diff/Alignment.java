package dev.retrap.trace.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Aligns the calls of two recordings, keeping their order: what begins and ends alike, then by the calls that are
 * unique on both sides (patience: the longest ascending chain of those), between them again, and where nothing is
 * unique by the longest common subsequence, of equal calls first and then of calls of the same kind.
 */
final class Alignment {
    /** Largest table of the longest common subsequence, in cells; beyond it calls are paired as they come. */
    private static final long MAX_TABLE = 4L << 20;

    private final CallIndex a;
    private final CallIndex b;
    private final int[] partner;

    private Alignment(CallIndex a, CallIndex b) {
        this.a = a;
        this.b = b;
        partner = new int[a.size()];
        Arrays.fill(partner, -1);
    }

    /** For each call of {@code a} the call of {@code b} that it aligns with, or -1. */
    static int[] of(CallIndex a, CallIndex b) {
        Alignment x = new Alignment(a, b);
        x.align(0, a.size(), 0, b.size());
        return x.partner;
    }

    private record Range(int aFrom, int aTo, int bFrom, int bTo) {}

    private void align(int aFrom, int aTo, int bFrom, int bTo) {
        List<Range> todo = new ArrayList<>(List.of(new Range(aFrom, aTo, bFrom, bTo)));
        while (!todo.isEmpty()) {
            Range r = strip(todo.removeLast());
            if (r.aFrom() == r.aTo() || r.bFrom() == r.bTo()) {
                continue;
            }
            int[] anchors = anchors(r);
            if (anchors.length == 0) {
                subsequence(r);
                continue;
            }
            int i = r.aFrom();
            int j = r.bFrom();
            for (int anchor : anchors) {
                todo.add(new Range(i, anchor, j, partner[anchor]));
                i = anchor + 1;
                j = partner[anchor] + 1;
            }
            todo.add(new Range(i, r.aTo(), j, r.bTo()));
        }
    }

    private Range strip(Range r) {
        int i = r.aFrom();
        int j = r.bFrom();
        int iEnd = r.aTo();
        int jEnd = r.bTo();
        while (i < iEnd && j < jEnd && a.hash(i) == b.hash(j)) {
            partner[i++] = j++;
        }
        while (i < iEnd && j < jEnd && a.hash(iEnd - 1) == b.hash(jEnd - 1)) {
            partner[--iEnd] = --jEnd;
        }
        return new Range(i, iEnd, j, jEnd);
    }

    /** Calls of {@code a} that occur once in both ranges, as far as their order agrees; sets their partners. */
    private int[] anchors(Range r) {
        Map<Long, Integer> inA = once(a, r.aFrom(), r.aTo());
        Map<Long, Integer> inB = once(b, r.bFrom(), r.bTo());
        int[] candidates = inA.entrySet().stream()
                .filter(e -> e.getValue() >= 0 && inB.getOrDefault(e.getKey(), -1) >= 0)
                .mapToInt(Map.Entry::getValue)
                .sorted()
                .toArray();
        int[] places = Arrays.stream(candidates).map(i -> inB.get(a.hash(i))).toArray();
        int[] chain = longestAscending(places);
        int[] anchors = new int[chain.length];
        for (int k = 0; k < chain.length; k++) {
            anchors[k] = candidates[chain[k]];
            partner[anchors[k]] = places[chain[k]];
        }
        return anchors;
    }

    /** Where each hash of a range occurs, -1 if more than once. */
    private static Map<Long, Integer> once(CallIndex c, int from, int to) {
        Map<Long, Integer> seen = new HashMap<>();
        for (int i = from; i < to; i++) {
            seen.merge(c.hash(i), i, (x, y) -> -1);
        }
        return seen;
    }

    /** Indices of a longest ascending subsequence. */
    static int[] longestAscending(int[] v) {
        int[] tails = new int[v.length];
        int[] before = new int[v.length];
        int length = 0;
        for (int i = 0; i < v.length; i++) {
            int lo = 0;
            int hi = length;
            while (lo < hi) {
                int mid = (lo + hi) >>> 1;
                if (v[tails[mid]] < v[i]) {
                    lo = mid + 1;
                } else {
                    hi = mid;
                }
            }
            before[i] = lo == 0 ? -1 : tails[lo - 1];
            tails[lo] = i;
            length = Math.max(length, lo + 1);
        }
        int[] chain = new int[length];
        int at = length == 0 ? -1 : tails[length - 1];
        for (int k = length - 1; k >= 0; k--) {
            chain[k] = at;
            at = before[at];
        }
        return chain;
    }

    /** Longest common subsequence in which an equal call counts more than one of the same kind. */
    private void subsequence(Range r) {
        int n = r.aTo() - r.aFrom();
        int m = r.bTo() - r.bFrom();
        if (Math.multiplyFull(n + 1, m + 1) > MAX_TABLE) {
            inOrder(r);
            return;
        }
        int[][] best = new int[n + 1][m + 1];
        for (int i = n - 1; i >= 0; i--) {
            for (int j = m - 1; j >= 0; j--) {
                int w = weight(r.aFrom() + i, r.bFrom() + j);
                int skip = Math.max(best[i + 1][j], best[i][j + 1]);
                best[i][j] = w > 0 ? Math.max(skip, w + best[i + 1][j + 1]) : skip;
            }
        }
        int i = 0;
        int j = 0;
        while (i < n && j < m) {
            int w = weight(r.aFrom() + i, r.bFrom() + j);
            if (w > 0 && best[i][j] == w + best[i + 1][j + 1]) {
                partner[r.aFrom() + i++] = r.bFrom() + j++;
            } else if (best[i][j] == best[i + 1][j]) {
                i++;
            } else {
                j++;
            }
        }
    }

    private int weight(int i, int j) {
        if (a.hash(i) == b.hash(j)) {
            return 3;
        }
        return a.weakHash(i) == b.weakHash(j) ? 2 : 0;
    }

    private void inOrder(Range r) {
        int j = r.bFrom();
        for (int i = r.aFrom(); i < r.aTo() && j < r.bTo(); i++) {
            if (a.weakHash(i) == b.weakHash(j)) {
                partner[i] = j++;
            }
        }
    }
}
