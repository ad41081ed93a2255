package dev.retrap.cpu.fpu;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the vectors that {@link X87VectorTest} checks. Run by hand: PROGRAM SEED CASES-PER-OPERATION FILE; what is
 * committed is of seed 1 and 200 cases. Each case is
 * run twice and kept if both runs agree: a switch of tasks in between may lose the pointers.
 */
final class X87Capture {
    private X87Capture() {}

    public static void main(String[] args) throws IOException {
        X87Hardware hardware = new X87Hardware(Path.of(args[0]));
        X87Draw draw = new X87Draw(new SplittableRandom(Long.parseLong(args[1])));
        int count = Integer.parseInt(args[2]);
        List<X87Case> cases = new ArrayList<>();
        X87Encoding.byName().forEach((name, encodings) -> {
            for (int n = 0; n < (name.equals("invalid") ? encodings.size() : count); n++) {
                cases.add(draw.draw(encodings.get(n % encodings.size())));
            }
        });
        List<X87Outcome> first = hardware.run(cases);
        List<X87Outcome> second = hardware.run(cases);
        X87Vectors kept = new X87Vectors(processor(), new ArrayList<>(), new ArrayList<>());
        for (int n = 0; n < cases.size(); n++) {
            if (first.get(n).same(second.get(n))) {
                kept.cases().add(cases.get(n));
                kept.outcomes().add(first.get(n));
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(args[3]))) {
            kept.write(out);
        }
        System.out.printf("%d of %d cases kept, %d bytes%n", kept.cases().size(), cases.size(),
                Files.size(Path.of(args[3])));
    }

    private static String processor() throws IOException {
        String name = "";
        String family = "";
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                name = line.substring(line.indexOf(':') + 2);
            } else if (line.startsWith("cpu family")) {
                family = line.substring(line.indexOf(':') + 2);
            }
        }
        return name + ", family " + family;
    }
}
