package dev.retrap.trace.diff;

import java.util.List;
import java.util.stream.Collectors;

/** A report for a terminal. */
final class TextReport {
    private static final int MAX_ONLY = 16;

    private final StringBuilder out = new StringBuilder();

    private TextReport() {}

    static String of(DiffReport r) {
        TextReport t = new TextReport();
        t.side("a", r.a());
        t.side("b", r.b());
        t.out.append("%d calls aligned, %d the same, %d differ\n".formatted(r.alignedCalls(), r.sameCalls(),
                r.alignedCalls() - r.sameCalls()));
        t.only("a", r.onlyA());
        t.only("b", r.onlyB());
        r.groups().forEach(t::group);
        if (r.same()) {
            t.out.append("no differences\n");
        }
        return t.out.toString();
    }

    private void side(String name, DiffReport.Side s) {
        out.append(name).append(": ").append(s.file()).append("  ");
        if (!s.variant().isEmpty()) {
            out.append("kernel ").append(s.variant()).append(", ");
        }
        out.append("CPU ").append(s.cpu());
        if (!s.program().isEmpty()) {
            out.append(", program ").append(s.program());
        }
        out.append(", ").append(s.calls()).append(" calls\n");
    }

    private void only(String name, List<DiffReport.CallRef> calls) {
        if (calls.isEmpty()) {
            return;
        }
        out.append("\nonly in ").append(name).append(": ").append(calls.size()).append(calls.size() == 1 ? " call\n"
                : " calls\n");
        for (DiffReport.CallRef c : calls.subList(0, Math.min(MAX_ONLY, calls.size()))) {
            out.append("  call ").append(c.number()).append(", event ").append(c.event()).append(": ").append(c.what())
                    .append('\n');
        }
        if (calls.size() > MAX_ONLY) {
            out.append("  and ").append(calls.size() - MAX_ONLY).append(" more\n");
        }
    }

    private void group(DiffReport.Group g) {
        out.append('\n').append(g.count()).append(g.count() == 1 ? " call " : " calls ").append(g.what()).append(", ")
                .append(g.pathA());
        if (!g.pathA().equals(g.pathB())) {
            out.append(" in a, ").append(g.pathB()).append(" in b");
        }
        out.append(" (").append(g.calls().stream().map(c -> "#" + c.number()).collect(Collectors.joining(" ")));
        out.append(g.count() > g.calls().size() ? " ...)\n" : ")\n");
        List<DiffReport.Difference> d = g.differences();
        int aspects = width(d, x -> x.aspect().label());
        int fields = width(d, DiffReport.Difference::field);
        int values = width(d, DiffReport.Difference::a);
        String last = "";
        for (DiffReport.Difference x : d) {
            String aspect = x.aspect().label();
            line(aspect.equals(last) ? "" : aspect, aspects, x.field(), fields, x.a(), values, x.b());
            last = aspect;
        }
    }

    private interface Column {
        String of(DiffReport.Difference d);
    }

    private static int width(List<DiffReport.Difference> all, Column column) {
        return all.stream().mapToInt(d -> column.of(d).length()).max().orElse(0);
    }

    private void line(String aspect, int aspects, String field, int fields, String a, int values, String b) {
        out.append("  ");
        pad(aspect, aspects);
        pad(field, fields);
        pad(a, values);
        out.append(b).append('\n');
    }

    private void pad(String s, int width) {
        out.append(s).append(" ".repeat(Math.max(0, width - s.length()) + 2));
    }
}
