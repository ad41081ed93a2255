package dev.retrap.repl.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.repl.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random integer expressions mean what they mean to gdb. */
class ExprAgainstGdbTest {
    private static final int COUNT = 500;
    private static final String[] BINARY =
            {"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "&&", "||"};
    private static final String[] TYPES = {"char", "unsigned char", "short", "unsigned short", "int", "unsigned int",
        "long long", "unsigned long long"};

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20150903})
    void randomExpressions(long seed, @TempDir Path directory) throws Exception {
        assumeTrue(Tools.has("gdb"), "gdb is not installed");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<String> expressions = new ArrayList<>();
        List<String> script = new ArrayList<>(List.of("set architecture i386", "set width 0"));
        for (int i = 0; i < COUNT; i++) {
            String e = expression(random, 4);
            expressions.add(e);
            // As 64 bits, unsigned: one spelling for every type.
            script.add("echo [");
            script.add("output/u (unsigned long long)(" + e + ")");
            script.add("echo ]\\n");
        }
        Path file = Files.write(directory.resolve("script.gdb"), script);
        List<String> output = gdb(file);
        TestScope scope = new TestScope();
        int compared = 0;
        int at = 0;
        for (String e : expressions) {
            // gdb ends a script at its first error, so expressions that may divide by zero are evaluated here first.
            String theirs = at < output.size() ? output.get(at++) : "missing";
            String ours = Long.toUnsignedString(Expr.parse(e).evaluate(scope).bits());
            assertThat(ours).as(e).isEqualTo(theirs.substring(1, theirs.length() - 1));
            compared++;
        }
        assertThat(compared).isEqualTo(COUNT);
    }

    private static List<String> gdb(Path script) throws Exception {
        Process p = new ProcessBuilder("gdb", "-q", "-nx", "-batch", "-x", script.toString())
                .redirectErrorStream(true).start();
        List<String> lines = new String(p.getInputStream().readAllBytes()).lines()
                .filter(l -> l.startsWith("[")).toList();
        p.waitFor();
        return lines;
    }

    private static String expression(RandomGenerator random, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return literal(random);
        }
        return switch (random.nextInt(8)) {
            case 0 -> "-(" + expression(random, depth - 1) + ")";
            case 1 -> "~(" + expression(random, depth - 1) + ")";
            case 2 -> "!(" + expression(random, depth - 1) + ")";
            case 3 -> "(" + TYPES[random.nextInt(TYPES.length)] + ")(" + expression(random, depth - 1) + ")";
            default -> binary(random, depth);
        };
    }

    private static String binary(RandomGenerator random, int depth) {
        String operator = BINARY[random.nextInt(BINARY.length)];
        String left = "(" + expression(random, depth - 1) + ")";
        String right = switch (operator) {
            // Divisors that are not zero, shifts within the width: what C leaves undefined is no matter for comparison.
            case "/", "%" -> String.valueOf(1 + random.nextInt(1000));
            case "<<", ">>" -> String.valueOf(random.nextInt(31));
            default -> "(" + expression(random, depth - 1) + ")";
        };
        return left + " " + operator + " " + right;
    }

    private static String literal(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> String.valueOf(random.nextInt(10));
            case 1 -> String.valueOf(random.nextInt() & 0x7FFF_FFFF);
            case 2 -> "0x" + Integer.toHexString(random.nextInt());
            case 3 -> "0x" + Long.toHexString(random.nextLong() >>> 1 | 1L << 33);
            default -> random.nextInt(1, 100_000) + "u";
        };
    }
}
