package dev.retrap.cpu.fpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Compares the machine with the physical processor on random cases and prints, per operation, how many differ and the
 * first of them. Run by hand: PROGRAM SEED CASES-PER-OPERATION [FILTER [SHOWN]].
 */
final class X87Sweep {
    private static final int BATCH = 5000;

    private X87Sweep() {}

    public static void main(String[] args) throws IOException {
        X87Hardware hardware = new X87Hardware(Path.of(args[0]));
        long seed = Long.parseLong(args[1]);
        int count = Integer.parseInt(args[2]);
        String filter = args.length > 3 ? args[3] : ".*";
        int shown = args.length > 4 ? Integer.parseInt(args[4]) : 1;
        X87Subject subject = new X87Subject();
        for (Map.Entry<String, List<X87Encoding>> o : X87Encoding.byName().entrySet()) {
            if (o.getKey().matches(filter)) {
                sweep(o.getKey(), o.getValue(), hardware, subject, new SplittableRandom(seed), count, shown);
            }
        }
    }

    private static void sweep(String name, List<X87Encoding> encodings, X87Hardware hardware, X87Subject subject,
            SplittableRandom random, int count, int shown) throws IOException {
        X87Draw draw = new X87Draw(random);
        int differ = 0;
        int lastBit = 0;
        int roundedUp = 0;
        int done = 0;
        StringBuilder text = new StringBuilder();
        while (done < count) {
            List<X87Case> cases = new ArrayList<>();
            for (X87Encoding e : encodings) {
                int each = Math.max(1, Math.min(BATCH, count) / encodings.size());
                for (int n = 0; n < each; n++) {
                    cases.add(draw.draw(e));
                }
            }
            List<X87Outcome> expected = hardware.run(cases);
            for (int n = 0; n < cases.size(); n++) {
                X87Outcome actual = subject.run(cases.get(n));
                // Once more: a switch of tasks in between loses the pointers.
                if (actual.same(expected.get(n)) || actual.same(hardware.run(cases.subList(n, n + 1)).getFirst())) {
                    continue;
                }
                if (encodings.getFirst().approximate() && actual.near(expected.get(n))) {
                    if (actual.sameRegisters(expected.get(n))) {
                        roundedUp++;
                    } else {
                        lastBit++;
                    }
                } else if (++differ <= shown) {
                    text.append("  case ").append(cases.get(n)).append("\n  hw   ").append(expected.get(n))
                            .append("\n  got  ").append(actual).append('\n');
                }
            }
            done += cases.size();
        }
        System.out.printf("%-20s %d of %d differ; in the last bit %d, in C1 only %d%n%s", name, differ, done, lastBit,
                roundedUp, text);
    }
}
