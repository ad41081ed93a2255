package dev.retrap.cpu.ring0;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Privilege, faults and gates, seen by a guest of our own (src/test/ring0) that prints a line for each check. The lines
 * expected are what the manuals say; QEMU, where it is installed, must agree but for the checks named below.
 */
class Ring0Test {
    private static final String QEMU = "qemu-system-i386";

    /** Where QEMU 7.2 without KVM is known to differ, and who is right. */
    private static final Map<String, String> QEMU_DIFFERS = Map.ofEntries(
            Map.entry("icebp at 3", "raises #UD; SDM vol. 2, INT1: #DB whatever the gate's DPL"),
            Map.entry("rdmsr unknown", "reads 0; SDM vol. 2, RDMSR: #GP"),
            Map.entry("cr4 reserved", "not asked: loses itself"),
            Map.entry("cr0 pg without pe", "not asked: loses itself"),
            Map.entry("cr0 nw without cd", "not asked: loses itself"),
            Map.entry("past the limit", "checks no limits; SDM vol. 3, 5.3"),
            Map.entry("expand-down outside", "checks no limits; SDM vol. 3, 5.3"),
            Map.entry("write to read-only", "checks no segment types; SDM vol. 3, 5.5"),
            Map.entry("use of null", "checks no null selectors; SDM vol. 3, 5.4.1"),
            Map.entry("user rmw absent", "reads first; the physical processor reports the write"),
            Map.entry("np in ud", "leaves out EXT; SDM vol. 3, 6.13"),
            Map.entry("gp in ud", "leaves out EXT; SDM vol. 3, 6.13"),
            Map.entry("unaligned", "has no alignment check; SDM vol. 3, 6.15, interrupt 17"),
            Map.entry("vme cli, iopl 0", "has no VME; SDM vol. 3, 20.3"),
            Map.entry("vme sti", "has no VME; SDM vol. 3, 20.3"),
            Map.entry("vme pushf", "has no VME; SDM vol. 3, 20.3"),
            Map.entry("pushed", "has no VME; SDM vol. 3, 20.3"));

    @TempDir
    private Path directory;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Ring0Test.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** What a model should print: checks of what it does not have are left out by the guest. */
    private static Map<String, String> expected(boolean smep, boolean smap) throws IOException {
        Map<String, String> lines = lines(new String(resource("ring0-32.expected"), StandardCharsets.US_ASCII));
        lines.keySet().removeIf(name -> !smep && name.startsWith("smep") || !smap && name.startsWith("smap"));
        return lines;
    }

    /** Lines by check; those of the same name are numbered. */
    private static Map<String, String> lines(String console) {
        Map<String, String> lines = new LinkedHashMap<>();
        console.lines().forEach(line -> {
            int colon = line.lastIndexOf(':');
            String name = colon < 0 ? line.replaceFirst(" lar=.*| verr=.*", "") : line.substring(0, colon);
            String key = name;
            for (int n = 2; lines.containsKey(key); n++) {
                key = name + " (" + n + ")";
            }
            lines.put(key, line);
        });
        return lines;
    }

    @ParameterizedTest
    @CsvSource({"p6, false, false", "k7, false, false", "core2, false, false", "k8, false, false",
        "haswell, true, false", "zen, true, true"})
    void asTheManualsSay(String model, boolean smep, boolean smap) throws IOException {
        Machine machine = Machine.boot(new MachineConfig(CpuModels.named(model), MachineConfig.DEFAULT_RAM),
                new BootImage(resource("ring0-32"), "", List.of()));
        var console = new ByteArrayOutputStream();
        machine.setObserver(new MachineObserver() {
            @Override
            public void console(int octet) {
                console.write(octet);
            }
        });
        assertThat(machine.run(20_000_000)).isEqualTo(new Stop.PoweredOff(0));
        assertThat(lines(console.toString(StandardCharsets.US_ASCII))).isEqualTo(expected(smep, smap));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pentium3", "EPYC"})
    void qemuAgreesButForWhatIsNamed(String cpu) throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, QEMU))), QEMU + " is not installed");
        Map<String, String> got = lines(qemu(cpu));
        assertThat(got).containsKey("done");
        boolean newer = cpu.equals("EPYC");
        expected(newer, newer).forEach((name, line) -> {
            if (!QEMU_DIFFERS.containsKey(name)) {
                assertThat(got.get(name)).as("%s on %s", name, cpu).isEqualTo(line);
            }
        });
    }

    @Test
    void everyExceptionIsOfACheckThatThereIs() throws IOException {
        assertThat(expected(true, true).keySet()).containsAll(QEMU_DIFFERS.keySet());
    }

    private String qemu(String cpu) throws IOException, InterruptedException {
        Path kernel = Files.write(directory.resolve("ring0-32"), resource("ring0-32"));
        Path console = directory.resolve("console");
        Process qemu = new ProcessBuilder(List.of(QEMU, "-accel", "tcg", "-M", "isapc", "-cpu", cpu, "-m", "32",
                "-nodefaults", "-no-user-config", "-display", "none", "-serial", "file:" + console, "-no-reboot",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", kernel.toString(), "-append", "qemu"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(qemu.waitFor(60, TimeUnit.SECONDS)).as("the guest powers off").isTrue();
        } finally {
            qemu.destroyForcibly();
        }
        return Files.readString(console, StandardCharsets.US_ASCII);
    }
}
