package dev.retrap.trace.unwind;

/** Call frame information that cannot be read or applied. */
final class BadCallFrameInfo extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadCallFrameInfo(String message) {
        super(message);
    }
}
