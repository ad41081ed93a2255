package dev.retrap.trace;

/** A query was ended by {@link Timeline#interrupt()}. */
public final class InterruptedQueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InterruptedQueryException() {
        super("Interrupted.");
    }
}
