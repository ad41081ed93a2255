package dev.retrap.repl;

import dev.retrap.repl.cli.Retrap;
import dev.retrap.repl.terminal.Io;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs a command in this JVM with captured streams.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
public record Cli(int status, String out, String err) {
    /** Runs {@code retrap} with these words and nothing to read. */
    public static Cli run(String... arguments) {
        return runWithInput("", arguments);
    }

    /** Runs {@code retrap} with these words and this standard input. */
    public static Cli runWithInput(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Io io = Io.of(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err);
        int status = Retrap.run(io, arguments);
        return new Cli(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
