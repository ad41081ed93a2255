package dev.retrap.repl.cli;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.repl.demo.BugDemo;
import dev.retrap.repl.demo.Demo;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.EndStatus;
import dev.retrap.trace.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap demo}: the whole chain on the fixtures, explained. */
@Command(
        name = "demo",
        header = "Show the whole chain: record two kernel variants, list events, compare, explain.",
        description = {
            "",
            "Records the programs sixargs and badstack under the 32-bit entry code of Linux v4.2 and of v4.4, and "
                + "shows what the rewrite between them changes for a program that makes system calls. Every number in "
                + "the output is taken from the recordings just made; they stay in DIR, to look into.",
            "",
            "With a NAME, one bug of that time, or a proposal's weak spot: records a kernel that has it and one that "
                + "has not, shows the place and the difference, and has it found by retrap check.",
        },
        footer = {
            "  retrap demo",
            "  retrap demo list                         the names there are",
            "  retrap demo ts-fastsyscall --dir /tmp/demo",
        })
final class DemoCommand implements Callable<Integer> {
    /** Steps; a kernel that a bug has got the better of may go on for ever. */
    private static final long LONGEST = 100_000_000;

    private final Context context;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where the recordings go (default: retrap-demo)")
    private String directory = "retrap-demo";

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "list, or a bug to show")
    private String name;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if ("list".equalsIgnoreCase(name)) {
            for (String[] bug : BugDemo.list()) {
                context.out().println(context.style().symbol("%-20s".formatted(bug[0])) + bug[1] + " (" + bug[2] + ")");
            }
            return ExitStatus.OK;
        }
        Path dir = Recordings.path(directory);
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw new Trouble(
                    "directory " + dir + " cannot be made: " + e.getMessage() + "; choose another with --dir", e);
        }
        if (name == null) {
            new Demo(context.out(), context.style(), (variant, program) -> {
                Recording r = record(dir, variant, GuestOptions.DEFAULT_CPU, program);
                if (!(r.endStatus() instanceof EndStatus.PoweredOff(int status) && status == 0)) {
                    throw new Trouble(program + " under " + variant + " did not end well: "
                            + r.endStatus().describe());
                }
                return r;
            }).run();
        } else if (!new BugDemo(context.out(), context.style(), (variant, cpu, command) ->
                record(dir, variant, cpu, command)).show(name)) {
            throw new Trouble("no demo " + name + ": there are "
                    + BugDemo.list().stream().map(b -> b[0]).collect(Collectors.joining(", ")));
        }
        return ExitStatus.OK;
    }

    /** On a CPU of 64 bits the variant's 64-bit kernel. */
    private Recording record(Path dir, String variant, String cpu, String command) {
        String program = command.split(" ")[0];
        CpuModel model = CpuModels.named(cpu);
        Architecture arch = model.has(Feature.LM) ? Architecture.X86_64 : Architecture.I386;
        String machine = arch == Architecture.X86_64 ? "-" + cpu : "";
        Path file = dir.resolve(command.replace(' ', '-') + "-" + variant + machine + ".retrap");
        BootImage image = new BootImage(Fixtures.kernel(variant, arch), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        Guest guest = new Guest(MachineConfig.of(model), image, variant, program);
        List<String> words = new ArrayList<>(List.of("retrap", "record", "--variant", variant));
        if (arch == Architecture.X86_64) {
            words.addAll(List.of("--arch", arch.label(), "--cpu", cpu));
        }
        words.addAll(List.of(command.split(" ")));
        words.addAll(List.of("-o", file.toString()));
        context.out().println("$ " + String.join(" ", words));
        RecordSession.Result result =
                new RecordSession(context, guest, file, words).run(LONGEST, TypedInput.NONE);
        context.out().println(context.style().dim("  " + Numbers.count(result.events(), "event") + ", "
                + Numbers.count(result.positions(), "position") + ", " + Numbers.bytes(result.bytes()) + "; "
                + result.end().describe()));
        result.console().report(context);
        return Recordings.open(context, file.toString());
    }
}
