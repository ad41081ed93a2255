package dev.retrap.trace.diff;

import java.util.List;

/**
 * The outcome of a comparison. Deterministic: the same two recordings give the same report.
 *
 * @param a the first recording
 * @param b the second
 * @param alignedCalls number of calls present in both
 * @param sameCalls how many of those do not differ in any aspect compared
 * @param onlyA calls of the first that the second lacks
 * @param onlyB calls of the second that the first lacks
 * @param groups differences, equal ones grouped, most calls first
 */
public record DiffReport(
        Side a,
        Side b,
        long alignedCalls,
        long sameCalls,
        List<CallRef> onlyA,
        List<CallRef> onlyB,
        List<Group> groups) {

    /**
     * One of the two recordings.
     *
     * @param file its file name
     * @param variant its kernel variant
     * @param cpu its CPU model
     * @param program its program
     * @param calls number of the user program's calls in it
     */
    public record Side(String file, String variant, String cpu, String program, long calls) {}

    /**
     * A call of the user program.
     *
     * @param number number among the calls of its recording, from 0
     * @param event index of its entry event
     * @param position position of its entry
     * @param what what it is, e.g. {@code SYSENTER nr=224}
     */
    public record CallRef(long number, long event, long position, String what) {}

    /**
     * Differences that a number of calls share.
     *
     * @param what the calls, e.g. {@code nr=224}
     * @param pathA how the first enters and leaves the kernel for them, e.g. {@code SYSENTER -> SYSEXIT}
     * @param pathB how the second does
     * @param count how many calls
     * @param calls the first of them, as numbers of aligned pairs: in {@code a}
     * @param differences what differs, in the order of {@link Aspect}
     */
    public record Group(
            String what, String pathA, String pathB, long count, List<CallRef> calls, List<Difference> differences) {
        public Group {
            calls = List.copyOf(calls);
            differences = List.copyOf(differences);
        }
    }

    /**
     * One thing that differs.
     *
     * @param aspect its aspect
     * @param field which register, member or figure
     * @param a value in the first, as text
     * @param b value in the second, as text
     */
    public record Difference(Aspect aspect, String field, String a, String b) {}

    public DiffReport {
        onlyA = List.copyOf(onlyA);
        onlyB = List.copyOf(onlyB);
        groups = List.copyOf(groups);
    }

    /** True if there is no difference at all. */
    public boolean same() {
        return onlyA.isEmpty() && onlyB.isEmpty() && groups.isEmpty();
    }

    /** The report for a terminal; ends with a newline. */
    public String toText() {
        return TextReport.of(this);
    }
}
