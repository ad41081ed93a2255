package dev.retrap.repl.terminal;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Turns the {@code IOException} that {@code PrintStream} would swallow into an {@link OutputFailure}: a full disk or a
 * closed pipe ends the command instead of going unnoticed.
 */
final class GuardedOutput extends OutputStream {
    private final OutputStream out;

    GuardedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) {
        try {
            out.write(b);
        } catch (IOException e) {
            throw new OutputFailure(e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new OutputFailure(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputFailure(e);
        }
    }
}
