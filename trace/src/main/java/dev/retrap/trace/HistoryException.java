package dev.retrap.trace;

/** Something was asked of a {@link Timeline} that its history forbids; the message is one line for the user. */
public final class HistoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An exception with its one line. */
    public HistoryException(String message) {
        super(message);
    }
}
