package dev.retrap.repl.cli;

import dev.retrap.repl.debug.BranchFiles;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Files for the branches that gdb starts. */
final class Branches {
    private Branches() {}

    /**
     * Files by the names of branches.
     *
     * @param kept whether the timeline has a recording of its own, beside which they are kept; else they end with us
     */
    static Function<String, Path> of(Timeline timeline, boolean kept) {
        Path recording = timeline.recording().file();
        return name -> kept ? BranchFiles.beside(recording, name) : temporary(name);
    }

    private static Path temporary(String name) {
        try {
            Path file = Files.createTempFile("retrap-" + name, ".retrap");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
