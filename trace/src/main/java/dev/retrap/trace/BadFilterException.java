package dev.retrap.trace;

/** An event filter cannot be understood; the message is one line that names the word and what would be right. */
public final class BadFilterException extends Exception {
    private static final long serialVersionUID = 1;

    /** An exception with its one line. */
    public BadFilterException(String message) {
        super(message);
    }
}
