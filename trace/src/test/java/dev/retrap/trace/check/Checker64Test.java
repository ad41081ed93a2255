package dev.retrap.trace.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.trace.Guests;
import dev.retrap.trace.Recording;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks on recordings of x86-64 kernels: one that breaks the promise, and one that keeps it. */
class Checker64Test {
    @TempDir
    Path dir;

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "arguments      | v4.2          | k8    | ptrace-probe sysemu | cx is 0x22222222, expected 0xc2c2c2c2",
        "restart        | v4.2          | k8    | ptrace-probe sysemu | ",
        "stack-segment  | v4.0          | k8    | sysret-ss           | after SYSRET SS is 0x2b with attributes",
        "stack-segment  | v3.17         | zen   | sysret-ss           | after SYSRET SS is 0x2b with attributes",
        "kernel-context | v3.17         | core2 | selftest sigreturn  | the kernel runs with GS base",
        "kernel-context | ptrace-sysret | core2 | ptrace64 fork       | the kernel's stack pointer is",
        "eflags         | v6.1          | core2 | sixargs             | flags are 0x206, expected 0x202",
        "vdso-cfi       | v4.2          | k8    | sixargs             | at VS+5 unwinding does not give",
        "exit-instruction | ts-fastsyscall | k8 | signals             | SYSRET although pt_regs.ip is",
        "pt-regs-misuse | pt-regs-accessors | core2 | signals            | nobody had taken them to write",
    })
    void fails(String check, String variant, String cpu, String command, String violation) throws Exception {
        CheckReport.Result result = result(check, variant, cpu, command);
        assertThat(result.violations()).isPositive();
        assertThat(result.first()).extracting(Violation::what).anyMatch(w -> w.contains(violation == null ? "" : violation));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "arguments      | v4.4  | k8    | ptrace-probe sysemu",
        "arguments      | v4.2  | core2 | ptrace-probe sysemu",
        "restart        | v4.4  | k8    | ptrace-probe sysemu",
        "tracer-edits   | v4.2  | k8    | ptrace-probe edits",
        "tracer-edits   | v4.4  | k8    | ptrace-probe edits",
        "tracer-edits   | v6.1  | core2 | ptrace64 edits",
        "kernel-leak    | v4.0  | core2 | selftest registers",
        "kernel-leak    | v6.1  | k8    | selftest registers",
        "stack-segment  | v4.2  | k8    | sysret-ss",
        "stack-segment  | v6.1  | zen   | sysret-ss",
        "kernel-context | v4.0  | core2 | selftest sigreturn",
        "kernel-context | v3.17 | core2 | ptrace64 fork",
        "kernel-context | v4.4  | k8    | ptrace64",
        "eflags         | v4.6  | core2 | sixargs",
        "nt-tf-ac       | v4.2  | k8    | sixargs",
        "registers      | v4.0  | k8    | sixargs",
        "vdso-cfi       | v4.4  | k8    | sixargs",
        "exit-instruction | v4.4 | k8   | sixargs",
    })
    void holds(String check, String variant, String cpu, String command) throws Exception {
        CheckReport.Result result = result(check, variant, cpu, command);
        assertThat(result.first()).isEmpty();
        assertThat(result.examined()).isPositive();
    }

    private CheckReport.Result result(String check, String variant, String cpu, String command) throws Exception {
        try (Recording r = Guests.record64(dir, variant, cpu, command)) {
            return Checker.check(r, EnumSet.of(Check.named(check).orElseThrow()), Checker.DEFAULT_KEPT).results().getFirst();
        }
    }
}
