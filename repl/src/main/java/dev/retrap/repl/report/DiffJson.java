package dev.retrap.repl.report;

import dev.retrap.trace.diff.DiffReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A comparison as JSON. Member names are part of the command line's interface: add, never rename. */
public final class DiffJson {
    private DiffJson() {}

    /** {@return a report as one object} */
    public static Map<String, Object> of(DiffReport report) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("same", report.same());
        o.put("a", side(report.a()));
        o.put("b", side(report.b()));
        o.put("alignedCalls", report.alignedCalls());
        o.put("sameCalls", report.sameCalls());
        o.put("onlyA", calls(report.onlyA()));
        o.put("onlyB", calls(report.onlyB()));
        o.put("groups", report.groups().stream().map(DiffJson::group).toList());
        return o;
    }

    private static Map<String, Object> side(DiffReport.Side s) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("file", s.file());
        o.put("variant", s.variant());
        o.put("cpu", s.cpu());
        o.put("program", s.program());
        o.put("calls", s.calls());
        return o;
    }

    private static Map<String, Object> group(DiffReport.Group g) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("calls", g.what());
        o.put("pathA", g.pathA());
        o.put("pathB", g.pathB());
        o.put("count", g.count());
        o.put("first", calls(g.calls()));
        o.put("differences", g.differences().stream().map(DiffJson::difference).toList());
        return o;
    }

    private static Map<String, Object> difference(DiffReport.Difference d) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("aspect", d.aspect().label());
        o.put("field", d.field());
        o.put("a", d.a());
        o.put("b", d.b());
        return o;
    }

    private static List<Map<String, Object>> calls(List<DiffReport.CallRef> calls) {
        return calls.stream().map(DiffJson::call).toList();
    }

    private static Map<String, Object> call(DiffReport.CallRef c) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("call", c.number());
        o.put("event", c.event());
        o.put("position", c.position());
        o.put("what", c.what());
        return o;
    }
}
