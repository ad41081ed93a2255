package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.DATA;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.boot.SymbolOffset;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.debug.Command.Repeat;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Registers, memory, instructions, stack. */
final class DataCommands {
    private static final int DEFAULT_INSTRUCTIONS = 10;
    private static final int MAX_INSTRUCTIONS = 100_000;

    private DataCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(DATA, "info registers", "[NAME...|system|all]", "Show registers", DataCommands::registers)
                        .alias("r", "all-registers").complete(Completion.EXPRESSION)
                        .help("""
                                    info registers            general registers, flags and segments
                                    info registers eax eip
                                    info registers system     control, debug, table registers, MSRs, segment bases"""),
                Command.of(DATA, "x", "/NFU [ADDRESS]", "Examine memory", DataCommands::examine)
                        .complete(Completion.EXPRESSION).repeat(Repeat.BARE)
                        .help("""
                                    x/8xw $esp         eight words of four bytes, hexadecimal
                                    x/5i $pc           five instructions
                                    x/s 0x8049100      a string
                                    x/2a $ebp          addresses with symbols

                                N is a count; F one of x d u o t a c s i z; U one of b (1) h (2) w (4) g (8 bytes).
                                Without ADDRESS, and with an empty line, it goes on after what it showed last."""),
                Command.of(DATA, "print", "[/F] EXPR", "Show the value of an expression", DataCommands::print)
                        .alias("p", "inspect", "call").complete(Completion.EXPRESSION)
                        .help("""
                                    print $eax
                                    print/x $eflags & ~0x200
                                    print *(int *)($ebp + 8)
                                    print *(int *)$esp@6       six ints from there on
                                    print {char}0x8049100

                                C's operators and integer types; $name is a register or variable, other names are
                                symbols and stand for their address. $ is the last value shown, $1 the first."""),
                Command.of(DATA, "output", "[/F] EXPR", "Show a value, no number, no line end", DataCommands::output)
                        .complete(Completion.EXPRESSION),
                Command.of(DATA, "disassemble", "[/r] [START[,END|,+LENGTH]]", "Show instructions",
                                DataCommands::disassemble)
                        .alias("disas").complete(Completion.EXPRESSION).repeat(Repeat.BARE)
                        .help("""
                                    disassemble                     the function around the program counter
                                    disassemble __kernel_vsyscall   a function
                                    disassemble 0xc0100000,+32      a range
                                    disassemble /r                  with the bytes

                                An empty line goes on after what was shown."""),
                Command.of(DATA, "backtrace", "[N]", "Show the frames of the stack, through kernel entries",
                                DataCommands::backtrace)
                        .alias("bt", "where")
                        .help("""
                                Frames come from CFI where the image has it (the vDSO does), from frame pointers, and
                                where neither tells, from return addresses found on the stack, marked with "?".
                                Where the kernel was entered the backtrace goes on with the interrupted context, which
                                the recording has."""),
                Command.of(DATA, "display", "[/F] [EXPR]", "Show an expression at each stop", DataCommands::display)
                        .complete(Completion.EXPRESSION),
                Command.of(DATA, "undisplay", "[N]...", "Do not show it any more", DataCommands::undisplay)
                        .complete(Completion.NUMBER),
                Command.of(DATA, "info symbol", "ADDRESS", "Name the symbol at an address", DataCommands::symbol)
                        .complete(Completion.EXPRESSION),
                Command.of(DATA, "info address", "SYMBOL", "Show where a symbol is", DataCommands::address)
                        .complete(Completion.EXPRESSION),
                Command.of(DATA, "info page", "[ADDRESS]", "Translate a linear address", DataCommands::page)
                        .complete(Completion.EXPRESSION));
    }

    private static void registers(Debugger d, String arguments) {
        Machine m = d.machine();
        List<String> names = new ArrayList<>();
        if (arguments.isEmpty()) {
            names.addAll(Registers.general(m.codeMode()));
        }
        for (String word : arguments.isEmpty() ? new String[0] : arguments.split("[\\s,]+")) {
            switch (word) {
                case "general" -> names.addAll(Registers.general(m.codeMode()));
                case "system" -> names.addAll(Registers.system());
                case "all" -> {
                    names.addAll(Registers.general(m.codeMode()));
                    names.addAll(Registers.system());
                }
                default -> names.add(word.startsWith("$") ? word.substring(1) : word);
            }
        }
        ValueText text = new ValueText(d.scope(), d.symbols());
        for (String name : names) {
            Value value = Registers.value(m, name);
            if (value == null) {
                throw new Trouble("Invalid register `" + name + "'");
            }
            d.out().printf("%-14s %-18s %s%n", name, "0x" + Long.toHexString(value.unsigned()),
                    text.of(value, Format.NONE));
        }
    }

    private static void examine(Debugger d, String arguments) {
        Arguments.Formatted f = Arguments.formatted(arguments);
        Format format = f.format().orElse(d.cursors().examineFormat);
        if (f.format().letter() == 'a' && f.format().unit() == 0) {
            format = new Format(format.count(), 'a', d.machine().codeMode().bits() == 64 ? 8 : 4);
        } else if (f.format().letter() == 'c' && f.format().unit() == 0) {
            format = new Format(format.count(), 'c', 1);
        }
        long address = d.cursors().examine;
        if (!f.rest().isEmpty()) {
            Value v = d.evaluate(f.rest());
            address = Arguments.address(d, v);
        }
        long next = new Examine(d.machine(), d.symbols(), d.code()).print(d.out(), address, format);
        d.cursors().examineFormat = format;
        d.cursors().examine = next;
    }

    private static void print(Debugger d, String arguments) {
        Arguments.Formatted f = Arguments.formatted(arguments);
        // Without an expression: the last value again.
        Value value = d.evaluate(f.rest().isEmpty() ? "$" : f.rest());
        String text = new ValueText(d.scope(), d.symbols()).of(value, f.format());
        d.out().println("$" + d.values().remember(value) + " = " + text);
    }

    private static void output(Debugger d, String arguments) {
        Arguments.Formatted f = Arguments.formatted(arguments);
        d.out().print(new ValueText(d.scope(), d.symbols()).of(d.evaluate(f.rest()), f.format()));
    }

    private static void disassemble(Debugger d, String arguments) {
        boolean bytes = false;
        String rest = arguments;
        if (rest.startsWith("/")) {
            int end = rest.indexOf(' ') < 0 ? rest.length() : rest.indexOf(' ');
            bytes = rest.substring(1, end).contains("r");
            if (!rest.substring(1, end).matches("[rms]*")) {
                throw new Trouble("Invalid disassembly modifier: " + rest.substring(0, end) + " (there is /r).");
            }
            rest = rest.substring(end).strip();
        }
        long start;
        long end;
        int comma = topLevelComma(rest);
        if (comma >= 0) {
            start = Arguments.address(d, rest.substring(0, comma).strip());
            String second = rest.substring(comma + 1).strip();
            end = second.startsWith("+")
                    ? start + d.evaluate(second.substring(1)).bits()
                    : Arguments.address(d, second);
        } else {
            boolean goingOn = rest.isEmpty() && d.cursors().disassemble != null
                    && d.repeating();
            long at = goingOn ? d.cursors().disassemble : Arguments.address(d, rest);
            Optional<Symbols.Range> function = goingOn ? Optional.empty() : d.symbols().function(at);
            start = function.map(Symbols.Range::start).orElse(at);
            end = function.map(Symbols.Range::end).orElse(-1L);
        }
        disassemble(d, start, end, bytes);
    }

    /** Position of a comma that is not within brackets, or -1. */
    private static int topLevelComma(String s) {
        int depth = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** An {@code end} of -1 stands for a screenful. */
    private static void disassemble(Debugger d, long start, long end, boolean bytes) {
        CodeText code = d.code();
        long at = start;
        for (int n = 0; n < (end == -1 ? DEFAULT_INSTRUCTIONS : MAX_INSTRUCTIONS); n++) {
            if (end != -1 && Long.compareUnsigned(at, end) >= 0 || d.interrupted()) {
                break;
            }
            Insn insn = code.at(at);
            if (insn == null) {
                throw new ExprException("Cannot access memory at address 0x" + Long.toHexString(at));
            }
            String line = code.line(at, insn, true);
            if (bytes) {
                int tab = line.indexOf('\t');
                line = line.substring(0, tab) + "\t%-24s".formatted(CodeText.bytes(insn)) + line.substring(tab);
            }
            d.out().println(line);
            at += insn.length;
        }
        d.cursors().disassemble = at;
    }

    private static void backtrace(Debugger d, String arguments) {
        long n = arguments.isEmpty() || arguments.equals("full") ? Unwinder.MAX_FRAMES : Arguments.count(d, arguments);
        int i = 0;
        for (Frame f : new Unwinder(d).frames((int) Math.min(n, Unwinder.MAX_FRAMES))) {
            if (f.crossing() != null) {
                d.out().println("    " + d.style().dim("-- " + f.crossing().name() + ", event " + f.crossing().index()
                        + " at position " + f.crossing().position() + " --"));
            }
            // A return address may be the first byte of the next function: what is named is the call before it.
            long named = i == 0 || f.crossing() != null ? f.ip() : f.ip() - 1;
            String symbol = d.symbols().nearest(named)
                    .map(s -> new SymbolOffset(s.symbol(), s.offset() + f.ip() - named).toString()).orElse("??");
            d.out().println("#%-3d 0x%08x in %s%s ()".formatted(i++, f.ip(), f.guessed() ? "? " : "",
                    d.style().symbol(symbol)));
        }
    }

    private static void display(Debugger d, String arguments) {
        if (arguments.isEmpty()) {
            d.displays().forEach(d::show);
            return;
        }
        Arguments.Formatted f = Arguments.formatted(arguments);
        d.evaluate(f.rest());
        Debugger.Display display = new Debugger.Display(f.format(), f.rest());
        d.show(d.displays().add(display), display);
    }

    private static void undisplay(Debugger d, String arguments) {
        if (arguments.isEmpty()) {
            d.displays().clear();
            return;
        }
        for (String word : arguments.split("\\s+")) {
            d.displays().remove(Arguments.number(word, "display"));
        }
    }

    private static void symbol(Debugger d, String arguments) {
        long address = Arguments.address(d, arguments);
        d.out().println(d.symbols().nearest(address).map(s -> s + " in " + d.symbols().imageOf(s.symbol()))
                .orElse("No symbol matches " + arguments + "."));
    }

    private static void address(Debugger d, String arguments) {
        d.out().println(d.symbols().named(arguments)
                .map(s -> "Symbol \"" + s.name() + "\" is at 0x" + Long.toHexString(s.address()) + " in "
                        + d.symbols().imageOf(s) + (s.size() > 0 ? ", " + s.size() + " bytes." : "."))
                .orElseThrow(() -> new Trouble("No symbol \"" + arguments + "\" in the guest")));
    }

    private static void page(Debugger d, String arguments) {
        long address = Arguments.address(d, arguments);
        long physical = d.machine().translate(address);
        d.out().println("linear 0x" + Long.toHexString(address)
                + (physical == -1 ? " is not mapped" : " is physical 0x" + Long.toHexString(physical)));
    }
}
