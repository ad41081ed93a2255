package dev.retrap.repl.cli;

import dev.retrap.repl.report.CheckJson;
import dev.retrap.repl.report.CheckText;
import dev.retrap.repl.report.Json;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Recording;
import dev.retrap.trace.check.Check;
import dev.retrap.trace.check.CheckReport;
import dev.retrap.trace.check.Checker;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap check}: built-in assertions on a recording. */
@Command(
        name = "check",
        header = "Check what programs, signals, tracers and unwinders rely on.",
        description = {
            "",
            "Goes through a recording and tells where the kernel's entries and exits break a promise, with the event "
                + "and the position to go to (goto POSITION in retrap replay). Checks:",
            "  restart           ip - 2 is an INT 0x80 that repeats the call",
            "  arguments         pt_regs have the arguments that were passed",
            "  tracer-edits      what a tracer changed reaches the caller",
            "  registers         the caller gets its registers back",
            "  eflags            and its flags",
            "  nt-tf-ac          NT, TF, AC neither lost nor in force in the kernel",
            "  exit-instruction  SYSEXIT and SYSRET only where allowed",
            "  vdso-cfi          unwinding at each instruction of the vDSO",
            "  kernel-leak       no kernel address in a user register",
            "  stack-segment     SS can be used in user mode",
            "  kernel-context    the kernel runs on its own stack and GS",
            "  pt-regs-misuse    pt_regs are changed by the accessors' rule",
        },
        exitCodeList = {"0:all hold", "1:some do not", "2:wrong usage, or a file that cannot be checked"},
        footer = {
            "  retrap check a.retrap",
            "  retrap check a.retrap --only vdso-cfi,registers",
            "  retrap check a.retrap --format json | jq '.checks[] | select(.violations > 0)'",
        })
final class CheckCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "FILE", description = "A recording")
    private String file;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "These checks only (default: all)")
    private List<String> only = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (default: text)")
    private OutputFormat format = OutputFormat.TEXT;

    @Option(names = "--limit", paramLabel = "N", description = "List at most N violations of a check (default: 4)")
    private int limit = 4;

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Set<Check> checks = checks(only);
        Recording recording = Recordings.open(context, file);
        try {
            CheckReport report = Checker.check(recording, checks, Math.max(0, limit));
            if (format == OutputFormat.JSON) {
                context.out().println(Json.of(CheckJson.of(report)));
            } else {
                CheckText.lines(report, context.style()).forEach(context.out()::println);
            }
            return report.clean() ? ExitStatus.OK : ExitStatus.FAILED;
        } finally {
            Recordings.close(recording);
        }
    }

    static Set<Check> checks(List<String> names) {
        if (names.isEmpty()) {
            return EnumSet.allOf(Check.class);
        }
        EnumSet<Check> checks = EnumSet.noneOf(Check.class);
        for (String name : names) {
            checks.add(Check.named(name).orElseThrow(() -> new Trouble("no check " + name + ": there are "
                    + Stream.of(Check.values()).map(Check::label).collect(Collectors.joining(", ")))));
        }
        return checks;
    }
}
