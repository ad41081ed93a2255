package dev.retrap.repl.cli;

import dev.retrap.cpu.BadSettingException;
import dev.retrap.cpu.isa.Syntax;
import dev.retrap.fixtures.Architecture;
import dev.retrap.gdbstub.View;
import dev.retrap.repl.terminal.ColorMode;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Io;
import dev.retrap.repl.terminal.OutputFailure;
import dev.retrap.repl.terminal.Trouble;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code retrap}: global options, the list of commands, what becomes of failures. */
@Command(
        name = "retrap",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit status:%n",
        footerHeading = "%nExamples:%n",
        header = "Record, replay and compare how a guest crosses the x86 user/kernel boundary.",
        description = {
            "",
            "A guest kernel runs on an emulated x86 machine; every kernel entry and exit is recorded. A recording can "
                + "be stepped through forward and backward, here or with gdb, and compared with that of another entry "
                + "code.",
        },
        exitCodeList = {
            "0:done",
            "1:diff: different; check: something does not hold; record, run: the guest crashed",
            "2:wrong usage, or trouble with a file, port or disk",
            "130:interrupted by Ctrl-C",
        },
        footer = {
            "  retrap demo                               the whole chain, explained",
            "  retrap record --variant v4.4 sixargs -o a.retrap",
            "  retrap events a.retrap syscall",
            "  retrap replay a.retrap",
            "  retrap diff a.retrap b.retrap",
            "",
            "`retrap COMMAND --help' says more about a command.",
        })
public final class Retrap implements Callable<Integer> {
    private final Context context;

    @Spec
    private CommandSpec spec;

    private Retrap(Context context) {
        this.context = context;
    }

    @Option(names = "--color", paramLabel = "WHEN", scope = ScopeType.INHERIT, order = 90,
            description = "Colour: auto, always or never (default: auto, which honours NO_COLOR)")
    private void setColor(ColorMode color) {
        context.color = color;
    }

