package dev.retrap.cpu.ring0;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Stop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Ring0Test} in long mode: 64-bit and compatibility mode, and the ways between them. */
class Ring0LongModeTest {
    private static final Ring0Guest GUEST = new Ring0Guest("ring0-64", "qemu-system-x86_64");

    private static final String NOT_ASKED = "not asked: loses itself";
    private static final Set<String> INTEL = Set.of("intel", "clears", "fsgsbase", "smep");
    private static final Set<String> AMD = Set.of("amd", "clears", "fsgsbase", "smep", "smap", "umip", "page1gb");

    /** Where QEMU 7.2 without KVM is known to differ, and who is right. */
    private static final Map<String, String> QEMU_DIFFERS = new HashMap<>();

    private static void differs(String why, String... checks) {
        for (String check : checks) {
            QEMU_DIFFERS.put(check, why);
        }
    }

    static {
        differs("lets CS have L and D; SDM vol. 3, 5.2.1", "jmp to code of 64 and 32 bits");
        differs("looks at no type there; SDM vol. 2, LLDT", "lldt with a type in its upper half");
        differs("takes twice the vector for index; SDM vol. 3, 6.13", "int absent", "int through a task gate",
                "int 40h, gate of 0");
        differs("lets SS be null where it may not; SDM vol. 2, IRET, MOV", "iretq to a null ss in compatibility mode",
                "mov ss null, rpl 3, at 0");
        differs("looks at the target after it has gone there; SDM vol. 2, IRET, JMP, SYSRET, SYSEXIT",
                "iretq to a non-canonical address at 3", "jmp non-canonical", "sysretq to a non-canonical address",
                "sysexit to a non-canonical address", "sysexit to a non-canonical stack");
        differs("raises #GP for #SS, or no fault but that of the page; SDM vol. 3, 6.15, interrupt 12",
                "push to a non-canonical address", "rbp non-canonical");
        differs("loses the arithmetic flags; SDM vol. 2, SYSCALL: RFLAGS AND NOT mask", "in the kernel",
                "in the kernel (2)");
        differs("has it outside 64-bit mode whoever made it; SDM vol. 2, SYSCALL: #UD if CS.L = 0",
                "syscall from compatibility mode", "in the kernel (3)");
        differs("keeps RF and VM, loses VIF and VIP; SDM vol. 2, SYSRET: R11 AND 3C7FD7H", "sysretq", "sysretq with rf");
        differs("loads SS whoever made it; APM vol. 3, SYSRET", "sysretl after a null ss, then push");
        differs("holds no data breakpoint back; SDM vol. 3, 6.8.3", "mov ss watched, then syscall",
                "mov ss watched, then syscall in compatibility mode", "mov ss watched, then int");
        differs("keeps 64 bits; APM vol. 2, 6.1.2", "sysenter_esp keeps");
        differs("has it in compatibility mode whoever made it; APM vol. 3, SYSENTER: #UD in long mode",
                "sysenter from compatibility mode");
        differs("takes RDX for EDX; SDM vol. 2, SYSEXIT", "sysexit to compatibility mode");
        differs("looks at no address; SDM vol. 2, WRMSR", "lstar non-canonical", "cstar non-canonical",
                "fs base non-canonical", "gs base non-canonical", "kernel gs base non-canonical",
                "sysenter_esp non-canonical", "sysenter_eip non-canonical");
        differs("ignores reserved bits; SDM vol. 2, WRMSR; vol. 3, 2.5", "efer reserved", "cr8 of 16");
        differs("looks at no address; SDM vol. 2, WRFSBASE", "fsgsbase: wrfsbase non-canonical",
                "fsgsbase: wrgsbase non-canonical");
        differs("leaves P out of the error code; SDM vol. 3, 4.7", "nx: reserved without nxe", "reserved bit 45",
                "reserved bit 45, at 3", "large page in the pml4", "page of 1 GiB, reserved", "page of 2 MiB, reserved");
        differs("has pages of 1 GiB whatever CPUID says; SDM vol. 3, 4.5", "page of 1 GiB");
        differs("lets AC help implicit accesses; SDM vol. 3, 4.6.1", "smap: gdt after stac");
        differs("pushes with a supervisor's rights; SDM vol. 3, 4.6.1", "smap: far call at 3");
        differs("never clears RF; SDM vol. 3, 17.3.1.1", "execution with rf");
        differs("has no general detect; SDM vol. 3, 17.2.4", "general detect");
        differs("raises #UD; SDM vol. 2, INT1", "icebp at 3");
        differs(NOT_ASKED, "efer without lme", "lgdt non-canonical", "lidt non-canonical", "cr3 reserved",
                "cr4 without pae", "cr4 reserved", "cr0 without pg", "cr0 upper half");
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"core2", "haswell", "k8", "zen", "zen2"})
    void asTheManualsSay(String model) throws IOException {
        assertThat(GUEST.printed(CpuModels.named(model)))
                .isEqualTo(GUEST.expected(Ring0Guest.tags(CpuModels.named(model))));
    }

    @ParameterizedTest
    @CsvSource({"Haswell, intel", "EPYC-Rome, amd"})
    void qemuAgreesButForWhatIsNamed(String cpu, String maker) throws Exception {
        Map<String, String> got = GUEST.printedInQemu(cpu, directory);
        GUEST.expected(maker.equals("intel") ? INTEL : AMD).forEach((name, line) -> {
            if (!QEMU_DIFFERS.containsKey(name)) {
                assertThat(got.get(name)).as("%s on %s", name, cpu).isEqualTo(line);
            }
        });
    }

    @Test
    void everyExceptionIsOfACheckThatThereIs() throws IOException {
        Set<String> checks = new TreeSet<>(GUEST.expected(INTEL).keySet());
        checks.addAll(GUEST.expected(AMD).keySet());
        assertThat(checks).containsAll(QEMU_DIFFERS.keySet());
    }

    /** #DF that finds no gate shuts the processor down, and the report says where. */
    @Test
    void aTripleFaultStopsWithAReport() throws IOException {
        for (String model : List.of("core2", "zen")) {
            Stop stop = GUEST.run(CpuModels.named(model), "triple", new ByteArrayOutputStream());
            assertThat(stop).isInstanceOf(Stop.Shutdown.class);
            assertThat(((Stop.Shutdown) stop).report())
                    .startsWith("triple fault: exception 13 (first: 6) while delivering a double fault at 0008:");
        }
    }
}
