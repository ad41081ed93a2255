package dev.retrap.repl.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The three standard streams and what is known about them. Commands get everything from here, so that a test can run
 * one in the same JVM.
 *
 * @param in standard input
 * @param out standard output: data
 * @param err standard error: diagnostics and progress
 * @param environment environment variables
 * @param inIsTerminal whether someone types at standard input
 * @param outIsTerminal whether someone looks at standard output
 * @param errIsTerminal whether someone looks at standard error
 */
public record Io(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal) {

    /** The launcher sets this property to those of 0, 1, 2 that are terminals, e.g. {@code 012}. */
    private static final String TERMINALS = "retrap.terminals";

    /** The process's own streams. Output to a terminal is flushed with each line. */
    public static Io system() {
        String terminals = System.getProperty(TERMINALS);
        if (terminals == null) {
            boolean both = System.console() != null && System.console().isTerminal();
            terminals = both ? "012" : "";
        }
        boolean outIsTerminal = terminals.contains("1");
        return new Io(
                new FileInputStream(FileDescriptor.in),
                stream(new FileOutputStream(FileDescriptor.out), outIsTerminal),
                stream(new FileOutputStream(FileDescriptor.err), true),
                System.getenv(),
                terminals.contains("0"),
                outIsTerminal,
                terminals.contains("2"));
    }

    /**
     * Streams of which none is a terminal.
     *
     * @param in input
     * @param out where output goes
     * @param err where diagnostics go
     */
    public static Io of(InputStream in, OutputStream out, OutputStream err) {
        return new Io(in, stream(out, false), stream(err, true), Map.of(), false, false, false);
    }

    private static PrintStream stream(OutputStream out, boolean flushLines) {
        return new PrintStream(
                new BufferedOutputStream(new GuardedOutput(out), 1 << 16), flushLines, StandardCharsets.UTF_8);
    }

    /** {@return an environment variable, or null if it is unset or empty}
     * @param name its name */
    public String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
