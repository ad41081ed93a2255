package dev.retrap.trace.file;

import java.io.IOException;

/** The bytes of a file are not what the format demands; the message is one line without the file's name. */
public final class RecordingFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** An exception with its one line. */
    public RecordingFormatException(String message) {
        super(message);
    }

    static RecordingFormatException corrupt(long offset, String what) {
        return new RecordingFormatException("corrupt at byte " + offset + ": " + what);
    }
}
