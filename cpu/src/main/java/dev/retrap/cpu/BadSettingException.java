package dev.retrap.cpu;

/** A system property of this module has a value it may not have. The message names it, in one line for who set it. */
public final class BadSettingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadSettingException(String message) {
        super(message);
    }
}
