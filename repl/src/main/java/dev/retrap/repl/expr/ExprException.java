package dev.retrap.repl.expr;

/** An expression that cannot be parsed or evaluated; the message is one line for the user. */
public final class ExprException extends RuntimeException {
    /** One with a line for the user. */
    public ExprException(String message) {
        super(message);
    }
}
