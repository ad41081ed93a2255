package dev.retrap.cpu.ring0;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Privilege, faults and gates of 32-bit code, seen by a guest of our own (src/test/ring0) that prints a line for each
 * check. The lines expected are what the manuals say; QEMU, where it is installed, must agree but for the checks named
 * below.
 */
class Ring0Test {
    private static final Ring0Guest GUEST = new Ring0Guest("ring0-32", "qemu-system-i386");
    private static final String RSVD = "leaves P out of the error code; SDM vol. 3, figure 4-12 and 4.7";

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
            Map.entry("pushed", "has no VME; SDM vol. 3, 20.3"),
            Map.entry("pae: paging on with a pdpte reserved", "loads no PDPTEs; SDM vol. 3, 4.4.1"),
            Map.entry("pae: pdpte changed in memory", "loads no PDPTEs; SDM vol. 3, 4.4.1"),
            Map.entry("pae: mov cr3 to a pdpte with bit 1", "loads no PDPTEs; SDM vol. 3, 4.4.1"),
            Map.entry("pae: mov cr3 to a pdpte with bit 8", "loads no PDPTEs; SDM vol. 3, 4.4.1"),
            Map.entry("pae: mov cr3 to a pdpte with bit 40", "loads no PDPTEs; SDM vol. 3, 4.4.1"),
            Map.entry("pae: mov cr3 to a pdpte with bit 60", "loads no PDPTEs; SDM vol. 3, 4.4.1"),
            Map.entry("pae: bit 45", RSVD),
            Map.entry("pae: bit 62", RSVD),
            Map.entry("pae: page of 2 MiB, bit 13", RSVD),
            Map.entry("nx in pae, reserved without nxe", RSVD),
            Map.entry("pse: page of 4 MiB, bit 21", RSVD));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"p6", "k7", "core2", "k8", "haswell", "zen", "zen2"})
    void asTheManualsSay(String model) throws IOException {
        assertThat(GUEST.printed(CpuModels.named(model)))
                .isEqualTo(GUEST.expected(Ring0Guest.tags(CpuModels.named(model))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pentium3", "EPYC"})
    void qemuAgreesButForWhatIsNamed(String cpu) throws Exception {
        Map<String, String> got = GUEST.printedInQemu(cpu, directory);
        Set<String> tags = cpu.equals("EPYC") ? Set.of("smep", "smap", "nx") : Set.of();
        GUEST.expected(tags).forEach((name, line) -> {
            if (!QEMU_DIFFERS.containsKey(name)) {
                assertThat(got.get(name)).as("%s on %s", name, cpu).isEqualTo(line);
            }
        });
    }

    @Test
    void everyExceptionIsOfACheckThatThereIs() throws IOException {
        assertThat(GUEST.expected(Set.of("smep", "smap", "nx")).keySet()).containsAll(QEMU_DIFFERS.keySet());
    }
}
