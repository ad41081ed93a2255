package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program {@code selftest}, which tests what a program may rely on at a system call, on each kernel and CPU. What
 * fails on a kernel of 2015 failed on it then.
 */
class SelftestTest {
    /** What came on the console, and the exit status. */
    private record Run(int status, List<String> lines) {
        List<String> failures() {
            return lines.stream().filter(l -> l.startsWith("[FAIL]")).map(l -> l.substring("[FAIL] ".length())).toList();
        }

        long passed() {
            return lines.stream().filter(l -> l.startsWith("[OK]")).count();
        }
    }

    private static Run run(String variant, String cpu, String test) {
        return run(cpu, Guests.info(variant, "selftest " + test).image());
    }

    private static Run run(String cpu, BootImage image) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        Machine machine = Machine.boot(MachineConfig.of(CpuModels.named(cpu)), image);
        machine.setObserver(new MachineObserver() {
            @Override
            public void console(int octet) {
                console.write(octet);
            }
        });
        Stop stop = machine.run(1_000_000_000L);
        assertThat(stop).isInstanceOf(Stop.PoweredOff.class);
        return new Run(((Stop.PoweredOff) stop).status(), console.toString(StandardCharsets.ISO_8859_1).lines().toList());
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "v4.2 | p6     | registers      | 4",
        "v4.2 | no-sep | registers      | 4",
        "v4.4 | k7     | registers      | 4",
        "v4.4 | no-sep | registers      | 4",
        "v4.2 | p6     | single-step    | 6",
        "v4.2 | no-sep | single-step    | 6",
        "v4.4 | k7     | single-step    | 6",
        "v4.4 | no-sep | single-step    | 6",
        "v4.2 | p6     | unwind         | 1",
        "v4.2 | no-sep | unwind         | 1",
        "v4.4 | k7     | unwind         | 1",
        "v4.4 | no-sep | unwind         | 1",
        "v4.2 | p6     | sigreturn      | 13",
        "v4.4 | no-sep | sigreturn      | 13",
        "v4.2 | no-sep | flags          | 22",
        "v4.4 | no-sep | flags          | 22",
        "v4.2 | no-sep | nt-signal      | 1",
        "v4.4 | no-sep | nt-signal      | 1",
        "v4.2 | p6     | ptrace         | 8",
        "v4.2 | no-sep | ptrace         | 8",
        "v4.4 | k7     | ptrace         | 8",
        "v4.4 | no-sep | ptrace         | 8",
    })
    void passes(String variant, String cpu, String test, int atLeast) {
        Run run = run(variant, cpu, test);
        assertThat(run.failures()).isEmpty();
        assertThat(run.passed()).isGreaterThanOrEqualTo(atLeast);
        assertThat(run.status).isZero();
    }

    /** SYSEXIT restores no flags: DF is lost. With TF, the exit is IRET, and the kernel has cleared NT. */
    @ParameterizedTest
    @CsvSource({"v4.2, p6", "v4.2, k7", "v4.4, p6", "v4.4, k7"})
    void flagsThatNativeSysenterLoses(String variant, String cpu) {
        Run run = run(variant, cpu, "flags");
        assertThat(run.failures()).containsExactly(
                "vdso  00000602 -> 00000202", "vdso  00004302 -> 00000302", "vdso  00044302 -> 00040302");
        assertThat(run.status).isEqualTo(1);
    }

    /** The fault on argument 6 comes before the entry work that puts TF back. */
    @ParameterizedTest
    @CsvSource({"v4.2, p6", "v4.2, k7", "v4.4, p6", "v4.4, k7"})
    void tfThatAnArgumentFaultLoses(String variant, String cpu) {
        assertThat(run(variant, cpu, "argument-fault").failures()).containsExactly("SYSENTER: TF is still there");
    }

    /** NT goes into the kernel by SYSENTER and meets IRET there: a nested task that is not one. */
    @ParameterizedTest
    @CsvSource({"v4.2, p6", "v4.2, k7", "v4.4, p6", "v4.4, k7"})
    void ntThatMeetsIretEndsTheProgram(String variant, String cpu) {
        Run run = run(variant, cpu, "nt-signal");
        assertThat(run.lines).last().asString().startsWith("selftest[1] trap iret exception");
        assertThat(run.status).isEqualTo(128 + 4);
    }

    /**
     * What the rewrite was for: under a 64-bit kernel on AMD, v4.2's SYSCALL image takes ECX and argument 6 from where a
     * tracer cannot change them, and its unwind rules do not know ECX right after the call. Nowhere else, and not in v4.4.
     */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', value = {
        "v4.2 | k8        | 20 11 22 23 24 15 | [FAIL]",
        "v4.2 | zen       | 20 11 22 23 24 15 | [FAIL]",
        "v4.2 | haswell   | 20 21 22 23 24 25 | [OK]",
        "v4.2 | no-fast32 | 20 21 22 23 24 25 | [OK]",
        "v4.4 | k8        | 20 21 22 23 24 25 | [OK]",
        "v4.4 | zen       | 20 21 22 23 24 25 | [OK]",
        "v4.4 | haswell   | 20 21 22 23 24 25 | [OK]",
        "v4.4 | no-fast32 | 20 21 22 23 24 25 | [OK]",
    })
    void tracersAndUnwindersUnder64Bit(String variant, String cpu, String seen, String unwinds) {
        BootImage image = new BootImage(Fixtures.kernel(variant, Architecture.X86_64), "", List.of(
                new BootImage.Module("selftest", Fixtures.program("selftest"), "selftest unwind ptrace")));
        Run run = run(cpu, image);
        assertThat(run.lines).anyMatch(l -> l.endsWith("another call instead: nr=20 args " + seen));
        assertThat(run.lines).anyMatch(l -> l.startsWith(unwinds) && l.contains("the caller is found at all"));
    }
}
