package dev.retrap.repl.cli;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.repl.terminal.ExitStatus;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code retrap cpus}: the processor models. */
@Command(
        name = "cpus",
        header = "List the CPU models, with what of them matters to kernel entries.",
        footer = {"  retrap cpus", "  retrap record --cpu p6 hello -o hello.retrap"})
final class CpusCommand implements Callable<Integer> {
    private final Context context;

    CpusCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        for (CpuModel model : CpuModels.all()) {
            context.out().println("%s %-6s %s".formatted(
                    context.style().symbol("%-10s".formatted(model.name())),
                    model.vendor().name().toLowerCase(Locale.ROOT),
                    model.description()));
        }
        return ExitStatus.OK;
    }
}
