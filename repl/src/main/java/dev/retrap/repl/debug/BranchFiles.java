package dev.retrap.repl.debug;

import java.nio.file.Path;

/** Where branches are recorded. */
public final class BranchFiles {
    private BranchFiles() {}

    /** {@return the file of a branch of a recording: FILE.NAME.retrap beside it} */
    public static Path beside(Path recording, String name) {
        String base = recording.getFileName().toString();
        base = base.endsWith(".retrap") ? base.substring(0, base.length() - ".retrap".length()) : base;
        return recording.resolveSibling(base + "." + name + ".retrap");
    }
}
