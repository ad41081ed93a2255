package dev.retrap.repl.cli;

import dev.retrap.repl.report.Numbers;
import dev.retrap.trace.EndStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retrap record}: runs a guest and records it. */
@Command(
        name = "record",
        header = "Run a program on a guest kernel and record every kernel entry and exit.",
        description = {
            "",
            "The guest's console goes to standard output. Ctrl-C ends the run; what was recorded until then is a whole "
                + "recording.",
        },
        exitCodeList = {
            "0..255:the guest's own when it switches itself off, as with strace",
            "1:the guest crashed (triple fault), or halted for good",
            "2:wrong usage, or the recording cannot be written",
            "130:interrupted by Ctrl-C",
        },
        footer = {
            "  retrap record hello -o hello.retrap",
            "  retrap record --variant v4.2 getpid-loop 1000 -o loop.retrap",
            "  retrap record --ram 64M ./my-static-program -o my.retrap -- --its-option",
            "  echo hello | retrap record -i cat -o cat.retrap",
            "  retrap record --kernel ./vmlinux -o boot.retrap",
        })
final class RecordCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private GuestOptions guest;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", order = 10,
            description = "The recording (default: PROGRAM.retrap); one that exists is replaced")
    private String output;

    @Mixin
    private RunOptions run;

    @Option(names = {"-q", "--quiet"}, order = 12, description = "No summary")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    RecordCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Guest resolved = guest.resolve();
        Path file = Recordings.path(output != null ? output
                : (resolved.program().isEmpty() ? "kernel" : resolved.program()) + ".retrap");
        List<String> words = new ArrayList<>(List.of("retrap"));
        words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        RecordSession session = new RecordSession(context, resolved, file, words);
        RecordSession.Result result = session.run(run.steps(), run.input(context));
        if (!quiet) {
            summary(file, result);
        }
        return GuestStatus.of(result.end());
    }

    private void summary(Path file, RecordSession.Result r) {
        context.note(file + ": " + Numbers.count(r.events(), "event") + ", "
                + Numbers.count(r.positions(), "position") + ", " + Numbers.bytes(r.bytes()) + "; "
                + (r.end() instanceof EndStatus.Incomplete
                        ? "ended after --steps " + run.steps() : r.end().describe()));
        r.console().report(context);
    }
}
