package dev.retrap.repl.terminal;

import java.io.IOException;

/** Standard output cannot be written any more. Unchecked, so that it passes through {@code PrintStream}. */
public final class OutputFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputFailure(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** {@return true if whoever read it went away, as {@code head} does} */
    public boolean isBrokenPipe() {
        String message = getMessage();
        return message != null && (message.contains("Broken pipe") || message.contains("EPIPE"));
    }
}
