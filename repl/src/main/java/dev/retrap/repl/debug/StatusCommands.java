package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.STATUS;

import dev.retrap.repl.report.Numbers;
import dev.retrap.trace.ConsoleOutput;
import dev.retrap.trace.Input;
import dev.retrap.trace.Recording;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.Unsupported;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is known about the recording and the session. */
final class StatusCommands {
    private static final int MAX_INPUT_SHOWN = 40;

    private StatusCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(STATUS, "info program", "", "Describe the recording: guest, machine, how it ended",
                        (d, a) -> program(d)).alias("recording", "record"),
                Command.of(STATUS, "info checkpoints", "", "List marks and the checkpoints stored in the recording",
                        (d, a) -> checkpoints(d)),
                Command.of(STATUS, "info console", "", "Show what the guest has printed up to here",
                        (d, a) -> console(d)),
                Command.of(STATUS, "info inputs", "", "List what came into the machine from outside",
                        (d, a) -> inputs(d)),
                Command.of(STATUS, "info files", "", "List the images that symbols come from", (d, a) -> d.symbols()
                        .images()
                        .forEach(i -> d.out().println("%-16s %,d symbols".formatted(i.name(), i.table().all().size()))))
                        .alias("symbols", "sharedlibrary"),
                Command.of(STATUS, "info display", "", "List the expressions shown at each stop",
                        (d, a) -> d.displays().forEach((n, x) -> d.out().println(n + ": " + x.text()))));
    }

    private static void program(Debugger d) {
        Recording r = d.recording();
        RecordingInfo info = r.info();
        line(d, "recording", r.file().toString());
        line(d, "made by", info.recorder() + (info.commandLine().isEmpty()
                ? "" : ": " + String.join(" ", info.commandLine())));
        line(d, "kernel", (info.variant().isEmpty() ? "of the user's own" : "variant " + info.variant())
                + (info.image().commandLine().isEmpty()
                        ? "" : ", command line \"" + info.image().commandLine() + "\""));
        line(d, "program", info.program().isEmpty() ? "none" : info.program()
                + (info.image().modules().isEmpty() ? "" : ": " + info.image().modules().get(0).commandLine()));
        line(d, "machine", info.config().cpu().name() + " (" + info.config().cpu().description() + "), "
                + Numbers.bytes(info.config().ramBytes()) + " of RAM");
        line(d, "length", Numbers.count(r.endPosition(), "step") + ", " + Numbers.count(r.eventCount(), "event"));
        line(d, "ended", r.endStatus().describe());
        r.truncation().ifPresent(t -> line(d, "truncated", t));
        for (Unsupported u : r.unsupported()) {
            line(d, "unsupported", u.what() + " at " + d.symbols().format(u.ip()) + ", position " + u.position());
        }
    }

    private static void line(Debugger d, String name, String value) {
        d.out().println("%-12s %s".formatted(name, value));
    }

    private static void checkpoints(Debugger d) {
        if (d.bookmarks().isEmpty()) {
            d.out().println("No marks; \"checkpoint\" makes one.");
        }
        d.bookmarks().forEach((n, b) ->
                d.out().println("%d: position %,d, %s".formatted(n, b.position(), b.where())));
        List<Long> stored = d.recording().checkpointPositions();
        d.out().println(Numbers.count(stored.size(), "checkpoint") + " stored in the recording"
                + (stored.isEmpty() ? "" : ", at positions "
                        + String.join(" ", stored.stream().limit(16).map(String::valueOf).toList())
                        + (stored.size() > 16 ? " ..." : "")));
    }

    private static void console(Debugger d) {
        ConsoleOutput console = d.recording().console();
        String text = new String(console.bytes(), 0, console.lengthAt(d.timeline().position()),
                StandardCharsets.ISO_8859_1);
        d.out().print(text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            d.out().println();
        }
    }

    private static void inputs(Debugger d) {
        List<Input> inputs = d.recording().inputs();
        if (inputs.isEmpty()) {
            d.out().println("Nothing came in from outside.");
        }
        for (Input input : inputs) {
            String what = switch (input) {
                case Input.Console c -> "console: " + quoted(c.bytes());
                case Input.RegisterWrite w -> w.register().label() + " = 0x" + Long.toHexString(w.value());
                case Input.MemoryWrite w -> w.bytes().length + " bytes at " + d.symbols().format(w.linear());
                case Input.FxWrite w -> "x87/SSE state";
            };
            d.out().println("position %,12d  %s".formatted(input.position(), what));
        }
    }

    private static String quoted(byte[] bytes) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Math.min(bytes.length, MAX_INPUT_SHOWN); i++) {
            parts.add(Format.escaped(bytes[i] & 0xFF, '"'));
        }
        return "\"" + String.join("", parts) + (bytes.length > MAX_INPUT_SHOWN ? "\"..." : "\"");
    }
}
