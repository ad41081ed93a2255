package dev.retrap.gdbstub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** C programs of the test resources, built static with the C library of the host and with debugging information. */
final class CProgram {
    private static final Map<String, byte[]> BUILT = new ConcurrentHashMap<>();

    private CProgram() {}

    /** True if there is a compiler and a C library for programs of that width. */
    static boolean canBeBuilt(int bits) {
        try {
            build("threads.c", bits);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The ELF file. */
    static byte[] build(String source, int bits) throws IOException {
        byte[] known = BUILT.get(source + bits);
        if (known != null) {
            return known;
        }
        Path directory = Files.createTempDirectory("program");
        Path file = directory.resolve(source);
        Path built = directory.resolve("built");
        try (InputStream in = CProgram.class.getResourceAsStream("programs/" + source)) {
            Files.copy(in, file);
            Process gcc = new ProcessBuilder(List.of("gcc", "-m" + bits, "-g", "-O0", "-fno-pie", "-static", "-pthread",
                    "-fcf-protection=none", source, "-o", built.toString()))
                    .directory(directory.toFile()).redirectErrorStream(true).start();
            String said = new String(gcc.getInputStream().readAllBytes());
            if (gcc.waitFor() != 0) {
                throw new IOException("gcc: " + said);
            }
            BUILT.put(source + bits, Files.readAllBytes(built));
            return BUILT.get(source + bits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(built);
            Files.delete(directory);
        }
    }
}
