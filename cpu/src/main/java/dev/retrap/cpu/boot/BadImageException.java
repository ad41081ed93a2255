package dev.retrap.cpu.boot;

/** A boot image or program cannot be used. The message is one line for the user: which file, what is wrong with it. */
public final class BadImageException extends RuntimeException {
    /** With that line. */
    public BadImageException(String message) {
        super(message);
    }
}
