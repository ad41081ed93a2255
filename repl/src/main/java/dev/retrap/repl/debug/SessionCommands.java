package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.SESSION;

import dev.retrap.cpu.isa.Syntax;
import dev.retrap.cpu.Reg;
import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.expr.Expr;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.terminal.Trouble;
import java.util.List;
import java.util.Locale;

/** Settings, scripts, help, the end. */
final class SessionCommands {
    private SessionCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(SESSION, "set disassembly-flavor", "att|intel", "Syntax of instructions",
                        SessionCommands::flavor),
                Command.of(SESSION, "set raw-calls", "on|off", "System calls with six hexadecimal arguments",
                        (d, a) -> d.settings().rawCalls = onOff(a)),
                Command.of(SESSION, "set variable", "$NAME = EXPR", "Give a variable of the session, or a register, a value",
                                SessionCommands::variable)
                        .alias("var").complete(Completion.EXPRESSION)
                        .help("""
                                "set $NAME = EXPR" does the same. Registers and memory of a recording are history:
                                setting one starts a branch, and the recording stays as it is."""),
                Command.of(SESSION, "show disassembly-flavor", "", "Say which",
                        (d, a) -> d.out().println("The disassembly flavor is \""
                                + d.settings().syntax.name().toLowerCase(Locale.ROOT) + "\".")),
                Command.of(SESSION, "show raw-calls", "", "Say which",
                        (d, a) -> d.out().println("Raw system calls are " + (d.settings().rawCalls ? "on." : "off."))),
                Command.of(SESSION, "show variables", "", "List the session's variables", (d, a) -> variables(d))
                        .alias("convenience"),
                Command.of(SESSION, "source", "FILE", "Execute the commands in a file",
                        (d, a) -> Script.run(d, a)).complete(Completion.FILE),
                Command.of(SESSION, "echo", "TEXT", "Print text; \\n is a line end",
                        (d, a) -> d.out().print(a.replace("\\n", "\n").replace("\\t", "\t"))),
                Command.of(SESSION, "help", "[COMMAND]", "Explain commands",
                                (d, a) -> d.out().print(a.isEmpty() ? Commands.overview() : Commands.help(a)))
                        .alias("h", "?").complete(Completion.COMMAND),
                Command.of(SESSION, "quit", "", "End the session", (d, a) -> d.quit())
                        .alias("q", "exit", "kill", "detach"));
    }

    private static void flavor(Debugger d, String arguments) {
        d.settings().syntax = switch (arguments.toLowerCase(Locale.ROOT)) {
            case "att" -> Syntax.ATT;
            case "intel" -> Syntax.INTEL;
            default -> throw new Trouble("The disassembly flavor is att or intel, not \"" + arguments + "\".");
        };
    }

    private static void variables(Debugger d) {
        ValueText text = new ValueText(d.scope(), d.symbols());
        d.values().variables().forEach((n, v) -> d.out().println("$" + n + " = " + text.of(v, Format.NONE)));
    }

    private static boolean onOff(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "on", "1", "yes" -> true;
            case "off", "0", "no" -> false;
            default -> throw new Trouble("\"on\" or \"off\" expected, not \"" + text + "\".");
        };
    }

    private static void variable(Debugger d, String arguments) {
        int equals = assignment(arguments);
        String name = equals < 0 ? "" : arguments.substring(0, equals).strip();
        if (!name.startsWith("$") || name.length() < 2) {
            throw new Trouble("A variable or register and its value are required: set $NAME = EXPR.");
        }
        String plain = name.substring(1);
        Reg register = QueryCommands.register(name);
        if (register != null) {
            BranchCommands.register(d, register, Expr.parse(arguments.substring(equals + 1)).evaluate(d.scope()).bits());
            return;
        }
        if (Registers.value(d.machine(), plain) != null || plain.equals("position") || plain.equals("event")) {
            throw new Trouble("$" + plain + " cannot be set; set the whole register, or give a variable another name.");
        }
        if (!plain.matches("[A-Za-z_][A-Za-z_0-9]*")) {
            throw new Trouble("\"" + name + "\" is no name for a variable.");
        }
        Value value = Expr.parse(arguments.substring(equals + 1)).evaluate(d.scope());
        d.values().set(plain, value);
    }

    /** Position of the equals sign that is no comparison, or -1. */
    private static int assignment(String s) {
        int at = s.indexOf('=');
        return at < 0 || s.startsWith("==", at) || at > 0 && "!<>".indexOf(s.charAt(at - 1)) >= 0 ? -1 : at;
    }
}
