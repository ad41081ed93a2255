package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.BadRecordingException;
import dev.retrap.trace.Recording;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens recordings that the user names. */
final class Recordings {
    /** How every recording begins, of whatever format version: see the recording format's description in trace. */
    private static final byte[] SIGNATURE = {(byte) 0x89, 'R', 'T', 'R', 'P'};

    private Recordings() {}

    /** {@return true if a file begins as recordings do; that it can be opened is another question} */
    static boolean hasSignature(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE);
        } catch (IOException e) {
            return false;
        }
    }

    /** Opens one; says so if it is cut off. */
    static Recording open(Context context, String name) {
        Path file = path(name);
        if (Files.isDirectory(file)) {
            throw new Trouble(name + " is a directory: name a recording, a file made by retrap record");
        }
        try {
            Recording recording = Recording.open(file);
            recording.truncation().ifPresent(context::note);
            return recording;
        } catch (NoSuchFileException e) {
            throw new Trouble(name + " does not exist: name a recording, a file made by retrap record", e);
        } catch (AccessDeniedException e) {
            throw new Trouble(name + " may not be read: change its permissions", e);
        } catch (BadRecordingException e) {
            throw new Trouble(e.getMessage(), e);
        } catch (IOException e) {
            throw new Trouble(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new Trouble("\"" + name + "\" is no file name", e);
        }
    }

    /** Closes a recording; trouble in doing so is of no more interest. */
    static void close(Recording recording) {
        try {
            recording.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
