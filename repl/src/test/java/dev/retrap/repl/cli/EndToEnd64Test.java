package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** record, events, diff, check, replay and matrix with x86-64 kernels, as a user runs them. */
class EndToEnd64Test {
    @TempDir
    static Path directory;

    private static String record(String variant, String cpu, String program) {
        String file = directory.resolve(variant + cpu + program + ".retrap").toString();
        Cli record = Cli.run("record", "--arch", "x86_64", "--variant", variant, "--cpu", cpu, program, "-o", file);
        assertThat(record.status()).isZero();
        return file;
    }

    @Test
    void eventsOfA32BitProgram() {
        Cli events = Cli.run("events", record("v4.0", "core2", "sixargs"));
        assertThat(events.status()).isZero();
        assertThat(events.out()).containsPattern("SYSENTER +gettid\\(\\) = 1 +SYSEXIT #\\d+")
                .containsPattern("INT 0x80 +gettid\\(\\) = 1 +IRET #\\d+");
    }

    @Test
    void differenceOfTheRewriteOnAmd() {
        Cli diff = Cli.run("diff", record("v4.2", "k8", "sixargs"), record("v4.4", "k8", "sixargs"));
        assertThat(diff.status()).isEqualTo(1);
        assertThat(diff.out()).contains("SYSCALL -> SYSRET").containsPattern("ip +0xf7ffd405 \\(VS\\+5\\) +0xf7ffd409 \\(VS\\+9\\)")
                .containsPattern("exit-registers +ecx +0xf7ffd405");
    }

    @Test
    void checksAndDebugger() {
        String file = record("v4.2", "k8", "sixargs");
        Cli check = Cli.run("check", file, "--only", "vdso-cfi,registers", "--limit", "1");
        assertThat(check.status()).isEqualTo(1);
        assertThat(check.out()).contains("ok   registers").contains("FAIL vdso-cfi").contains("at VS+5 unwinding does not give");
        Cli replay = Cli.run("replay", file, "-ex", "break entry_SYSCALL_compat", "-ex", "continue", "-ex", "backtrace",
                "-ex", "reverse-stepi", "-batch");
        assertThat(replay.status()).isZero();
        assertThat(replay.out()).contains("Breakpoint 1, entry_SYSCALL_compat").containsPattern("#\\d+ +0xf7ffd40\\d in __kernel_vsyscall")
                .contains("user => 0xf7ffd403");
    }

    @Test
    void a64BitProgramFindsItsKernel() {
        Cli run = Cli.run("run", "--variant", "v6.1", "hello64");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("hello");
        assertThat(Cli.run("run", "--variant", "ptrace-sysret", "hello").status()).isZero();
        Cli no = Cli.run("run", "--arch", "x86_64", "--variant", "syscall-abi", "hello");
        assertThat(no.status()).isEqualTo(2);
        assertThat(no.err()).startsWith("retrap: unknown x86_64 variant \"syscall-abi\"").hasLineCount(1);
    }

    @Test
    void a32BitCpuIsRefused() {
        Cli run = Cli.run("run", "--cpu", "p6", "hello64");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("retrap: CPU model p6 has no long mode").contains("zen").hasLineCount(1);
    }

    @Test
    void matrixOf64BitKernels() {
        Cli matrix = Cli.run("matrix", "--arch", "x86-64", "--variants", "v4.2,v4.4", "--only", "vdso-cfi", "sixargs");
        assertThat(matrix.err()).isEmpty();
        assertThat(matrix.status()).isZero();
        assertThat(matrix.out()).containsPattern("sixargs +v4.2/64 +core2 +status 0 .*SYSRET")
                .containsPattern("sixargs +v4.2/64 +k8 .* vdso-cfi ").containsPattern("sixargs +v4.4/64 +no-fast32 ");
        assertThat(matrix.out().lines().filter(l -> l.contains("v4.4/64")).toList()).noneMatch(l -> l.contains("vdso-cfi"));
        Cli wrong = Cli.run("matrix", "--arch", "arm", "hello");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("'arm' is not an architecture: there are i386, x86_64").hasLineCount(1);
    }
}
