package dev.retrap.cpu.simd;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Form;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Has the physical processor and our machine execute new cases and compares; can write them down. By hand:
 *
 * <pre>
 * gcc -O2 -no-pie -o /tmp/capture cpu/src/test/java/dev/retrap/cpu/simd/capture.c
 * java -cp ... dev.retrap.cpu.simd.VectorCapture /tmp/capture SEED FLOAT-CASES OTHER-CASES REGEX [FILE]
 * </pre>
 *
 * FLOAT-CASES and OTHER-CASES are cases per form; REGEX picks forms by mnemonic; the committed file was made with
 * {@code 4 400 60 '.*'}. Exit status 1 if anything disagrees.
 */
final class VectorCapture {
    private static final int INPUT = 16 + RegisterState.BYTES;
    private static final int OUTPUT = 8 + RegisterState.BYTES;
    private static final int BATCH = 200;
    private static final int EXAMPLES = 3;

    private final DataInputStream from;
    private final OutputStream to;
    private final Trial trial = new Trial(CodeMode.CODE64, "zen");
    private final TreeMap<String, Integer> wrong = new TreeMap<>();
    private final List<VectorFile.Vector> kept = new ArrayList<>();
    private final TreeMap<Integer, Integer> vectors = new TreeMap<>();
    private long count;

    private VectorCapture(Process helper) {
        from = new DataInputStream(helper.getInputStream());
        to = helper.getOutputStream();
    }

    public static void main(String[] args) throws IOException {
        Process helper = new ProcessBuilder(args[0]).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var capture = new VectorCapture(helper);
        var d = new SplittableRandom(Long.decode(args[1]));
        int forms = 0;
        for (Form f : Cases.forms()) {
            if (f.mnemonic().matches(args[4])) {
                forms++;
                boolean integer = Cases.kind(f) == Cases.Kind.INTEGER;
                capture.form(f, Integer.parseInt(args[integer ? 3 : 2]), d.split(), args.length > 5);
            }
        }
        helper.getOutputStream().close();
        System.out.printf("%d forms, %,d cases by vector %s, mismatches: %s%n", forms, capture.count, capture.vectors,
                capture.wrong);
        if (args.length > 5) {
            String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(l -> l.startsWith("model name")).findFirst().orElse("unknown");
            try (OutputStream out = Files.newOutputStream(Path.of(args[5]))) {
                VectorFile.write(out, processor, capture.kept);
            }
        }
        System.exit(capture.wrong.isEmpty() ? 0 : 1);
    }

    private void form(Form f, int cases, SplittableRandom d, boolean keep) throws IOException {
        for (int done = 0; done < cases; done += BATCH) {
            int n = Math.min(BATCH, cases - done);
            var codes = new byte[n][];
            var seeds = new long[n];
            var in = ByteBuffer.allocate(4 + n * INPUT).order(ByteOrder.LITTLE_ENDIAN).putInt(n);
            for (int i = 0; i < n; i++) {
                codes[i] = Cases.code(f, d);
                seeds[i] = d.nextInt();
                in.position(4 + i * INPUT);
                in.put((byte) codes[i].length).put(codes[i]);
                in.position(4 + i * INPUT + 16);
                Cases.state(Cases.kind(f), new SplittableRandom(seeds[i])).put(in);
            }
            to.write(in.array());
            to.flush();
            var out = ByteBuffer.wrap(from.readNBytes(n * OUTPUT)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < n; i++) {
                int vector = out.getInt();
                out.getInt();
                var v = new VectorFile.Vector(codes[i], Cases.kind(f), seeds[i], vector, RegisterState.get(out));
                compare(f, v);
                if (keep) {
                    kept.add(v);
                }
            }
        }
    }

    private void compare(Form f, VectorFile.Vector v) {
        count++;
        vectors.merge(v.vector(), 1, Integer::sum);
        String difference = difference(trial, v);
        if (difference != null && wrong.merge(f.toString(), 1, Integer::sum) <= EXAMPLES) {
            System.out.println(difference);
        }
    }

    /** What our machine does otherwise, or null. */
    static String difference(Trial trial, VectorFile.Vector v) {
        RegisterState initial = v.initial();
        initial.load(trial.c);
        var insn = Cases.decode(v.code());
        int vector = trial.run(insn);
        int expected = v.vector() == 255 ? Trial.OK : v.vector();
        RegisterState got = RegisterState.of(trial.c);
        return vector == expected && got.equals(v.outcome()) ? null
                : "%s%n  initial  %s%n  expected %s vector %d%n  got      %s vector %d"
                        .formatted(insn, initial, v.outcome(), expected, got, vector);
    }
}
