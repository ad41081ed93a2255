package dev.retrap.trace.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects differences of calls and puts equal ones together: by their numbers first, which is quick, then by their
 * words, in which addresses are relative. Memory is bounded by the number of kinds of differences.
 */
final class Groups {
    /** Groups by numbers, beyond which they are put into words. */
    private static final int MAX_BY_NUMBERS = 8192;
    /** Groups of one shape (the same fields of the same calls) beyond which values are no longer told apart. */
    private static final int MAX_VALUES = 64;
    private static final String VARIOUS = "various";

    /**
     * What calls of a group have in common beside values.
     *
     * @param what the call, see {@link Call#what}
     * @param entryA way in of the first recording, see {@link Paths}
     * @param exitA way out
     * @param entryB way in of the second
     * @param exitB way out
     */
    record Kind(String what, int entryA, int exitA, int entryB, int exitB) {}

    private record ByNumbers(Kind kind, List<Fact> facts) {}

    private record Shape(Kind kind, List<String> fields) {}

    private record InWords(Kind kind, List<DiffReport.Difference> differences) {}

    /** Calls of a group. */
    private final class Members {
        final List<Integer> calls = new ArrayList<>();
        final int partner;
        long count;

        Members(int partner) {
            this.partner = partner;
        }

        void add(int call) {
            count++;
            if (calls.size() < maxCalls) {
                calls.add(call);
            }
        }

        void addAll(Members other) {
            count += other.count;
            calls.addAll(other.calls);
            calls.sort(null);
            if (calls.size() > maxCalls) {
                calls.subList(maxCalls, calls.size()).clear();
            }
        }
    }

    private final Space spaceA;
    private final Space spaceB;
    private final int maxCalls;
    private final Map<ByNumbers, Members> byNumbers = new LinkedHashMap<>();
    private final Map<InWords, Members> inWords = new LinkedHashMap<>();
    private final Map<Shape, Integer> values = new LinkedHashMap<>();

    Groups(Space spaceA, Space spaceB, int maxCalls) {
        this.spaceA = spaceA;
        this.spaceB = spaceB;
        this.maxCalls = Math.max(1, maxCalls);
    }

    /** Adds a call with its differences; calls come in order. */
    void add(int call, int partner, Kind kind, List<Fact> facts) {
        byNumbers.computeIfAbsent(new ByNumbers(kind, facts), k -> new Members(partner)).add(call);
        if (byNumbers.size() > MAX_BY_NUMBERS) {
            putIntoWords();
        }
    }

    private void putIntoWords() {
        byNumbers.forEach((key, members) -> {
            List<DiffReport.Difference> words = key.facts().stream().map(f -> f.inWords(spaceA, spaceB)).toList();
            InWords group = new InWords(key.kind(), words);
            Shape shape = new Shape(key.kind(), words.stream().map(d -> d.aspect() + " " + d.field()).toList());
            if (!inWords.containsKey(group) && values.merge(shape, 1, Integer::sum) > MAX_VALUES) {
                group = new InWords(key.kind(), words.stream()
                        .map(d -> new DiffReport.Difference(d.aspect(), d.field(), VARIOUS, VARIOUS))
                        .toList());
            }
            inWords.computeIfAbsent(group, k -> new Members(members.partner)).addAll(members);
        });
        byNumbers.clear();
    }

    /** What there is to know about calls of a group beyond their numbers. */
    interface Calls {
        /** A call, by its number in the first recording. */
        DiffReport.CallRef ref(int call);

        /** More differences, found out on the first call of a group and that call's partner. */
        List<Fact> more(int call, int partner);
    }

    /** The groups, most calls first, then in order of their first calls. */
    List<DiffReport.Group> list(Calls calls) {
        putIntoWords();
        List<DiffReport.Group> all = new ArrayList<>();
        inWords.forEach((key, m) -> {
            Kind kind = key.kind();
            List<DiffReport.Difference> differences = new ArrayList<>(key.differences());
            calls.more(m.calls.getFirst(), m.partner).forEach(f -> differences.add(f.inWords(spaceA, spaceB)));
            differences.sort(Comparator.comparing(DiffReport.Difference::aspect));
            all.add(new DiffReport.Group(kind.what(), path(kind.entryA(), kind.exitA()),
                    path(kind.entryB(), kind.exitB()), m.count, m.calls.stream().map(calls::ref).toList(),
                    differences));
        });
        all.sort(Comparator.comparingLong((DiffReport.Group g) -> -g.count())
                .thenComparingLong(g -> g.calls().getFirst().number()));
        return all;
    }

    private static String path(int entry, int exit) {
        return Paths.name(entry) + " -> " + Paths.name(exit);
    }
}
