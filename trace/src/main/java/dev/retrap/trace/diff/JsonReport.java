package dev.retrap.trace.diff;

import java.util.List;

/** A report as JSON. Member names are part of the command line's interface: add, never rename. */
final class JsonReport {
    private JsonReport() {}

    static String of(DiffReport r) {
        Json j = new Json().begin(null, '{').bool("same", r.same());
        side(j, "a", r.a());
        side(j, "b", r.b());
        j.number("alignedCalls", r.alignedCalls()).number("sameCalls", r.sameCalls());
        calls(j, "onlyA", r.onlyA());
        calls(j, "onlyB", r.onlyB());
        j.begin("groups", '[');
        for (DiffReport.Group g : r.groups()) {
            j.begin(null, '{').text("calls", g.what()).text("pathA", g.pathA()).text("pathB", g.pathB())
                    .number("count", g.count());
            calls(j, "first", g.calls());
            j.begin("differences", '[');
            for (DiffReport.Difference d : g.differences()) {
                j.begin(null, '{').text("aspect", d.aspect().label()).text("field", d.field()).text("a", d.a())
                        .text("b", d.b()).end('}');
            }
            j.end(']').end('}');
        }
        return j.end(']').end('}').toString();
    }

    private static void side(Json j, String name, DiffReport.Side s) {
        j.begin(name, '{').text("file", s.file()).text("variant", s.variant()).text("cpu", s.cpu())
                .text("program", s.program()).number("calls", s.calls()).end('}');
    }

    private static void calls(Json j, String name, List<DiffReport.CallRef> calls) {
        j.begin(name, '[');
        for (DiffReport.CallRef c : calls) {
            j.begin(null, '{').number("call", c.number()).number("event", c.event()).number("position", c.position())
                    .text("what", c.what()).end('}');
        }
        j.end(']');
    }
}
