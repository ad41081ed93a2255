package dev.retrap.trace.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.trace.Guests;
import dev.retrap.trace.Recording;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceDiffTest {
    @TempDir
    Path dir;

    private DiffReport diff(String a, String b, String command) throws Exception {
        Path fileA = Guests.record(dir.resolve("a.retrap"), a, command);
        Path fileB = Guests.record(dir.resolve("b.retrap"), b, command);
        try (Recording ra = Recording.open(fileA); Recording rb = Recording.open(fileB)) {
            DiffReport r = TraceDiff.compare(ra, rb, DiffOptions.DEFAULT);
            assertThat(TraceDiff.compare(ra, rb, DiffOptions.DEFAULT)).isEqualTo(r);
            return r;
        }
    }

    private static List<String> differences(DiffReport r, String what, String path) {
        return r.groups().stream()
                .filter(g -> g.what().equals(what) && g.pathA().equals(path) && g.pathB().equals(path))
                .findFirst().orElseThrow().differences().stream()
                .map(d -> d.aspect().label() + " " + d.field() + ": " + d.a() + " | " + d.b())
                .toList();
    }

    @Test
    void aRecordingDoesNotDifferFromItself() throws Exception {
        DiffReport r = diff("v4.4", "v4.4", "sixargs");
        assertThat(r.same()).isTrue();
        assertThat(r.sameCalls()).isEqualTo(r.alignedCalls()).isPositive();
        assertThat(r.toText()).endsWith("no differences\n");
    }

    @Test
    void theEntryRewriteShowsInSixargs() throws Exception {
        DiffReport r = diff("v4.2", "v4.4", "sixargs");
        assertThat(r.onlyA()).isEmpty();
        assertThat(r.onlyB()).isEmpty();
        List<String> d = differences(r, "nr=224", "SYSENTER -> SYSEXIT");
        assertThat(d).contains(
                "pt-regs ip: 0xb7fff410 (VS+16) | 0xb7fff409 (VS+9)",
                "exit-registers edx: 0xb7fff410 (VS+16) | 0xb7fff409 (VS+9)",
                "exit-registers ebp: 0x0 | 0x66666666",
                "eflags eflags: 0x246 (IF ZF PF) | 0x296 (IF SF AF PF)",
                "decision decision: thread flags: no work | pt_regs: sep cs ss ip rf tf vm hold");
        assertThat(d).anyMatch(s -> s.startsWith("kernel-instructions count: "));
        assertThat(d).noneMatch(s -> s.startsWith("caller-registers") && !s.contains("eflags"));
        assertThat(d).noneMatch(s -> s.startsWith("result") || s.startsWith("exit-instruction"));
        assertThat(differences(r, "nr=224", "INT 0x80 -> IRET")).noneMatch(s -> s.startsWith("exit-registers"));
    }

    @Test
    void anUnreadableArgumentShowsInEbp() throws Exception {
        DiffReport r = diff("v4.2", "v4.4", "badstack");
        assertThat(differences(r, "nr=224", "SYSENTER -> IRET")).contains("exit-registers ebp: 0x10 | 0x0");
    }

    @Test
    void equalDifferencesAreCountedNotRepeated() throws Exception {
        DiffReport r = diff("v4.2", "v4.4", "getpid-loop 3000 vdso");
        assertThat(r.groups().getFirst().count()).isGreaterThanOrEqualTo(3000);
        assertThat(r.groups().getFirst().calls()).hasSize(DiffOptions.DEFAULT.maxCalls());
        assertThat(r.groups()).hasSizeLessThan(10);
    }

    @Test
    void reportsAreStable() throws Exception {
        DiffReport r = diff("v4.2", "v4.4", "sixargs");
        assertThat(r.toText()).startsWith("a: a.retrap  kernel v4.2, CPU p6, program sixargs, ")
                .contains("calls aligned", "caller-registers").doesNotContain("\r");
    }
}
