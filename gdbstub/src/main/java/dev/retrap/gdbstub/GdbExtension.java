package dev.retrap.gdbstub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Python extension of gdb that comes with the stub: {@code retrap events}, {@code retrap goto} and others. */
public final class GdbExtension {
    private static final String FILE = "retrap.py";

    private GdbExtension() {}

    /** Writes it into a directory for gdb to {@code source}. */
    public static Path writeTo(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        try (InputStream in = GdbExtension.class.getResourceAsStream(FILE)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
