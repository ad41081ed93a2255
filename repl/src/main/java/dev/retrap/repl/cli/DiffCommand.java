package dev.retrap.repl.cli;

import dev.retrap.repl.report.DiffJson;
import dev.retrap.repl.report.Json;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Recording;
import dev.retrap.trace.diff.Aspect;
import dev.retrap.trace.diff.DiffOptions;
import dev.retrap.trace.diff.DiffReport;
import dev.retrap.trace.diff.TraceDiff;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap diff}: compares two recordings call by call. */
@Command(
        name = "diff",
        header = "Compare two recordings call by call.",
        description = {
            "",
            "Aligns the system calls of the user program and tells, for each, what differs: pt_regs as the kernel "
                + "built them, registers back in user mode, the exit instruction and why, kernel instructions. Equal "
                + "differences are grouped, with a count.",
        },
        exitCodeList = {"0:the same", "1:different", "2:wrong usage, or a file that cannot be compared"},
        footer = {
            "  retrap diff a.retrap b.retrap",
            "  retrap diff --only pt-regs,eflags a.retrap b.retrap",
            "  retrap diff --format json a.retrap b.retrap | jq '.groups[].differences[]'",
        })
final class DiffCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "A", description = "A recording")
    private String a;

    @Parameters(index = "1", paramLabel = "B", description = "Another recording")
    private String b;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (default: text)")
    private OutputFormat format = OutputFormat.TEXT;

    @Option(names = "--only", paramLabel = "ASPECT", split = ",", description = {
        "Compare these aspects only: entry, pt-regs, exit-registers, eflags, caller-registers, exit-instruction, "
            + "decision, kernel-instructions, cycles, result"
    })
    private List<String> only = List.of();

    @Option(names = "--calls", paramLabel = "N", description = "List at most N calls of a group (default: 16)")
    private int calls = DiffOptions.DEFAULT.maxCalls();

    DiffCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DiffOptions options = new DiffOptions(aspects(), Math.max(0, calls));
        Recording first = Recordings.open(context, a);
        try {
            Recording second = Recordings.open(context, b);
            try {
                DiffReport report = TraceDiff.compare(first, second, options);
                context.out().print(format == OutputFormat.JSON
                        ? Json.of(DiffJson.of(report)) + "\n" : report.toText());
                return report.same() ? ExitStatus.OK : ExitStatus.FAILED;
            } finally {
                Recordings.close(second);
            }
        } finally {
            Recordings.close(first);
        }
    }

    private Set<Aspect> aspects() {
        if (only.isEmpty()) {
            return DiffOptions.DEFAULT.aspects();
        }
        EnumSet<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        for (String word : only) {
            aspects.add(Stream.of(Aspect.values())
                    .filter(x -> x.label().equals(word.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new Trouble("no aspect " + word + ": there are "
                            + Stream.of(Aspect.values()).map(Aspect::label).collect(Collectors.joining(", ")))));
        }
        return aspects;
    }
}
