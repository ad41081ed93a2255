package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.OsTable;
import dev.retrap.gdbstub.guest.Task;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tables for gdb's {@code info os} (GDB manual, node "Operating System Information"): what a recording has to tell, in
 * stock gdb.
 */
final class OsData {
    /** Most events in a table; gdb takes a table into memory whole. */
    private static final int MOST_EVENTS = 2000;

    private final Timeline timeline;
    private final Inferiors inferiors;
    private final Map<String, OsTable> tables = new TreeMap<>();

    /**
     * Tables of a session.
     *
     * @param inferiors who there is
     * @param more tables that others know
     */
    OsData(Timeline timeline, Inferiors inferiors, List<OsTable> more) {
        this.timeline = timeline;
        this.inferiors = inferiors;
        more.forEach(this::add);
        add(new OsTable("events", "Kernel entries and exits around the current position",
                List.of("Event", "Position", "Depth", "What", "From", "To", "Number", "Steps"), this::events));
        add(new OsTable("processes", "Programs of the guest now, to attach to in the split view",
                List.of("pid", "user", "command", "cores"), () -> processes(false)));
        add(new OsTable("threads", "Threads of the guest's programs now",
                List.of("pid", "command", "tid", "core"), () -> processes(true)));
        add(new OsTable("checkpoints", "Machine states stored in the recording",
                List.of("Checkpoint", "Position"), this::checkpoints));
        add(new OsTable("syscalls", "System calls of the whole history, by number and way into the kernel",
                List.of("Number", "Entry", "Calls", "Returned", "Fewest steps", "Mean", "Most", "Most at event"),
                this::systemCalls));
    }

    private void add(OsTable table) {
        tables.put(table.name(), table);
    }

    /** The document of a table, or of the list of tables for an empty name; null if there is none. */
    String table(String name) {
        if (name.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            tables.values().forEach(t -> rows.add(List.of(t.name(), t.description(), t.name())));
            return document("types", List.of("Type", "Description", "Title"), rows);
        }
        OsTable table = tables.get(name);
        return table == null ? null : document(name, table.columns(), table.rows().get());
    }

    private List<List<String>> events() {
        Recording recording = timeline.recording();
        long here = recording.firstEventFrom(timeline.position());
        long from = Math.max(0, Math.min(here - MOST_EVENTS / 2, recording.eventCount() - MOST_EVENTS));
        long to = Math.min(recording.eventCount(), from + MOST_EVENTS);
        List<List<String>> rows = new ArrayList<>();
        timeline.eachEvent(from, to, e -> rows.add(List.of(
                (e.index() == here ? "> " : "") + e.index(),
                Long.toString(e.position()),
                Integer.toString(e.depth()),
                e.name(),
                "%x".formatted(e.before(Reg.RIP)),
                "%x".formatted(e.after(Reg.RIP)),
                e.systemCall() < 0 ? "" : Integer.toString((int) e.systemCall()),
                e.steps() < 0 ? "" : Long.toString(e.steps()))));
        return rows;
    }

    /** By the client's numbers, with the columns that gdb's own tables of these names have. */
    private List<List<String>> processes(boolean threads) {
        List<List<String>> rows = new ArrayList<>();
        for (Task t : inferiors.tasks()) {
            String pid = Long.toString(inferiors.pid(t.tgid()));
            String command = t.executable().isEmpty() ? t.command() : t.executable();
            if (threads) {
                rows.add(List.of(pid, t.command(), Long.toString(inferiors.pid(t.pid())), "0"));
            } else if (t.pid() == t.tgid()) {
                rows.add(List.of(pid, "root", command, "0"));
            }
        }
        return rows;
    }

    private List<List<String>> checkpoints() {
        List<List<String>> rows = new ArrayList<>();
        for (long position : timeline.recording().checkpointPositions()) {
            rows.add(List.of(Integer.toString(rows.size()), Long.toString(position)));
        }
        return rows;
    }

    /** Calls of one number by one way. */
    private static final class Calls {
        private final long number;
        private final String entry;
        private long made;
        private long returned;
        private long steps;
        private long fewest = Long.MAX_VALUE;
        private long most = -1;
        private long mostAt;

        Calls(Event e) {
            number = (int) e.systemCall();
            entry = e.name();
        }

        void add(Event e) {
            made++;
            if (e.steps() >= 0) {
                returned++;
                steps += e.ownSteps();
                fewest = Math.min(fewest, e.ownSteps());
                if (e.ownSteps() > most) {
                    most = e.ownSteps();
                    mostAt = e.index();
                }
            }
        }

        List<String> row() {
            boolean any = returned > 0;
            return List.of(Long.toString(number), entry, Long.toString(made), Long.toString(returned),
                    any ? Long.toString(fewest) : "", any ? Long.toString(steps / returned) : "",
                    any ? Long.toString(most) : "", any ? Long.toString(mostAt) : "");
        }
    }

    private List<List<String>> systemCalls() {
        Map<String, Calls> calls = new TreeMap<>();
        timeline.eachEvent(0, timeline.recording().eventCount(), e -> {
            if (e.isSystemCallEntry()) {
                calls.computeIfAbsent((int) e.systemCall() + e.name(), _ -> new Calls(e)).add(e);
            }
        });
        return calls.values().stream()
                .sorted(Comparator.comparingLong((Calls c) -> c.number).thenComparing(c -> c.entry))
                .map(Calls::row).toList();
    }

    private static String document(String type, List<String> columns, List<List<String>> rows) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE osdata SYSTEM \"osdata.dtd\">\n"
                + "<osdata type=\"" + type + "\">\n");
        for (List<String> row : rows) {
            xml.append("<item>\n");
            for (int i = 0; i < columns.size(); i++) {
                xml.append("<column name=\"%s\">%s</column>\n".formatted(columns.get(i), Xml.text(row.get(i))));
            }
            xml.append("</item>\n");
        }
        return xml.append("</osdata>\n").toString();
    }
}
