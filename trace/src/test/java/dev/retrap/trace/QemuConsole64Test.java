package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The x86-64 images, here and under QEMU where it is installed: equal console output, byte for byte, and exit status, for what
 * QEMU 7.2 models as the CPUs do. It does not model which fast entries a vendor has in compatibility mode (rawfast, SYSENTER
 * in ptrace-probe bad-stack and argument-fault), nor AMD's SS after SYSRET (sysret-ss).
 */
class QemuConsole64Test {
    private static final String QEMU = "qemu-system-x86_64";

    @TempDir
    Path dir;

    record Run(String variant, String cpu, String qemuCpu, String command) {
        @Override
        public String toString() {
            return variant + " " + cpu + " " + command;
        }
    }

    static Stream<Run> runs() {
        List<Run> runs = new ArrayList<>();
        String probe = "ptrace-probe stops edits sysemu signal restart steps";
        String tests = "selftest flags nt-signal registers single-step unwind ptrace ptrace-restart clone";
        for (String variant : List.of("v4.2", "v6.1")) {
            runs.add(new Run(variant, "haswell", "Haswell,vendor=GenuineIntel", probe));
            runs.add(new Run(variant, "zen", "EPYC", probe));
            runs.add(new Run(variant, "haswell", "Haswell,vendor=GenuineIntel", tests));
            runs.add(new Run(variant, "zen", "EPYC", tests));
        }
        for (String variant : List.of("v4.2", "v4.4")) {
            runs.add(new Run(variant, "no-fast32", "qemu64,vendor=HygonGenuine", "sixargs"));
            for (String command : List.of("kernel-check", "signals", "check64")) {
                runs.add(new Run(variant, "haswell", "Haswell,vendor=GenuineIntel", command));
                runs.add(new Run(variant, "zen", "EPYC", command));
            }
        }
        for (String variant : List.of("v3.17", "mid-series", "rfc-ecx", "v4.5", "v4.6")) {
            runs.add(new Run(variant, "haswell", "Haswell,vendor=GenuineIntel", "sixargs"));
            runs.add(new Run(variant, "zen", "EPYC", "ptrace64"));
        }
        return runs.stream();
    }

    @BeforeAll
    static void needsQemu() {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, QEMU))), QEMU + " is not installed");
    }

    @ParameterizedTest
    @MethodSource("runs")
    void sameConsoleOutput(Run run) throws Exception {
        String console;
        int status;
        try (Recording r = Guests.record64(dir, run.variant(), run.cpu(), run.command())) {
            console = Guests.console(r);
            assertThat(r.endStatus()).isInstanceOf(EndStatus.PoweredOff.class);
            status = ((EndStatus.PoweredOff) r.endStatus()).status();
        }
        Path kernel = Files.write(dir.resolve("kernel"), Fixtures.kernel(run.variant(), Architecture.X86_64));
        String name = run.command().split(" ")[0];
        Files.write(dir.resolve(name), Fixtures.program(name));
        Process qemu = new ProcessBuilder(QEMU, "-accel", "tcg", "-M", "pc", "-cpu", run.qemuCpu(), "-m", "32",
                "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                "-kernel", kernel.toString(), "-initrd", dir.resolve(name).toString(), "-append", run.command())
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(dir.resolve("console").toFile())
                .start();
        try {
            assertThat(qemu.waitFor(120, TimeUnit.SECONDS)).as("QEMU ended").isTrue();
        } finally {
            qemu.destroyForcibly();
        }
        assertThat(console).isEqualTo(Files.readString(dir.resolve("console"), StandardCharsets.ISO_8859_1));
        assertThat(qemu.exitValue()).as("isa-debug-exit leaves status << 1 | 1").isEqualTo((status << 1 | 1) & 0xFF);
    }
}
