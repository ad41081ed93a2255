package dev.retrap.repl.cli;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.EndStatus;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrap run}: runs a guest without recording it. */
@Command(
        name = "run",
        header = "Run a program on a guest kernel without recording it.",
        description = {"", "The guest's console goes to standard output."},
        exitCodeList = {
            "0..255:the guest's own when it switches itself off",
            "1:the guest crashed (triple fault), or halted for good",
            "2:wrong usage, or a file that cannot be used",
            "130:interrupted by Ctrl-C",
        },
        footer = {
            "  retrap run hello",
            "  retrap run --root DIR /bin/busybox sh -- -c 'sort /etc/words | head'",
            "  retrap run --stats --variant v4.2 getpid-loop 1000000",
        })
final class RunCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private GuestOptions guest;

    @Mixin
    private RunOptions run;

    @Option(names = "--stats", order = 12, description = "Say at the end how many steps were made, and how fast")
    private boolean stats;

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Guest resolved = guest.resolve();
        Machine machine;
        try {
            machine = Machine.boot(resolved.config(), resolved.image());
        } catch (BadImageException e) {
            throw new Trouble(e.getMessage(), e);
        }
        Console console = new Console(context.out());
        machine.setObserver(console);
        long began = System.nanoTime();
        EndStatus end = new GuestRun(context, engine(machine), run.steps(), run.input(context)).run();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (stats) {
            context.note(Numbers.count(machine.position(), "position") + ", "
                    + Numbers.count(machine.cycles(), "modelled cycle")
                    + String.format(Locale.ROOT, ", %.2f s, %.1f M insn/s",
                            seconds, machine.position() / seconds / 1e6));
        }
        if (!(end instanceof EndStatus.PoweredOff(int status) && status == 0)
                && !(end instanceof EndStatus.Incomplete)) {
            context.note(end.describe());
        }
        console.ended(resolved, machine);
        console.report(context);
        return GuestStatus.of(end);
    }

    private static GuestRun.Engine engine(Machine machine) {
        return new GuestRun.Engine() {
            @Override
            public Machine machine() {
                return machine;
            }

            @Override
            public EndStatus slice(long steps) {
                return switch (machine.run(machine.position() + steps)) {
                    case Stop.PoweredOff(int status) -> new EndStatus.PoweredOff(status);
                    case Stop.Shutdown(String report) -> new EndStatus.Shutdown(report);
                    case Stop.Idle() -> new EndStatus.Idle();
                    case Stop.Interrupted() -> new EndStatus.Interrupted();
                    default -> null;
                };
            }

            @Override
            public void input(byte[] bytes) {
                machine.consoleInput(bytes);
            }

            @Override
            public void interrupt() {
                machine.interrupt();
            }

            @Override
            public long events() {
                return -1;
            }

            @Override
            public long bytes() {
                return -1;
            }
        };
    }
}
