package dev.retrap.trace.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.fixtures.Architecture;
import dev.retrap.trace.Guests;
import dev.retrap.trace.Recording;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** There is no check but a real kernel fails it, and another keeps it, with the same program on the same CPU. */
class EveryCheckTest {
    @TempDir
    Path directory;

    /** A check, where it is to be seen, and what it says of the kernel that fails it. */
    record Line(Check check, Architecture arch, String cpu, String command, String bad, String good, String violation) {}

    private static Line on32(Check check, String command, String bad, String good, String violation) {
        return new Line(check, Architecture.I386, "p6", command, bad, good, violation);
    }

    private static Line on64(Check check, String cpu, String command, String bad, String good, String violation) {
        return new Line(check, Architecture.X86_64, cpu, command, bad, good, violation);
    }

    static Stream<Line> lines() {
        return Stream.of(
                on64(Check.RESTART, "k8", "ptrace-probe restart", "v4.2", "v4.4", "is 0f 05 (SYSCALL), expected cd 80"),
                on64(Check.ARGUMENTS, "k8", "ptrace-probe sysemu", "v4.2", "v4.4", "cx is 0x22222222, expected 0xc2c2c2c2"),
                on64(Check.TRACER_EDITS, "k8", "ptrace-probe sysemu", "v4.2", "v4.4",
                        "cx is 0x22222222, expected 0xc2c2c2c2; bp is 0x66666666, expected 0xc6c6c6c6"),
                on32(Check.REGISTERS, "sixargs", "rfc-ecx-fs", "rfc-ecx", "fs is 0x7b, expected 0x0"),
                on32(Check.EFLAGS, "sixargs", "v4.4", "v4.6", "flags are 0x200296, expected 0x200ed7"),
                on64(Check.EFLAGS, "core2", "sixargs", "v6.1", "v4.6", "flags are 0x206, expected 0x202"),
                on32(Check.NT_TF_AC, "sixargs", "v4.2", "v4.6", "the kernel still runs with the user's NT"),
                on64(Check.NT_TF_AC, "core2", "selftest nt-signal", "v3.17", "v4.0", "#GP while the kernel runs with NT"),
                on32(Check.EXIT_INSTRUCTION, "signals", "ts-fastsyscall", "v4.4", "SYSEXIT although pt_regs.ip is"),
                on32(Check.VDSO_CFI, "sixargs", "v4.2", "v4.4", "at VS+16 unwinding does not give the caller's"),
                on32(Check.KERNEL_LEAK, "selftest sigreturn", "no-espfix", "v4.4", "f00d on a 16-bit stack, expected 0x8badf00d"),
                on64(Check.KERNEL_LEAK, "k8", "selftest sigreturn", "no-espfix", "v4.4", "on a 16-bit stack, expected"),
                on64(Check.KERNEL_LEAK, "k8", "selftest registers", "r8-leak", "v4.2", "r8 is 0xffff88"),
                on64(Check.STACK_SEGMENT, "k8", "sysret-ss", "v4.0", "v4.2", "after SYSRET SS is 0x2b with attributes"),
                on64(Check.KERNEL_CONTEXT, "core2", "selftest sigreturn", "v3.17", "v4.0", "the kernel runs with GS base"),
                on64(Check.KERNEL_CONTEXT, "core2-tcg", "rawfast", "v6.1", "v4.6", "a user address"),
                on32(Check.PT_REGS_MISUSE, "signals", "pt-regs-accessors", "v4.4", "nobody had taken them to write"));
    }

    @Test
    void allAreHere() {
        assertThat(lines().map(Line::check).distinct()).containsExactlyInAnyOrder(Check.values());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void failsAndHolds(Line l) throws Exception {
        CheckReport.Result bad = result(l, l.bad);
        assertThat(bad.first()).extracting(Violation::what).anyMatch(w -> w.contains(l.violation));
        assertThat(bad.violations()).isLessThanOrEqualTo(bad.examined());
        CheckReport.Result good = result(l, l.good);
        assertThat(good.first()).isEmpty();
        // Only a kernel that watches its pt_regs gives that one anything to look at.
        assertThat(good.examined() > 0).isEqualTo(l.check != Check.PT_REGS_MISUSE);
    }

    /** No call of it enters the kernel: it is stepped, every instruction of some calls of each function. */
    @Test
    void vdsoOf64BitPrograms() throws Exception {
        Line l = on64(Check.VDSO_CFI, "k8", "check64", "", "v4.4", "");
        CheckReport.Result r = result(l, "v4.4");
        assertThat(r.first()).isEmpty();
        assertThat(r.examined()).isGreaterThan(100);
    }

    private CheckReport.Result result(Line l, String variant) throws Exception {
        try (Recording r = l.arch == Architecture.X86_64 ? Guests.record64(directory, variant, l.cpu, l.command)
                : Recording.open(Guests.record(directory.resolve(variant), variant, l.command))) {
            return Checker.check(r, EnumSet.of(l.check), Checker.DEFAULT_KEPT).results().getFirst();
        }
    }
}
