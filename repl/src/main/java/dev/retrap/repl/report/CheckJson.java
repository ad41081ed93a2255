package dev.retrap.repl.report;

import dev.retrap.trace.check.CheckReport;
import dev.retrap.trace.check.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same as JSON. Member names are part of the command line's interface: add, never rename. */
public final class CheckJson {
    private CheckJson() {}

    /** {@return a report as one object} */
    public static Map<String, Object> of(CheckReport report) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("file", report.file());
        o.put("variant", report.variant());
        o.put("cpu", report.cpu());
        o.put("program", report.program());
        o.put("clean", report.clean());
        List<Object> checks = new ArrayList<>();
        for (CheckReport.Result r : report.results()) {
            Map<String, Object> c = new LinkedHashMap<>();
            c.put("check", r.check().label());
            c.put("title", r.check().title());
            c.put("reference", r.check().reference());
            c.put("examined", r.examined());
            c.put("violations", r.violations());
            List<Object> first = new ArrayList<>();
            for (Violation v : r.first()) {
                Map<String, Object> m = new LinkedHashMap<>();
                m.put("event", v.event());
                m.put("position", v.position());
                m.put("what", v.what());
                m.put("why", v.why());
                first.add(m);
            }
            c.put("first", first);
            checks.add(c);
        }
        o.put("checks", checks);
        return o;
    }
}
