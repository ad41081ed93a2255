package dev.retrap.repl.debug;

import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.terminal.Trouble;

/** Reads arguments of commands. */
final class Arguments {
    private Arguments() {}

    /**
     * A format and what follows it.
     *
     * @param format {@link Format#NONE} if none was given
     * @param rest the rest
     */
    record Formatted(Format format, String rest) {}

    /** Splits {@code /8xw EXPR}. */
    static Formatted formatted(String arguments) {
        if (!arguments.startsWith("/")) {
            return new Formatted(Format.NONE, arguments);
        }
        int end = 1;
        while (end < arguments.length() && !Character.isWhitespace(arguments.charAt(end))) {
            end++;
        }
        return new Formatted(Format.parse(arguments.substring(1, end)), arguments.substring(end).strip());
    }

    /** A repeat count: an expression, 1 if there is none. */
    static long count(Debugger d, String arguments) {
        if (arguments.isEmpty()) {
            return 1;
        }
        long n = d.evaluate(arguments).bits();
        if (n < 1) {
            throw new Trouble("The count must be at least 1, not " + n + ".");
        }
        return n;
    }

    /** A number that is no expression: of a breakpoint, an event. */
    static int number(String word, String what) {
        try {
            int n = Integer.parseInt(word);
            if (n >= 0) {
                return n;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Trouble("\"" + word + "\" is no " + what + " number.");
    }

    /** An address: {@code *EXPR}, or an expression; nothing stands for the program counter. */
    static long address(Debugger d, String text) {
        if (text.isEmpty()) {
            return d.machine().linearIp();
        }
        // gdb's *EXPR in a location is the address itself, not what is there.
        String expression = text.startsWith("*") ? text.substring(1) : text;
        return address(d, d.evaluate(expression));
    }

    /** A value as an address: of 32 bits outside of 64-bit code, unless it is a pointer to where those do not reach. */
    static long address(Debugger d, Value v) {
        boolean far = v.type() instanceof CType.Pointer p && p.size() == 8;
        return far || d.machine().codeMode().bits() == 64 ? v.asAddress() : v.asAddress() & 0xFFFF_FFFFL;
    }

    /** Says that arguments were given where none belong. */
    static void none(String arguments, String command) {
        if (!arguments.isEmpty()) {
            throw new ExprException("\"" + command + "\" takes no arguments, \"" + arguments + "\" was given.");
        }
    }
}
