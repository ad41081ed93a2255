package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import dev.retrap.fixtures.Fixtures;
import java.io.ByteArrayOutputStream;
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

/** The same images, here and under QEMU where it is installed: equal console output, byte for byte, and exit status. */
class QemuConsoleTest {
    private static final String QEMU = "qemu-system-i386";

    @TempDir
    Path dir;

    /** A run on both machines. QEMU's {@code pentium3} has SYSENTER as {@code p6} has, {@code pentium} has not. */
    record Run(String variant, String cpu, String qemuCpu, String command) {
        @Override
        public String toString() {
            return variant + " " + cpu + " " + command;
        }
    }

    static Stream<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (String variant : List.of("v4.2", "v4.4")) {
            for (String command : List.of("hello", "sixargs", "badstack", "getpid-loop 100 both", "kernel-check", "crash",
                    "sleep 50", "ptrace-probe")) {
                runs.add(new Run(variant, "p6", "pentium3", command));
            }
            for (String command : List.of("hello", "sixargs", "badstack")) {
                runs.add(new Run(variant, "no-sep", "pentium", command));
            }
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
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        Machine machine = Machine.boot(MachineConfig.of(CpuModels.named(run.cpu())),
                Guests.info(run.variant(), run.command()).image());
        machine.setObserver(new MachineObserver() {
            @Override
            public void console(int octet) {
                console.write(octet);
            }
        });
        Stop stop = machine.run(1_000_000_000L);
        assertThat(stop).isInstanceOf(Stop.PoweredOff.class);
        int status = ((Stop.PoweredOff) stop).status();

        Path kernel = Files.write(dir.resolve(run.variant()), Fixtures.kernel(run.variant()));
        String name = run.command().split(" ")[0];
        Files.write(dir.resolve(name), Fixtures.program(name));
        Process qemu = new ProcessBuilder(QEMU, "-accel", "tcg", "-M", "isapc", "-cpu", run.qemuCpu(), "-m", "32",
                "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                "-kernel", kernel.toString(), "-initrd", dir + "/" + run.command())
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(dir.resolve("console").toFile())
                .start();
        try {
            assertThat(qemu.waitFor(120, TimeUnit.SECONDS)).as("QEMU ended").isTrue();
        } finally {
            qemu.destroyForcibly();
        }
        assertThat(console.toString(StandardCharsets.ISO_8859_1))
                .isEqualTo(Files.readString(dir.resolve("console"), StandardCharsets.ISO_8859_1));
        assertThat(qemu.exitValue()).as("isa-debug-exit leaves status << 1 | 1").isEqualTo((status << 1 | 1) & 0xFF);
    }
}
