package dev.retrap.repl.cli;

import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.repl.debug.Debugger;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Recording;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code retrap replay}: the debugger on a recording. */
@Command(
        name = "replay",
        header = "Step through a recording, forward and backward, with gdb's words.",
        description = {
            "",
            "Reads commands from the terminal, or from standard input if that is none: then without a prompt, and the "
                + "exit status is 1 if a command failed. \"help\" in the session lists the commands.",
        },
        exitCodeList = {
            "0:done", "1:a command of a script failed", "2:wrong usage, or a recording that cannot be used",
        },
        footer = {
            "  retrap replay a.retrap",
            "  retrap replay a.retrap -ex 'break __kernel_vsyscall' -ex continue -ex bt -batch",
            "  retrap replay a.retrap -x script.gdb -batch",
            "  echo 'info registers' | retrap replay a.retrap",
        })
final class ReplayCommand implements Callable<Integer> {
    private final Context context;
    /** Commands and scripts in the order given. */
    private final List<String> steps = new ArrayList<>();

    @Parameters(index = "0", paramLabel = "FILE", description = "A recording")
    private String file;

    @Option(names = "--memory", paramLabel = "MIB", defaultValue = "256",
            description = "MiB that states kept for going back may take (${DEFAULT-VALUE})")
    private int memory;

    @Option(names = {"-ex", "--eval-command"}, paramLabel = "CMD", parameterConsumer = EvalConsumer.class,
            description = "Execute a command; may be repeated, in order with -x")
    private String eval;

    @Option(names = {"-x", "--command"}, paramLabel = "SCRIPT", parameterConsumer = ScriptConsumer.class,
            description = "Execute the commands in a file")
    private String script;

    @Option(names = {"-batch", "--batch"}, description = "Do not read commands afterwards")
    private boolean batch;

    ReplayCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (memory < 1) {
            throw new Trouble("--memory must be at least 1 MiB, not " + memory);
        }
        Recording recording = Recordings.open(context, file);
        try (Timeline timeline = Timeline.replay(recording, (long) memory << 20)) {
            return session(recording, timeline);
        } catch (BadImageException e) {
            throw new Trouble(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Trouble(file + ": " + e.getMessage(), e);
        } finally {
            Recordings.close(recording);
        }
    }

    private int session(Recording recording, Timeline timeline) {
        boolean interactive = !batch && context.io().inIsTerminal() && context.io().outIsTerminal();
        PrintWriter out = new PrintWriter(context.out(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(context.err(), true, StandardCharsets.UTF_8);
        Debugger debugger = new Debugger(timeline, out, err, context.style());
        if (interactive) {
            banner(recording, out);
        }
        boolean failed = false;
        try (Interrupts _ = Interrupts.handle(debugger::interrupt)) {
            for (String step : steps) {
                Debugger.Outcome outcome = debugger.execute(step);
                failed |= outcome == Debugger.Outcome.FAILED;
                if (outcome == Debugger.Outcome.QUIT) {
                    return status(failed, interactive);
                }
            }
            if (!batch && !interactive) {
                failed |= commands(debugger);
            }
        }
        if (interactive) {
            new Prompt(context, debugger).run();
        }
        return status(failed, interactive);
    }

    private static int status(boolean failed, boolean interactive) {
        return failed && !interactive ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private static void banner(Recording recording, PrintWriter out) {
        RecordingInfo info = recording.info();
        out.println("Recording of " + (info.program().isEmpty() ? "a kernel" : info.program())
                + (info.variant().isEmpty() ? "" : " on " + info.variant()) + ", " + info.config().cpu().name() + ": "
                + Numbers.count(recording.eventCount(), "event") + ", "
                + Numbers.count(recording.endPosition(), "position") + "; " + recording.endStatus().describe() + ".");
        out.println("Type \"help\" for the commands, \"quit\" to leave.");
        out.flush();
    }

    /** Standard input as a script; true if a command failed. */
    private boolean commands(Debugger debugger) {
        boolean failed = false;
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(context.io().in(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Debugger.Outcome outcome = debugger.execute(line);
                failed |= outcome == Debugger.Outcome.FAILED;
                if (outcome == Debugger.Outcome.QUIT) {
                    break;
                }
            }
            return failed;
        } catch (IOException e) {
            throw new Trouble("standard input cannot be read: " + e.getMessage(), e);
        }
    }

    /** Takes the value of an option whatever it looks like. */
    private abstract static class StepConsumer implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> args, ArgSpec argument, CommandSpec spec) {
            if (args.isEmpty()) {
                throw new ParameterException(spec.commandLine(), argument.paramLabel() + " is missing after "
                        + ((OptionSpec) argument).names()[0]);
            }
            ((ReplayCommand) spec.userObject()).steps.add(line(args.pop()));
        }

        abstract String line(String value);
    }

    /** {@code -ex}. */
    private static final class EvalConsumer extends StepConsumer {
        @Override
        String line(String value) {
            return value;
        }
    }

    /** {@code -x}. */
    private static final class ScriptConsumer extends StepConsumer {
        @Override
        String line(String value) {
            return "source " + value;
        }
    }
}
