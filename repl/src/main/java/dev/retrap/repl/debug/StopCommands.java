package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.STOPS;

import dev.retrap.cpu.Watch;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.Expr;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.terminal.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breakpoints, watchpoints and catchpoints. */
final class StopCommands {
    private static final Pattern CONDITION = Pattern.compile("^(.*?)(?:^|\\s+)if\\b\\s*(.*)$", Pattern.DOTALL);

    private StopCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(STOPS, "break", "[LOCATION] [if CONDITION]", "Stop where an instruction is about to run",
                                (d, a) -> breakAt(d, a, false))
                        .alias("b", "br", "brea", "hbreak").complete(Completion.EXPRESSION)
                        .help("""
                                    break __kernel_vsyscall
                                    break *__kernel_vsyscall+16       an address, as any expression
                                    break 0xc0100000
                                    break do_fast_syscall_32 if $eax == 20

                                A symbol stands for its address: no function prologue is skipped. The condition is
                                evaluated by the machine as it runs, forward and backward."""),
                Command.of(STOPS, "tbreak", "[LOCATION] [if CONDITION]", "Stop there once",
                                (d, a) -> breakAt(d, a, true))
                        .alias("tb", "thbreak").complete(Completion.EXPRESSION),
                Command.of(STOPS, "watch", "EXPR[, LENGTH] [if CONDITION]", "Stop when memory is written",
                                (d, a) -> watch(d, a, Watch.Access.WRITE))
                        .complete(Completion.EXPRESSION)
                        .help("""
                                    watch *(int *)0x804b000
                                    watch jiffies
                                    watch *(int *)($esp + 4) if $cpl == 0
                                    watch 0xc0120000, 4096           a range of bytes

                                The expression is evaluated once, to an address; addresses are linear, whoever writes.
                                Each write stops, also one of the value that is already there. Forward the stop is
                                after the access, backward before it."""),
                Command.of(STOPS, "rwatch", "EXPR[, LENGTH] [if CONDITION]", "Stop when memory is read",
                        (d, a) -> watch(d, a, Watch.Access.READ)).alias("rw").complete(Completion.EXPRESSION),
                Command.of(STOPS, "awatch", "EXPR[, LENGTH] [if CONDITION]", "Stop when memory is read or written",
                        (d, a) -> watch(d, a, Watch.Access.ACCESS)).alias("aw").complete(Completion.EXPRESSION),
                Command.of(STOPS, "catch", "[FILTER] [if CONDITION]", "Stop at events: ways into and out of the kernel",
                                (d, a) -> catchEvents(d, a))
                        .complete(Completion.FILTER)
                        .help("""
                                    catch                        every event
                                    catch syscall nr=20          entry and exit of system call 20
                                    catch entry kind=EXCEPTION vector=14
                                    catch exit kind=SYSEXIT

                                Filters are those of "events". Forward the stop is after the crossing, back before."""),
                Command.of(STOPS, "condition", "N [CONDITION]", "Set or remove a condition", StopCommands::condition)
                        .complete(Completion.NUMBER),
                Command.of(STOPS, "ignore", "N COUNT", "Pass over the next COUNT hits", StopCommands::ignore)
                        .complete(Completion.NUMBER),
                Command.of(STOPS, "delete", "[N]...", "Delete breakpoints, all without numbers", StopCommands::delete)
                        .alias("d").complete(Completion.NUMBER)
                        .help("\"delete checkpoint N\" and \"delete display N\" delete those."),
                Command.of(STOPS, "enable", "[N]...", "Let breakpoints stop again",
                                (d, a) -> each(d, a, b -> b.enabled = true))
                        .complete(Completion.NUMBER),
                Command.of(STOPS, "disable", "[N]...", "Keep breakpoints, but do not stop",
                        (d, a) -> each(d, a, b -> b.enabled = false)).complete(Completion.NUMBER),
                Command.of(STOPS, "info breakpoints", "", "List breakpoints, watchpoints and catchpoints",
                        (d, a) -> list(d)).alias("b", "watchpoints"));
    }

    /**
     * A location or expression and the condition after it.
     *
     * @param text what comes before {@code if}
     * @param condition null if there is none
     */
    private record Conditional(String text, String condition) {
        static Conditional split(String arguments) {
            Matcher m = CONDITION.matcher(arguments);
            if (!m.matches()) {
                return new Conditional(arguments, null);
            }
            return new Conditional(m.group(1).strip(), m.group(2).strip());
        }

        /** Gives a breakpoint the condition; parsed before the breakpoint is made, so that none is left half made. */
        Expr parsed() {
            return condition == null ? null : Expr.parse(condition);
        }

        void applyTo(Breakpoint b, Expr parsed) {
            b.condition = parsed;
            b.conditionText = condition;
        }
    }

    private static void breakAt(Debugger d, String arguments, boolean temporary) {
        Conditional c = Conditional.split(arguments);
        Expr condition = c.parsed();
        long address = Arguments.address(d, c.text);
        Breakpoint b = d.breakpoints().add(
                new Breakpoint.Where.Code(address), d.symbols().shortest(address), temporary);
        c.applyTo(b, condition);
        String kind = b.kind();
        d.out().println((temporary ? "Temporary breakpoint " : Character.toUpperCase(kind.charAt(0)) + kind.substring(1)
                + " ") + b.number + " at " + d.symbols().format(address));
    }

    private static void watch(Debugger d, String arguments, Watch.Access access) {
        Conditional c = Conditional.split(arguments);
        Expr condition = c.parsed();
        int comma = c.text.lastIndexOf(',');
        String expression = comma < 0 ? c.text : c.text.substring(0, comma).strip();
        if (expression.startsWith("-l ") || expression.startsWith("-location ")) {
            expression = expression.substring(expression.indexOf(' ')).strip();
        }
        Value value = d.evaluate(expression);
        CType type = comma < 0 ? watchedType(d, expression, value) : null;
        long length = comma < 0 ? type.size() : d.evaluate(c.text.substring(comma + 1)).bits();
        if (length < 1) {
            throw new Trouble("The length of a watched range must be at least 1, not " + length + ".");
        }
        long address = value.inMemory() ? value.address() : value.asAddress();
        if (d.machine().codeMode().bits() != 64) {
            address &= 0xFFFF_FFFFL;
        }
        boolean single = type != null && !(type instanceof CType.Array);
        Breakpoint b = d.breakpoints().add(
                new Breakpoint.Where.Memory(new Watch(address, length, access), single ? type : null), c.text, false);
        c.applyTo(b, condition);
        String kind = b.kind();
        d.out().println(Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + " " + b.number + ": " + c.text
                + " (" + length + (length == 1 ? " byte at " : " bytes at ") + d.symbols().format(address) + ")");
    }

    /** What is watched: what the expression denotes in memory, or what a symbol's size says is at its address. */
    private static CType watchedType(Debugger d, String expression, Value value) {
        if (value.inMemory()) {
            return value.type();
        }
        if (value.type() instanceof CType.Pointer) {
            Optional<Symbol> symbol = d.symbols().named(expression);
            long size = symbol.map(Symbol::size).orElse(0L);
            return switch ((int) Math.min(size, 16)) {
                case 1, 2, 4, 8 -> CType.unsigned((int) size);
                case 0 -> CType.unsigned(Math.max(d.scope().wordBytes(), 4));
                default -> new CType.Array(CType.unsigned(1), (int) Math.min(size, Integer.MAX_VALUE));
            };
        }
        throw new Trouble("Cannot watch " + expression
                + ": it is a value. Watch memory, such as *(int *)ADDRESS, or ADDRESS, LENGTH.");
    }

    private static void catchEvents(Debugger d, String arguments) {
        Conditional c = Conditional.split(arguments);
        Expr condition = c.parsed();
        Breakpoint b = d.breakpoints().add(new Breakpoint.Where.Crossing(EventCommands.filter(c.text)),
                c.text.isEmpty() ? "any event" : c.text, false);
        c.applyTo(b, condition);
        d.out().println("Catchpoint " + b.number + " (" + b.text + ")");
    }

    private static void condition(Debugger d, String arguments) {
        String[] words = arguments.split("\\s+", 2);
        Breakpoint b = d.breakpoints().get(Arguments.number(words[0], "breakpoint"));
        if (words.length == 1) {
            b.condition = null;
            b.conditionText = null;
            d.out().println("Breakpoint " + b.number + " now unconditional.");
        } else {
            b.condition = Expr.parse(words[1]);
            b.conditionText = words[1];
        }
    }

    private static void ignore(Debugger d, String arguments) {
        String[] words = arguments.split("\\s+", 2);
        Breakpoint b = d.breakpoints().get(Arguments.number(words[0], "breakpoint"));
        if (words.length == 1) {
            throw new Trouble("Second argument required: the number of hits to pass over.");
        }
        b.ignore = Math.max(0, d.evaluate(words[1]).bits());
        d.out().println("Will ignore next " + b.ignore + " crossings of breakpoint " + b.number + ".");
    }

    private static void delete(Debugger d, String arguments) {
        String[] words = arguments.split("\\s+");
        if (arguments.isEmpty()) {
            d.breakpoints().clear();
        } else if ("checkpoints".startsWith(words[0]) || "display".startsWith(words[0])) {
            Numbered<?> things = words[0].startsWith("c") ? d.bookmarks() : d.displays();
            if (words.length == 1) {
                things.clear();
            }
            for (int i = 1; i < words.length; i++) {
                things.remove(Arguments.number(words[i], words[0]));
            }
        } else {
            int from = words.length > 1 && "breakpoints".startsWith(words[0]) ? 1 : 0;
            // All of the numbers are looked at before any is deleted.
            for (int i = from; i < words.length; i++) {
                d.breakpoints().get(Arguments.number(words[i], "breakpoint"));
            }
            for (int i = from; i < words.length; i++) {
                d.breakpoints().delete(Arguments.number(words[i], "breakpoint"));
            }
        }
    }

    private static void each(Debugger d, String arguments, Consumer<Breakpoint> action) {
        if (arguments.isEmpty()) {
            d.breakpoints().all().forEach(action);
            return;
        }
        for (String word : arguments.split("\\s+")) {
            action.accept(d.breakpoints().get(Arguments.number(word, "breakpoint")));
        }
    }

    private static void list(Debugger d) {
        List<Breakpoint> all = d.breakpoints().all();
        if (all.isEmpty()) {
            d.out().println("No breakpoints, watchpoints or catchpoints.");
            return;
        }
        d.out().println("Num     Type            Disp Enb What");
        for (Breakpoint b : all) {
            d.out().printf("%-7d %-15s %-4s %-3s %s%n", b.number, b.kind(), b.temporary ? "del" : "keep",
                    b.enabled ? "y" : "n", b.where instanceof Breakpoint.Where.Code c
                            ? d.symbols().format(c.address()) : b.text);
            if (b.conditionText != null) {
                d.out().println("        stop only if " + b.conditionText);
            }
            if (b.hits > 0) {
                d.out().println("        already hit " + b.hits + (b.hits == 1 ? " time" : " times"));
            }
            if (b.ignore > 0) {
                d.out().println("        ignore next " + b.ignore + " hits");
            }
        }
    }
}
