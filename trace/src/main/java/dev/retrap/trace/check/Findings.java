package dev.retrap.trace.check;

import java.util.ArrayList;
import java.util.List;

/** What a check found: everything is counted, the first ones are kept. */
final class Findings {
    private final int keep;
    private final List<Violation> first = new ArrayList<>();
    private long examined;
    private long count;

    Findings(int keep) {
        this.keep = keep;
    }

    void examined() {
        examined++;
    }

    void add(Violation v) {
        count++;
        if (first.size() < keep) {
            first.add(v);
        }
    }

    CheckReport.Result result(Check check) {
        return new CheckReport.Result(check, examined, count, first);
    }
}