    @Option(names = "--debug", scope = ScopeType.INHERIT, order = 91, description = "Show stack traces of failures")
    private void setDebug(boolean debug) {
        context.debug = debug;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /**
     * Runs the command line interface.
     *
     * @param io the streams
     * @param arguments the words after {@code retrap}
     * @return the exit status
     */
    public static int run(Io io, String... arguments) {
        Context context = new Context(io);
        int status;
        try {
            status = commandLine(context, arguments).execute(arguments);
            if (context.outputFailure == null) {
                io.out().flush();
            }
        } catch (OutputFailure e) {
            context.outputFailure = e;
            status = ExitStatus.TROUBLE;
        }
        if (context.outputFailure != null) {
            status = outputFailed(context, context.outputFailure);
        }
        io.err().flush();
        return status;
    }

    private static int outputFailed(Context context, OutputFailure e) {
        if (e.isBrokenPipe()) {
            return ExitStatus.BROKEN_PIPE;
        }
        // Standard output is left alone: flushing it would fail again.
        diagnose(context, "cannot write standard output: " + e.getMessage(), e);
        return ExitStatus.TROUBLE;
    }

    /** {@return all commands, for running and for documentation} */
    static CommandLine commandLine(Context context, String... arguments) {
        CommandLine line = new CommandLine(new Retrap(context))
                .addSubcommand(new DemoCommand(context))
                .addSubcommand(new RecordCommand(context))
                .addSubcommand(new ReplayCommand(context))
                .addSubcommand(new ServeCommand(context))
                .addSubcommand(new GdbserverCommand(context))
                .addSubcommand(new GdbCommand(context))
                .addSubcommand(new EventsCommand(context))
                .addSubcommand(new DiffCommand(context))
                .addSubcommand(new CheckCommand(context))
                .addSubcommand(new MatrixCommand(context))
                .addSubcommand(new RunCommand(context))
                .addSubcommand(new VariantsCommand(context))
                .addSubcommand(new CpusCommand(context))
                .addSubcommand(new DisasmCommand(context))
                .addSubcommand("completion", new CompletionCommand(context));
        line.registerConverter(ColorMode.class, new Words<>("a time for colour", ColorMode.class));
        line.registerConverter(MatrixCommand.Format.class, new Words<>("a format", MatrixCommand.Format.class));
        line.registerConverter(OutputFormat.class, new Words<>("a format", OutputFormat.class));
        // What follows PROGRAM is the program's, dashes and all.
        line.getSubcommands().get("gdb").setStopAtPositional(true);
        line.getSubcommands().get("gdbserver").setStopAtPositional(true);
        line.registerConverter(Architecture.class, new Words<>("an architecture", Architecture.class));
        line.registerConverter(View.class, new Words<>("a view", View.class));
        line.registerConverter(Syntax.class, new Words<>("a syntax", Syntax.class));
        line.setOut(new PrintWriter(context.out(), true));
        line.setErr(new PrintWriter(context.err(), true));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                color(context, arguments) ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler((e, args) -> wrongUsage(context, e));
        line.setExecutionExceptionHandler((e, failed, result) -> failed(context, e));
        return line;
    }

    /** Help is printed while the options are still being parsed, so --color is looked for by hand. */
    private static boolean color(Context context, String[] arguments) {
        ColorMode mode = ColorMode.AUTO;
        for (int i = 0; i < arguments.length; i++) {
            String value = arguments[i].startsWith("--color=")
                    ? arguments[i].substring("--color=".length())
                    : arguments[i].equals("--color") && i + 1 < arguments.length ? arguments[i + 1] : "";
            for (ColorMode m : ColorMode.values()) {
                mode = m.toString().equalsIgnoreCase(value) ? m : mode;
            }
        }
        return mode.decide(context.io());
    }

    private static int wrongUsage(Context context, ParameterException e) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage().lines().findFirst().orElse("");
        String hint = "";
        if (e instanceof CommandLine.UnmatchedArgumentException u && !u.getUnmatched().isEmpty()) {
            String word = u.getUnmatched().getFirst();
            message = word.startsWith("-") ? "unknown option " + word
                    : command.getParent() == null ? "no command " + word : "too many arguments: " + word;
            hint = UsageHint.of(command, word);
        }
        context.err().println("retrap: " + lowerFirst(message) + hint + "; try '"
                + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitStatus.TROUBLE;
    }

    private static String lowerFirst(String s) {
        // picocli's messages are sentences; ours follow the program's name.
        return s.length() > 1 && Character.isUpperCase(s.charAt(0)) && Character.isLowerCase(s.charAt(1))
                ? Character.toLowerCase(s.charAt(0)) + s.substring(1) : s;
    }

    private static int failed(Context context, Exception e) {
        switch (e) {
            // picocli prints whatever is thrown from here: the caller deals with it.
            case OutputFailure f -> context.outputFailure = f;
            case Trouble t -> report(context, t.getMessage(), t);
            case BadSettingException s -> report(context, s.getMessage(), s);
            case UncheckedIOException io -> report(context, io.getMessage(), io);
            default -> report(context, "internal error: " + e + (context.debug ? "" : "; --debug shows where"), e);
        }
        return ExitStatus.TROUBLE;
    }

    private static void report(Context context, String line, Exception e) {
        context.out().flush();
        diagnose(context, line, e);
    }

    private static void diagnose(Context context, String line, Exception e) {
        context.err().println("retrap: " + line);
        if (context.debug) {
            e.printStackTrace(context.err());
        }
    }

    /** Prints the script that teaches bash and zsh to complete {@code retrap}. */
    @Command(
            name = "completion",
            header = "Print a script that completes commands and options in bash and zsh.",
            footer = {
                "  source <(retrap completion)               in this shell",
                "  retrap completion > ~/.local/share/bash-completion/completions/retrap",
            })
    static final class CompletionCommand implements Callable<Integer> {
        private final Context context;

        @Spec
        private CommandSpec spec;

        CompletionCommand(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            String script = AutoComplete.bash("retrap", spec.root().commandLine());
            // The header has the date in it; the same program shall print the same script.
            context.out().print(String.join("\n", Arrays.stream(script.split("\n", -1))
                    .filter(l -> !l.startsWith("# Date:")).toList()));
            return ExitStatus.OK;
        }
    }
}
