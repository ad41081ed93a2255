package dev.retrap.gdbstub;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.trace.RecordingInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The bare 64-bit guest of {@code bare64/}, built by gcc once per JVM. */
final class Bare64 {
    /** Its name as a variant. */
    static final String VARIANT = "bare64";

    private static final Map<String, byte[]> BUILT = new ConcurrentHashMap<>();
    private static final List<String> COMMON = List.of("gcc", "-g", "-nostdlib", "-static", "-Wl,--build-id=none",
            "-Wl,--no-warn-rwx-segments");

    private Bare64() {}

    /** True if there is a compiler to build it with. */
    static boolean canBeBuilt() {
        try {
            build("kernel");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What boots it with program {@code user32} or {@code user64}. */
    static RecordingInfo info(String program) throws IOException {
        BootImage image = new BootImage(build("kernel"), "",
                List.of(new BootImage.Module(program, build(program), program)));
        return new RecordingInfo(
                MachineConfig.of(CpuModels.named("core2")), image, VARIANT, program, List.of(), "test");
    }

    private static byte[] build(String name) throws IOException {
        byte[] known = BUILT.get(name);
        if (known != null) {
            return known;
        }
        Path directory = Files.createTempDirectory("bare64");
        try {
            List<String> line = new ArrayList<>(COMMON);
            Path source = copy(name + ".S", directory);
            if (name.equals("kernel")) {
                line.addAll(List.of("-m64", "-Wl,-z,max-page-size=4096", "-Wl,-T," + copy("kernel.lds", directory)));
            } else {
                line.addAll(List.of(name.endsWith("32") ? "-m32" : "-m64", "-Wl,-Ttext-segment=0x1400000",
                        "-Wl,-z,noseparate-code", "-Wl,-N"));
            }
            Path built = directory.resolve(name);
            line.addAll(List.of(source.toString(), "-o", built.toString()));
            Process gcc = new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true).start();
            String said = new String(gcc.getInputStream().readAllBytes());
            if (gcc.waitFor() != 0) {
                throw new IOException("gcc: " + said);
            }
            BUILT.put(name, Files.readAllBytes(built));
            return BUILT.get(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private static Path copy(String name, Path directory) throws IOException {
        Path to = directory.resolve(name);
        try (InputStream in = Bare64.class.getResourceAsStream("bare64/" + name)) {
            Files.copy(in, to);
        }
        return to;
    }
}
