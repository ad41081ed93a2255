package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.ColorMode;
import dev.retrap.repl.terminal.Io;
import dev.retrap.repl.terminal.OutputFailure;
import dev.retrap.repl.terminal.Style;
import java.io.PrintStream;

/** What every command has: the streams and the global options. */
final class Context {
    private final Io io;
    /** Set by {@code --color}. */
    ColorMode color = ColorMode.AUTO;
    /** Set by {@code --debug}. */
    boolean debug;
    /** What ended the writing of standard output, null while it can be written. */
    OutputFailure outputFailure;

    Context(Io io) {
        this.io = io;
    }

    Io io() {
        return io;
    }

    PrintStream out() {
        return io.out();
    }

    PrintStream err() {
        return io.err();
    }

    /** Style of what goes to standard output. */
    Style style() {
        return Style.of(color.decide(io));
    }

    /** A line for the user that is neither result nor failure. */
    void note(String line) {
        io.err().println("retrap: " + line);
    }
}
