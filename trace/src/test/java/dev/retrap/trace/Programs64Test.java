package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What 64-bit programs may rely on: clocks in the vDSO, signals, restarts (check64), and tracing (ptrace64). */
class Programs64Test {
    private static final String ARGUMENTS = " rdi=1111111111111111 rsi=2222222222222222 rdx=3333333333333333"
            + " r10=4444444444444444 r8=5555555555555555 r9=6666666666666666 rbx=b0b0b0b0b0b0b0b0 rbp=bbbbbbbbbbbbbbbb"
            + " r12=1c1c1c1c1c1c1c1c r15=1f1f1f1f1f1f1f1f";

    @TempDir
    Path dir;

    private List<String> run(String variant, String cpu, String command) throws Exception {
        try (Recording r = Guests.record64(dir, variant, cpu, command)) {
            assertThat(Guests.console(r)).doesNotContain("Kernel panic");
            assertThat(r.endStatus()).isEqualTo(new EndStatus.PoweredOff(0));
            return Guests.console(r).lines().toList();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, core2", "v4.2, k8", "v4.4, k8", "v4.4, no-fast32", "v3.17, haswell", "v6.1, core2", "v6.1, zen",
        "mid-series, k8"})
    void check64(String variant, String cpu) throws Exception {
        assertThat(run(variant, cpu, "check64")).last().isEqualTo("0 failures");
    }

    /** user_regs_struct at both stops, and what the program has afterwards; the tracer's view of INT 0x80 from 32-bit code. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, core2", "v4.2, k8", "v4.4, k8", "v3.17, core2", "v6.1, core2", "v6.1, zen"})
    void stops(String variant, String cpu) throws Exception {
        List<String> lines = run(variant, cpu, "ptrace64 stops compat");
        String after = " rcx=rip r11=202 eflags=202 cs=33 ss=2b ds=0";
        assertThat(lines).hasSize(5).startsWith(
                "entry: rip=syscall+2 rax=-38 orig_rax=186" + ARGUMENTS + after,
                "exit : rip=syscall+2 rax=pid orig_rax=186" + ARGUMENTS + after,
                "traced, program sees rax=pid" + ARGUMENTS);
        assertThat(lines.get(3)).startsWith("compat entry: rip=int80+2 rax=-38 orig_rax=224 rdi=55555555 rsi=44444444"
                + " rdx=33333333 r10=").contains(" rbx=11111111 rbp=66666666 ", " cs=23 ss=2b ");
        assertThat(lines.get(4)).startsWith("compat exit : rip=int80+2 rax=pid orig_rax=224 rdi=55555555 ");
    }

    /** With its changes all registers reach the program: a traced call leaves by the path that restores all. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, core2", "v4.2, k8", "v4.4, k8", "v3.17, core2", "v6.1, zen"})
    void edits(String variant, String cpu) throws Exception {
        List<String> lines = run(variant, cpu, "ptrace64 edits");
        assertThat(lines).containsExactly("edited at entry, program sees rax=pid" + registers(0xa1),
                "edited at exit, program sees rax=" + 0xb0b0 + registers(0xb1));
    }

    private static String registers(int first) {
        StringBuilder s = new StringBuilder();
        for (String name : List.of("rdi", "rsi", "rdx", "r10", "r8", "r9", "rbx", "rbp", "r12", "r15")) {
            s.append(' ').append(name).append('=').append(Integer.toHexString(first++).repeat(8));
        }
        return s.toString();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, k8", "v4.4, core2", "v6.1, zen"})
    void sysemuAndSteps(String variant, String cpu) throws Exception {
        List<String> lines = run(variant, cpu, "ptrace64 sysemu step");
        assertThat(lines.get(0)).startsWith("sysemu 1: rip=syscall+2 rax=-38 orig_rax=186" + ARGUMENTS);
        assertThat(lines.get(1)).startsWith("sysemu 2: rip=syscall+2 rax=-38 orig_rax=39" + registers(0xc1));
        assertThat(lines.get(2)).isEqualTo("emulated, program sees rax=" + 0xb0b0 + registers(0xc1));
        assertThat(lines.get(3)).startsWith("stepped: 3 instructions behind the call, at syscall+").endsWith(" TF hidden");
    }

    /** A RIP out of user space: the fault is the program's, at that address, whatever the vendor. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v3.17, core2", "v4.2, core2", "v4.2, k8", "v4.4, haswell", "v4.4, zen", "v6.1, core2", "ptrace-sysret, k8"})
    void notCanonical(String variant, String cpu) throws Exception {
        assertThat(run(variant, cpu, "ptrace64 fork")).containsExactly("fork: rip set to 800000000000",
                "fork: signal 11 at rip=800000000000");
    }
}
