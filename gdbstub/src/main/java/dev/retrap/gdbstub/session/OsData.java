package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tables for gdb's {@code info os} (GDB manual, node "Operating System Information"): the recording's events and
 * checkpoints in stock gdb.
 */
final class OsData {
    /** Most events in a table; gdb takes a table into memory whole. */
    private static final int MOST_EVENTS = 2000;

    private final Timeline timeline;

    OsData(Timeline timeline) {
        this.timeline = timeline;
    }

    /** The document of a table, or of the list of tables for an empty name; null if there is none. */
    String table(String name) {
        return switch (name) {
            case "" -> document("types", tables());
            case "events" -> document("events", events());
            case "checkpoints" -> document("checkpoints", checkpoints());
            default -> null;
        };
    }

    private static StringBuilder tables() {
        StringBuilder rows = new StringBuilder();
        Map<String, String> tables = new TreeMap<>(Map.of(
                "events", "Kernel entries and exits around the current position",
                "checkpoints", "Machine states stored in the recording"));
        tables.forEach((name, description) -> rows.append(row(
                List.of("Type", "Description", "Title"), List.of(name, description, name))));
        return rows;
    }

    private StringBuilder events() {
        Recording recording = timeline.recording();
        long here = recording.firstEventFrom(timeline.position());
        long from = Math.max(0, Math.min(here - MOST_EVENTS / 2, recording.eventCount() - MOST_EVENTS));
        long to = Math.min(recording.eventCount(), from + MOST_EVENTS);
        StringBuilder rows = new StringBuilder();
        for (Iterator<Event> events = recording.events(from, to); events.hasNext(); ) {
            Event e = events.next();
            rows.append(row(
                    List.of("Event", "Position", "Depth", "What", "From", "To", "Number", "Steps"),
                    List.of(
                            (e.index() == here ? "> " : "") + e.index(),
                            Long.toString(e.position()),
                            Integer.toString(e.depth()),
                            e.name(),
                            "%x".formatted(e.before(Reg.RIP)),
                            "%x".formatted(e.after(Reg.RIP)),
                            e.systemCall() < 0 ? "" : Integer.toString((int) e.systemCall()),
                            e.steps() < 0 ? "" : Long.toString(e.steps()))));
        }
        return rows;
    }

    private StringBuilder checkpoints() {
        StringBuilder rows = new StringBuilder();
        int n = 0;
        for (long position : timeline.recording().checkpointPositions()) {
            rows.append(row(
                    List.of("Checkpoint", "Position"), List.of(Integer.toString(n++), Long.toString(position))));
        }
        return rows;
    }

    private static String row(List<String> columns, List<String> values) {
        StringBuilder row = new StringBuilder("<item>\n");
        for (int i = 0; i < columns.size(); i++) {
            row.append("<column name=\"%s\">%s</column>\n".formatted(columns.get(i), Xml.text(values.get(i))));
        }
        return row.append("</item>\n").toString();
    }

    private static String document(String type, StringBuilder rows) {
        return "<?xml version=\"1.0\"?>\n<!DOCTYPE osdata SYSTEM \"osdata.dtd\">\n<osdata type=\"" + type + "\">\n"
                + rows + "</osdata>\n";
    }
}
