package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every x87 encoding against what a physical processor did ({@code x87.vectors}, made by {@link X87Capture} with the
 * program {@code x87.c} beside it): registers, all words of the environment, memory, EFLAGS, AX, #MF and #UD.
 */
class X87VectorTest {
    private static final X87Vectors VECTORS = read();
    private static final Map<String, List<Integer>> BY_NAME = byName();
    private final X87Subject subject = new X87Subject();

    private static X87Vectors read() {
        try (InputStream in = X87VectorTest.class.getResourceAsStream("x87.vectors")) {
            return X87Vectors.read(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Map<String, List<Integer>> byName() {
        Map<String, List<Integer>> map = new LinkedHashMap<>();
        IntStream.range(0, VECTORS.cases().size())
                .forEach(n -> map.computeIfAbsent(encoding(n).name(), k -> new java.util.ArrayList<>()).add(n));
        return map;
    }

    private static X87Encoding encoding(int n) {
        byte[] code = VECTORS.cases().get(n).code();
        return X87Encoding.of(IntStream.range(0, code.length).map(i -> code[i] & 0xFF).toArray());
    }

    static Stream<String> names() {
        return BY_NAME.keySet().stream();
    }

    @Test
    void coversEveryEncoding() {
        assertThat(BY_NAME.keySet()).isEqualTo(X87Encoding.byName().keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void asThePhysicalProcessor(String name) {
        int near = 0;
        List<Integer> cases = BY_NAME.get(name);
        for (int n : cases) {
            X87Outcome expected = VECTORS.outcomes().get(n);
            X87Outcome actual = subject.run(VECTORS.cases().get(n));
            if (!actual.same(expected)) {
                boolean lastBit = encoding(n).approximate() && actual.near(expected);
                assertThat(lastBit).as("case %d %s%n  processor %s%n  machine   %s", n, VECTORS.cases().get(n),
                        expected, actual).isTrue();
                near++;
            }
        }
        // The processor's transcendentals are not always the nearest value; ours are (TranscendentalTest).
        assertThat(near).isLessThan(cases.size() / (name.equals("FPTAN") ? 6 : 20) + 1);
    }
}
