package dev.retrap.repl.cli;

import dev.retrap.fixtures.Fixtures;
import dev.retrap.fixtures.Program;
import dev.retrap.fixtures.Variant;
import dev.retrap.repl.terminal.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code retrap variants}: the kernel variants and the programs of the catalogue. */
@Command(
        name = "variants",
        header = "List the kernel variants, with what differs, and the programs to run on them.",
        footer = {"  retrap variants", "  retrap record --variant v4.2 sixargs -o a.retrap"})
final class VariantsCommand implements Callable<Integer> {
    private final Context context;

    VariantsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.out().println(context.style().heading("Kernel variants"));
        for (Variant v : Fixtures.variants()) {
            context.out().println("  " + context.style().symbol("%-14s".formatted(v.name())) + " " + v.summary()
                    + (v.base().isEmpty() ? "" : " (from " + v.base() + ")"));
            for (String clause : v.differs()) {
                context.out().println("  %-14s   - %s".formatted("", clause));
            }
        }
        context.out().println();
        context.out().println(context.style().heading("Programs"));
        for (Program p : Fixtures.programs()) {
            String usage = p.arguments().isEmpty() ? p.name() : p.name() + " " + p.arguments();
            context.out().println("  " + context.style().symbol("%-24s".formatted(usage)) + " " + p.summary());
        }
        return ExitStatus.OK;
    }
}
