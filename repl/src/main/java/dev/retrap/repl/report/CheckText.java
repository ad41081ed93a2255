package dev.retrap.repl.report;

import dev.retrap.repl.terminal.Style;
import dev.retrap.trace.check.CheckReport;
import dev.retrap.trace.check.Violation;
import java.util.ArrayList;
import java.util.List;

/** What came of checking a recording, for people. */
public final class CheckText {
    private CheckText() {}

    /** {@return the lines of a report} */
    public static List<String> lines(CheckReport report, Style style) {
        List<String> lines = new ArrayList<>();
        for (CheckReport.Result r : report.results()) {
            String name = "%-16s".formatted(r.check().label());
            if (r.violations() == 0) {
                lines.add("%s %s  %s".formatted(r.examined() == 0 ? style.dim("-   ") : "ok  ", style.symbol(name),
                        r.examined() == 0 ? "nothing to look at" : Numbers.grouped(r.examined()) + " looked at"));
                continue;
            }
            lines.add("%s %s  %s of %s: not so: %s".formatted(style.alert("FAIL"), style.symbol(name),
                    Numbers.grouped(r.violations()), Numbers.grouped(r.examined()), r.check().title()));
            for (Violation v : r.first()) {
                lines.add("       event " + v.event() + ", position " + v.position() + ": " + v.what());
            }
            if (r.violations() > r.first().size()) {
                lines.add("       and " + Numbers.grouped(r.violations() - r.first().size()) + " more");
            }
            r.first().stream().map(Violation::why).distinct().forEach(w -> lines.add("       " + w));
            lines.add("       reference: " + r.check().reference());
        }
        return lines;
    }
}
