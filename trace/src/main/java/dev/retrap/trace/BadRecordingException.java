package dev.retrap.trace;

/**
 * A file cannot be used as a recording. The message is one line for the user: which file, what is wrong with it, what
 * to do.
 */
public final class BadRecordingException extends Exception {
    private static final long serialVersionUID = 1;

    /** An exception with its one line. */
    public BadRecordingException(String message) {
        super(message);
    }

    /** An exception with its one line and what caused it. */
    public BadRecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
