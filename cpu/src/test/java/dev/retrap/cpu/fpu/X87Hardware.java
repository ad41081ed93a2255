package dev.retrap.cpu.fpu;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The physical processor, through the program built from {@code x87.c}. */
final class X87Hardware {
    private final Path program;

    X87Hardware(Path program) {
        this.program = program;
    }

    /** Runs all cases, in order. */
    List<X87Outcome> run(List<X87Case> cases) throws IOException {
        Process p = new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ByteArrayOutputStream in = new ByteArrayOutputStream(cases.size() * X87Case.SIZE);
        for (X87Case x : cases) {
            in.writeBytes(x.bytes());
        }
        Thread writer = Thread.ofPlatform().start(() -> {
            try (OutputStream to = p.getOutputStream()) {
                in.writeTo(to);
            } catch (IOException e) {
                p.destroy();
            }
        });
        List<X87Outcome> outcomes = new ArrayList<>(cases.size());
        try (DataInputStream from = new DataInputStream(p.getInputStream())) {
            for (int n = 0; n < cases.size(); n++) {
                outcomes.add(new X87Outcome(from.readNBytes(X87Outcome.SIZE)).defined());
            }
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return outcomes;
    }
}
