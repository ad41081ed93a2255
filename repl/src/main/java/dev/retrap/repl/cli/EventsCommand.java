package dev.retrap.repl.cli;

import dev.retrap.repl.report.EventJson;
import dev.retrap.repl.report.EventText;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.symbols.GuestSymbols;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.BadFilterException;
import dev.retrap.trace.Event;
import dev.retrap.trace.EventFilter;
import dev.retrap.trace.Recording;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap events}: a recording's events, one line each. */
@Command(
        name = "events",
        header = "List the kernel entries and exits of a recording, one line each.",
        description = {
            "",
            "An entry's line says what it came to: result, exit instruction and number of its event, instructions the "
                + "kernel executed for it. Entries within the kernel are indented. All words of FILTER must hold:",
            "  entry exit user kernel syscall     kinds of events",
            "  kind=SYSENTER,IRET                 how, any of the list",
            "  nr=20 vector=14 position>48000     numbers, with = != < <= > >=; also errcode depth steps cycles",
            "                                     event pair cr2 ip",
        },
        footer = {
            "  retrap events a.retrap",
            "  retrap events a.retrap syscall nr=224 --raw",
            "  retrap events a.retrap entry vector=14",
            "  retrap events a.retrap --format json | jq 'select(.kind == \"SYSEXIT\").after.rflags'",
        })
final class EventsCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "FILE", description = "A recording")
    private String file;

    @Parameters(index = "1..*", paramLabel = "FILTER", description = "Which events (default: all)")
    private List<String> filter = List.of();

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "text, or json: one object per line (default: text)")
    private OutputFormat format = OutputFormat.TEXT;

    @Option(names = "--limit", paramLabel = "N", description = "At most N events")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--raw", description = "System calls with all six arguments, in hexadecimal")
    private boolean raw;

    EventsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        EventFilter selected = parse(filter);
        if (limit < 0) {
            throw new Trouble("--limit must be at least 0, not " + limit);
        }
        Recording recording = Recordings.open(context, file);
        try {
            print(recording, selected);
        } finally {
            Recordings.close(recording);
        }
        return ExitStatus.OK;
    }

    static EventFilter parse(List<String> words) {
        try {
            return EventFilter.parse(String.join(" ", words));
        } catch (BadFilterException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    private void print(Recording recording, EventFilter selected) {
        Function<Event, String> line = switch (format) {
            case TEXT -> {
                Symbols symbols = GuestSymbols.of(recording);
                context.out().println(context.style().heading(EventText.header()));
                yield new EventText(recording, symbols, context.style(), raw)::line;
            }
            case JSON -> new EventJson(recording)::line;
        };
        long shown = 0;
        for (Event e : recording.events()) {
            if (shown == limit) {
                context.note("stopped after " + Numbers.count(limit, "event") + ": --limit");
                break;
            }
            if (selected.test(e)) {
                context.out().println(line.apply(e));
                shown++;
            }
        }
    }
}
