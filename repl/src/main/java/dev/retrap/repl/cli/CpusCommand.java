package dev.retrap.repl.cli;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.repl.report.CpuReport;
import dev.retrap.repl.report.Json;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap cpus}: the processor models. */
@Command(
        name = "cpus",
        header = "List the CPU models, with what of them matters to kernel entries.",
        description = {
            "SYSENTER and SYSCALL: in which modes they work; elsewhere they are #UD."
                    + " SYSRET SS: whether SYSRET loads the hidden part of SS or keeps the kernel's."
                    + " SYSRET RCX: where SYSRET faults if RCX is not canonical."
        },
        footer = {"  retrap cpus", "  retrap cpus zen", "  retrap cpus --format json",
            "  retrap record --cpu p6 hello -o hello.retrap"})
final class CpusCommand implements Callable<Integer> {
    private static final int WIDTH = 110;
    private static final String ROW = "%s %-6s %-4s  %-16s  %-16s  %-9s  %-11s  %s";

    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "[MODEL]", description = "All there is to tell of one model")
    private String model;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (default: text)")
    private OutputFormat format = OutputFormat.TEXT;

    CpusCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<CpuModel> models = model == null ? CpuModels.all() : List.of(named(model));
        if (format == OutputFormat.JSON) {
            context.out().println(Json.of(models.stream().map(CpusCommand::json).toList()));
        } else if (model != null) {
            details(models.getFirst());
        } else {
            list(models);
        }
        return ExitStatus.OK;
    }

    private static CpuModel named(String name) {
        try {
            return CpuModels.named(name);
        } catch (IllegalArgumentException e) {
            throw new Trouble(e.getMessage());
        }
    }

    private static Map<String, Object> json(CpuModel m) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", m.name());
        members.put("description", m.description());
        members.putAll(new CpuReport(m).details());
        return members;
    }

    private void list(List<CpuModel> models) {
        context.out().println(context.style().heading(ROW.formatted("%-10s".formatted("MODEL"), "MAKER", "BITS",
                "SYSENTER", "SYSCALL", "SYSRET SS", "SYSRET RCX", "ALSO")));
        for (CpuModel m : models) {
            CpuReport r = new CpuReport(m);
            context.out().println(ROW.formatted(context.style().symbol("%-10s".formatted(m.name())), r.vendor(),
                    r.bits(), r.sysenter(), r.syscall(), r.sysretSs(), r.sysretRcx(), r.protection()));
        }
        context.out().println();
        for (CpuModel m : models) {
            context.out().println("%s %s".formatted(context.style().symbol("%-10s".formatted(m.name())),
                    m.description()));
        }
    }

    private void details(CpuModel m) {
        context.out().println(context.style().symbol(m.name()) + "  " + m.description());
        new CpuReport(m).details().forEach((name, value) -> {
            String head = "  %-25s ".formatted(name);
            for (String line : wrapped(value, WIDTH - head.length())) {
                context.out().println(head + line);
                head = " ".repeat(head.length());
            }
        });
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
