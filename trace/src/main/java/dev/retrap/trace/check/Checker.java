package dev.retrap.trace.check;

import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a recording: one pass over its events, re-execution where they do not say enough. */
public final class Checker {
    /** Violations kept per check unless told otherwise; all are counted. */
    public static final int DEFAULT_KEPT = 16;

    private final Recording recording;
    private final Map<Assertion, Findings> assertions = new LinkedHashMap<>();
    private final Map<Assertion, Check> checks = new LinkedHashMap<>();
    private long lastTracing = -1;

    private Checker(Recording recording, Scene scene, Set<Check> which, int kept) {
        this.recording = recording;
        for (Check c : Check.values()) {
            if (which.contains(c)) {
                Assertion a = c.start(scene);
                Findings f = new Findings(kept);
                a.into(f);
                assertions.put(a, f);
                checks.put(a, c);
            }
        }
    }

    /**
     * Checks.
     *
     * @param recording stays the caller's to close
     * @param which what
     * @param kept how many violations of each to keep
     * @throws dev.retrap.trace.HistoryException if re-execution does not agree with the recording
     */
    public static CheckReport check(Recording recording, Set<Check> which, int kept) {
        try (Timeline timeline = Timeline.replay(recording)) {
            Checker c = new Checker(recording, new Scene(recording, timeline), which, kept);
            for (Event e : recording.events()) {
                c.event(e);
            }
            c.assertions.keySet().forEach(Assertion::end);
            return c.report();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private void event(Event e) {
        for (Assertion a : assertions.keySet()) {
            a.crossing(e);
        }
        if (e.isSystemCallEntry() && new SystemCall(e, e, false).ptrace()) {
            lastTracing = e.index();
        }
        if (!e.isEntry() && e.toUser() && e.pair() >= 0 && e.systemCall() >= 0) {
            SystemCall c = new SystemCall(recording.event(e.pair()), e, lastTracing > e.pair());
            for (Assertion a : assertions.keySet()) {
                a.call(c);
            }
        }
    }

    private CheckReport report() {
        List<CheckReport.Result> results = new ArrayList<>();
        assertions.forEach((a, f) -> results.add(f.result(checks.get(a))));
        return new CheckReport(String.valueOf(recording.file().getFileName()), recording.info().variant(),
                recording.config().cpu().name(), recording.info().program(), results);
    }
}
