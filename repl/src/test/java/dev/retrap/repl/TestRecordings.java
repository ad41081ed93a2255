package dev.retrap.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Recordings of fixture programs, made by the program itself, each once per JVM. */
public final class TestRecordings {
    private static final Path DIRECTORY = temporary();
    private static final Map<List<String>, Path> MADE = new TreeMap<>(Comparator.comparing(Object::toString));

    private TestRecordings() {}

    /** A recording of a program under a variant. */
    public static synchronized Path of(String variant, String program, String... arguments) {
        List<String> key = new ArrayList<>(List.of(variant, program));
        key.addAll(List.of(arguments));
        return MADE.computeIfAbsent(key, k -> {
            Path file = DIRECTORY.resolve(String.join("-", k) + ".retrap");
            List<String> words =
                    new ArrayList<>(List.of("record", "--variant", variant, "-o", file.toString(), program));
            words.addAll(List.of(arguments));
            Cli made = Cli.run(words.toArray(String[]::new));
            assertThat(made.err()).contains("events");
            return file;
        });
    }

    private static Path temporary() {
        try {
            Path directory = Files.createTempDirectory("retrap-test");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException e) {
            // The system's cleaner of temporary files will see to it.
        }
    }
}
