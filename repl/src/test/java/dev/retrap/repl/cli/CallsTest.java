package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.fixtures.Variant;
import dev.retrap.repl.Cli;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What some hundred system calls give is what Linux gives: {@code calls.txt} is what the program {@code calls64} printed on
 * Linux 6.18 itself. On each kernel: no variant breaks ordinary programs.
 */
class CallsTest {
    @TempDir
    Path directory;

    private static String onLinux() throws IOException {
        try (InputStream in = CallsTest.class.getResourceAsStream("/dev/retrap/repl/linux/calls.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Stream<Arguments> kernelsAndPrograms() {
        return Fixtures.variants().stream().flatMap(CallsTest::programsOn);
    }

    private static Stream<Arguments> programsOn(Variant variant) {
        return variant.architectures().stream().flatMap(a -> a == Architecture.I386
                ? Stream.of(Arguments.of(variant.name(), a.label(), "calls"))
                : Stream.of(Arguments.of(variant.name(), a.label(), "calls"),
                        Arguments.of(variant.name(), a.label(), "calls64")));
    }

    @ParameterizedTest(name = "{2} on {1} {0}")
    @MethodSource("kernelsAndPrograms")
    void callsGiveWhatTheyGiveOnLinux(String variant, String arch, String program) throws Exception {
        Cli run = Cli.run("run", "--variant", variant, "--arch", arch, "--steps", "200000000",
                program);
        assertThat(run.err()).isEmpty();
        /* The kernel's own word on the child that faults. */
        assertThat(run.out().replaceAll("(?m)^calls.*segfault at 10 ip .*\n", "")).isEqualTo(onLinux());
    }

    /** The same program here, if this is a Linux for it. A machine under load may miss a time or two. */
    @Test
    void thisLinuxSaysTheSame() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
                "no x86-64 Linux");
        assumeTrue(Files.readString(Path.of("/proc/sys/kernel/osrelease")).startsWith("6."),
                "another Linux than that of calls.txt");
        assumeTrue("root".equals(System.getProperty("user.name")), "not root: some of the calls are refused");
        Path program = Files.write(directory.resolve("calls64"), Fixtures.program("calls64"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        List<String> expected = onLinux().lines().toList();
        List<Integer> missed = IntStream.range(0, expected.size()).boxed().toList();
        for (int attempt = 0; attempt < 5 && !missed.isEmpty(); attempt++) {
            Path in = Files.createDirectory(directory.resolve("attempt-" + attempt));
            Process here = new ProcessBuilder(program.toString()).directory(in.toFile()).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("console").toFile()).start();
            assertThat(here.waitFor(60, TimeUnit.SECONDS)).isTrue();
            List<String> said = Files.readAllLines(directory.resolve("console"));
            assertThat(said).hasSameSizeAs(expected);
            missed = missed.stream().filter(n -> !said.get(n).equals(expected.get(n))).toList();
        }
        assertThat(missed).as("lines, from 0, that are never as expected").isEmpty();
    }

    /** A kernel survives whatever it is asked, and the first process counts to the end. */
    @ParameterizedTest(name = "{2} on {1} {0}")
    @MethodSource("fuzzed")
    void randomCallsDoNoHarm(String variant, String arch, String program) {
        Cli run = Cli.run("run", "--variant", variant, "--arch", arch, program, "fuzz", "3000", "15");
        assertThat(run.out()).doesNotContain("Kernel panic").endsWith("made at least 3000 calls\n");
        assertThat(run.status()).isZero();
    }

    private static Stream<Arguments> fuzzed() {
        return Fixtures.variants().stream().filter(v -> v.name().equals("v4.2") || v.name().equals("v4.4"))
                .flatMap(CallsTest::programsOn);
    }
}
