package dev.retrap.repl.cli;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.repl.demo.Demo;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.EndStatus;
import dev.retrap.trace.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrap demo}: the whole chain on the fixtures, explained. */
@Command(
        name = "demo",
        header = "Show the whole chain: record two kernel variants, list events, compare, explain.",
        description = {
            "",
            "Records the programs sixargs and badstack under the 32-bit entry code of Linux v4.2 and of v4.4, and "
                + "shows what the rewrite between them changes for a program that makes system calls. Every number in "
                + "the output is taken from the recordings just made; they stay in DIR, to look into.",
        },
        footer = {"  retrap demo", "  retrap demo --dir /tmp/demo"})
final class DemoCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where the recordings go (default: retrap-demo)")
    private String directory = "retrap-demo";

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Path dir = Recordings.path(directory);
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw new Trouble(
                    "directory " + dir + " cannot be made: " + e.getMessage() + "; choose another with --dir", e);
        }
        new Demo(context.out(), context.style(), (variant, program) -> record(dir, variant, program)).run();
        return ExitStatus.OK;
    }

    private Recording record(Path dir, String variant, String program) {
        Path file = dir.resolve(program + "-" + variant + ".retrap");
        BootImage image = new BootImage(Fixtures.kernel(variant), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), program)));
        Guest guest = new Guest(
                MachineConfig.of(CpuModels.named(GuestOptions.DEFAULT_CPU)), image, variant, program);
        List<String> words = List.of("retrap", "record", "--variant", variant, program, "-o", file.toString());
        context.out().println("$ " + String.join(" ", words));
        RecordSession.Result result =
                new RecordSession(context, guest, file, words).run(Long.MAX_VALUE, TypedInput.NONE);
        context.out().println(context.style().dim("  " + Numbers.count(result.events(), "event") + ", "
                + Numbers.count(result.positions(), "position") + ", " + Numbers.bytes(result.bytes()) + "; "
                + result.end().describe()));
        result.console().report(context);
        if (!(result.end() instanceof EndStatus.PoweredOff(int status) && status == 0)) {
            throw new Trouble(program + " under " + variant + " did not end well: " + result.end().describe());
        }
        return Recordings.open(context, file.toString());
    }
}
