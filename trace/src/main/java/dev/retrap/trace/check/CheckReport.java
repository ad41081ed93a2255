package dev.retrap.trace.check;

import java.util.List;

/**
 * What came of checking a recording.
 *
 * @param file name of the recording
 * @param variant kernel variant, empty if it is none
 * @param cpu CPU model
 * @param program program, empty if there is none
 * @param results one per check, in the order of {@link Check}
 */
public record CheckReport(String file, String variant, String cpu, String program, List<Result> results) {
    public CheckReport {
        results = List.copyOf(results);
    }

    /**
     * Of one check.
     *
     * @param check which
     * @param examined how many things were looked at; of calls that are alike the first ones only where they have to
     *     be stepped
     * @param violations how many were not as they must be
     * @param first the first of them
     */
    public record Result(Check check, long examined, long violations, List<Violation> first) {
        public Result {
            first = List.copyOf(first);
        }
    }

    /** Whether nothing was found. */
    public boolean clean() {
        return results.stream().allMatch(r -> r.violations() == 0);
    }

    /** Labels of the checks that failed. */
    public List<String> failed() {
        return results.stream().filter(r -> r.violations() > 0).map(r -> r.check().label()).toList();
    }
}
