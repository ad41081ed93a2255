package dev.retrap.trace.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.trace.Guests;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.Recording;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check on a kernel that keeps the promise and on one that does not. */
class CheckerTest {
    @TempDir
    static Path dir;

    private static final Map<String, Path> MADE = new HashMap<>();

    static Path record(String variant, String cpu, String command) throws Exception {
        String key = variant + " " + cpu + " " + command;
        if (!MADE.containsKey(key)) {
            RecordingInfo base = Guests.info(variant, command);
            RecordingInfo info = new RecordingInfo(MachineConfig.of(CpuModels.named(cpu)), base.image(), variant,
                    base.program(), base.commandLine(), base.recorder());
            Path file = dir.resolve(MADE.size() + ".retrap");
            try (Timeline t = Timeline.live(info.config(), info.image(), Recorder.create(file, info))) {
                t.continueForward(StopSet.NONE);
            }
            MADE.put(key, file);
        }
        return MADE.get(key);
    }

    private static CheckReport.Result check(String variant, String cpu, String command, Check check) throws Exception {
        try (Recording r = Recording.open(record(variant, cpu, command))) {
            return Checker.check(r, EnumSet.of(check), Checker.DEFAULT_KEPT).results().getFirst();
        }
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "restart          | v4.4           | badstack",
        "arguments        | v4.2           | sixargs",
        "arguments        | rfc-ecx        | sixargs",
        "registers        | v4.4           | kernel-check",
        "registers        | v4.2           | kernel-check",
        "registers        | syscall-abi    | sixargs",
        "eflags           | v4.6           | sixargs",
        "nt-tf-ac         | v4.6           | selftest",
        "exit-instruction | v4.4           | signals",
        "exit-instruction | exit-work-return | signals",
        "vdso-cfi         | v4.4           | sixargs",
        "vdso-cfi         | rfc-ecx        | kernel-check",
        "kernel-leak      | v4.4           | kernel-check",
        "kernel-leak      | v4.2           | selftest registers",
        "stack-segment    | v4.4           | kernel-check",
        "kernel-context   | v6.1           | selftest",
        "pt-regs-misuse   | pt-regs-accessors | sixargs",
    })
    void holds(String check, String variant, String command) throws Exception {
        CheckReport.Result r = check(variant, "p6", command, Check.named(check).orElseThrow());
        assertThat(r.first()).isEmpty();
        assertThat(r.violations()).isZero();
        assertThat(r.examined()).isPositive();
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "restart          | mid-series             | badstack     | before the return address 0x0 is nothing that is mapped, expected cd 80 (INT 0x80)",
        "registers        | rfc-ecx-fs             | sixargs      | fs is 0x7b, expected 0x0",
        "registers        | asmlinkage-protect-off | sixargs      | ebx is 0xeeeeeeee, expected 0x11111111",
        "registers        | asmlinkage-protect-off | kernel-check | ebx is 0x1, expected 0xb7ffc000",
        "eflags           | v4.4                   | sixargs      | flags are 0x200296, expected 0x200ed7; changed: OF DF ZF CF",
        "eflags           | v4.2                   | sixargs      | flags are 0x246, expected 0x602; changed: DF ZF PF",
        "nt-tf-ac         | v4.2                   | sixargs      | the kernel still runs with the user's NT",
        "nt-tf-ac         | v4.4                   | selftest argument-fault | TF was set and is not",
        "exit-instruction | ts-fastsyscall         | signals      | SYSEXIT although pt_regs.ip is",
        "vdso-cfi         | v4.2                   | sixargs      | at VS+16 unwinding does not give the caller's registers: ecx is",
        "pt-regs-misuse   | pt-regs-accessors      | signals      | pt_regs were changed and nobody had taken them to write",
    })
    void isBroken(String check, String variant, String command, String what) throws Exception {
        CheckReport.Result r = check(variant, "p6", command, Check.named(check).orElseThrow());
        assertThat(r.first()).extracting(Violation::what).anyMatch(w -> w.contains(what));
        assertThat(r.violations()).isGreaterThanOrEqualTo(r.first().size());
        try (Recording recording = Recording.open(record(variant, "p6", command))) {
            for (Violation v : r.first()) {
                assertThat(v.position()).isBetween(0L, recording.endPosition());
                assertThat(v.event()).isBetween(0L, recording.eventCount() - 1);
            }
        }
    }

    /** NT that meets IRET: the exception is in the recording, and is said to be what it is. */
    @ParameterizedTest
    @CsvSource({"v4.2", "v4.4"})
    void ntThatEndsTheProgram(String variant) throws Exception {
        CheckReport.Result r = check(variant, "p6", "selftest nt-signal", Check.NT_TF_AC);
        assertThat(r.first()).extracting(Violation::what).contains("#TS while the kernel runs with NT");
    }

    /** Without SYSENTER all promises hold in all versions. */
    @ParameterizedTest
    @CsvSource({"v4.2", "v4.4", "v4.6", "mid-series", "rfc-ecx"})
    void int80BreaksNothing(String variant) throws Exception {
        for (String command : List.of("sixargs", "kernel-check")) {
            try (Recording r = Recording.open(record(variant, "no-sep", command))) {
                CheckReport report = Checker.check(r, EnumSet.allOf(Check.class), Checker.DEFAULT_KEPT);
                assertThat(report.failed()).as(command).isEmpty();
            }
        }
    }
}
