package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program {@code ptrace-probe}, 32-bit, on x86-64 kernels, recorded: what a tracer sees and can change, and what a signal
 * handler sees (the acceptance tables of the entry paths, 7.1, 7.3, 7.4 and 7.6).
 */
class PtraceProbe64Test {
    private static final String ARGUMENTS = " bx=11111111 cx=22222222 dx=33333333 si=44444444 di=55555555 bp=";

    @TempDir
    Path dir;

    private List<String> run(String variant, String cpu, String part) throws Exception {
        try (Recording r = Guests.record64(dir, variant, cpu, "ptrace-probe " + part)) {
            assertThat(r.endStatus()).isEqualTo(new EndStatus.PoweredOff(0));
            return Guests.console(r).lines().toList();
        }
    }

    /** 7.1: both stops. In rows 2 and 7 on AMD bp is argument 6 before and argument 2 after the call (B2). */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "1  | v4.2       | core2     | VS+16 | S0-12 | 66666666",
        "2  | v4.2       | k8        | VS+5  | S0-4  | 22222222",
        "3  | v4.2       | no-fast32 | VS+2  | S0    | 66666666",
        "7  | v4.0       | core2     | VS+16 | S0-12 | 66666666",
        "7  | v4.0       | k8        | VS+5  | S0-4  | 22222222",
        "7  | v3.17      | haswell   | VS+16 | S0-12 | 66666666",
        "7  | v3.17      | zen       | VS+5  | S0-4  | 22222222",
        "8  | mid-series | core2     | VS+2  | S0    | 66666666",
        "9  | mid-series | k8        | VS+2  | S0    | 66666666",
        "10 | rfc-ecx    | core2     | VS+11 | S0-8  | 66666666",
        "11 | rfc-ecx    | k8        | VS+11 | S0-8  | 66666666",
        "13 | v4.4       | core2     | VS+9  | S0-12 | 66666666",
        "14 | v4.4       | k8        | VS+9  | S0-12 | 66666666",
        "15 | v4.4       | no-fast32 | VS+9  | S0-12 | 66666666",
        "13 | v4.5       | haswell   | VS+9  | S0-12 | 66666666",
        "14 | v4.6       | zen       | VS+9  | S0-12 | 66666666",
        "19 | v6.1       | core2     | VS+9  | S0-12 | 66666666",
        "20 | v6.1       | k8        | VS+9  | S0-12 | 66666666",
    })
    void stops(String row, String variant, String cpu, String ip, String sp, String bpAtExit) throws Exception {
        List<String> lines = run(variant, cpu, "stops");
        String flags = variant.equals("v6.1") && cpu.equals("core2") ? "00000206" : "00000202";
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).isEqualTo("int80: entry ip=int80+2 sp=S0 ax=-38 orig_ax=224" + ARGUMENTS
                + "66666666 flags=00000202 cs=23 ss=2b");
        assertThat(lines.get(1)).isEqualTo("int80: exit  ip=int80+2 sp=S0 ax=tid orig_ax=224" + ARGUMENTS
                + "66666666 flags=00000202 cs=23 ss=2b");
        assertThat(lines.get(3)).isEqualTo("vdso: entry ip=" + ip + " sp=" + sp + " ax=-38 orig_ax=224" + ARGUMENTS
                + "66666666 flags=" + flags + " cs=23 ss=2b");
        assertThat(lines.get(4)).isEqualTo("vdso: exit  ip=" + ip + " sp=" + sp + " ax=tid orig_ax=224" + ARGUMENTS
                + bpAtExit + " flags=" + flags + " cs=23 ss=2b");
        assertThat(lines.get(5)).startsWith("vdso: traced, program sees ax=tid" + ARGUMENTS + "66666666 ");
    }

    /**
     * 7.3: which edits reach the program through the vDSO; all of them by INT 0x80. Row 2's ECX after an edit at the exit stop is
     * the edited EBP, which the vDSO copies there. The vDSO of v4.2 without a fast entry pops nothing, that of v4.4 does: the
     * table's row 15 stands among those of the landing pad.
     */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "1  | v4.2    | core2     | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
        "2  | v4.2    | k8        | a1a1a1a1 22222222 a3a3a3a3 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 b6b6b6b6 b3b3b3b3 b4b4b4b4 b5b5b5b5 66666666",
        "3  | v4.2    | no-fast32 | a1a1a1a1 a2a2a2a2 a3a3a3a3 a4a4a4a4 a5a5a5a5 a6a6a6a6 | b1b1b1b1 b2b2b2b2 b3b3b3b3 b4b4b4b4 b5b5b5b5 b6b6b6b6",
        "7  | v4.0    | core2     | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
        "7  | v4.0    | zen       | a1a1a1a1 22222222 a3a3a3a3 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 b6b6b6b6 b3b3b3b3 b4b4b4b4 b5b5b5b5 66666666",
        "10 | rfc-ecx | core2     | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 a6a6a6a6 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 b6b6b6b6",
        "11 | rfc-ecx | k8        | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 a6a6a6a6 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 b6b6b6b6",
        "13 | v4.4    | core2     | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
        "14 | v4.4    | k8        | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
        "15 | v4.4    | no-fast32 | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
        "19 | v6.1    | haswell   | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
        "20 | v6.1    | zen       | a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666 | b1b1b1b1 22222222 33333333 b4b4b4b4 b5b5b5b5 66666666",
    })
    void edits(String row, String variant, String cpu, String atEntry, String atExit) throws Exception {
        List<String> lines = run(variant, cpu, "edits");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("int80: edited at entry, program sees ax=tid"
                + registers("a1a1a1a1 a2a2a2a2 a3a3a3a3 a4a4a4a4 a5a5a5a5 a6a6a6a6"));
        assertThat(lines.get(1)).startsWith("int80: edited at exit, program sees ax=b0b0b0b0"
                + registers("b1b1b1b1 b2b2b2b2 b3b3b3b3 b4b4b4b4 b5b5b5b5 b6b6b6b6"));
        assertThat(lines.get(2)).startsWith("vdso: edited at entry, program sees ax=tid" + registers(atEntry));
        assertThat(lines.get(3)).startsWith("vdso: edited at exit, program sees ax=b0b0b0b0" + registers(atExit));
    }

    private static String registers(String values) {
        String[] v = values.split(" ");
        return " bx=" + v[0] + " cx=" + v[1] + " dx=" + v[2] + " si=" + v[3] + " di=" + v[4] + " bp=" + v[5] + " ";
    }

    /** 7.4: a call made again by IP - 2 has the arguments that the tracer set; in row 2 not the second and the sixth (B1). */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "v4.2, core2, c2c2c2c2, c6c6c6c6", "v4.2, k8, 22222222, 66666666", "v4.2, zen, 22222222, 66666666",
        "v4.2, no-fast32, c2c2c2c2, c6c6c6c6", "v4.0, core2, c2c2c2c2, c6c6c6c6", "v4.0, k8, 22222222, 66666666",
        "mid-series, k8, c2c2c2c2, c6c6c6c6", "rfc-ecx, core2, c2c2c2c2, c6c6c6c6", "rfc-ecx, k8, c2c2c2c2, c6c6c6c6",
        "v4.4, core2, c2c2c2c2, c6c6c6c6", "v4.4, k8, c2c2c2c2, c6c6c6c6", "v4.4, no-fast32, c2c2c2c2, c6c6c6c6",
        "v4.6, zen, c2c2c2c2, c6c6c6c6", "v6.1, haswell, c2c2c2c2, c6c6c6c6", "v6.1, zen, c2c2c2c2, c6c6c6c6"})
    void sysemu(String variant, String cpu, String cx, String bp) throws Exception {
        List<String> lines = run(variant, cpu, "sysemu");
        assertThat(lines).hasSize(8).filteredOn(l -> l.contains(": sysemu 1 ") || l.contains(": sysemu 2 "))
                .hasSize(4).allMatch(l -> l.contains(" ax=-38 orig_ax=224" + ARGUMENTS + "66666666 "));
        assertThat(lines.get(2)).startsWith("int80: sysemu 3 ")
                .contains(" orig_ax=20" + registers("c1c1c1c1 c2c2c2c2 c3c3c3c3 c4c4c4c4 c5c5c5c5 c6c6c6c6"));
        assertThat(lines.get(6)).startsWith("vdso: sysemu 3 ")
                .contains(" orig_ax=20" + registers("c1c1c1c1 " + cx + " c3c3c3c3 c4c4c4c4 c5c5c5c5 " + bp));
    }

    /** 7.6: where a handler returns to after a call that is done, and after one that is to be made again. */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "1  | v4.2    | core2     | VS+16 | 66666666 | VS+14 | cd 80",
        "2  | v4.2    | k8        | VS+5  | 0000000a | VS+3  | 0f 05",
        "3  | v4.2    | no-fast32 | VS+2  | 66666666 | VS+0  | cd 80",
        "7  | v4.0    | haswell   | VS+16 | 66666666 | VS+14 | cd 80",
        "7  | v4.0    | zen       | VS+5  | 0000000a | VS+3  | 0f 05",
        "7  | v3.17   | k8        | VS+5  | 0000000a | VS+3  | 0f 05",
        "10 | rfc-ecx | core2     | VS+11 | 66666666 | VS+9  | cd 80",
        "11 | rfc-ecx | k8        | VS+11 | 66666666 | VS+9  | cd 80",
        "13 | v4.4    | core2     | VS+9  | 66666666 | VS+7  | cd 80",
        "14 | v4.4    | k8        | VS+9  | 66666666 | VS+7  | cd 80",
        "15 | v4.4    | no-fast32 | VS+9  | 66666666 | VS+7  | cd 80",
        "14 | v4.5    | zen       | VS+9  | 66666666 | VS+7  | cd 80",
        "19 | v6.1    | core2     | VS+9  | 66666666 | VS+7  | cd 80",
        "20 | v6.1    | k8        | VS+9  | 66666666 | VS+7  | cd 80",
    })
    void signals(String row, String variant, String cpu, String after, String bp, String restart, String bytes)
            throws Exception {
        List<String> signal = run(variant, cpu, "signal");
        assertThat(signal.get(2)).startsWith("vdso: kill of itself, handler sees ip=" + after + " ")
                .contains(" ax=0 ").endsWith(" bp=" + bp);
        List<String> again = run(variant, cpu, "restart");
        assertThat(again.get(0)).startsWith("int80: read with SA_RESTART, handler sees ip=int80+0 bytes=cd 80 ax=3 ");
        assertThat(again.get(2))
                .startsWith("vdso: read with SA_RESTART, handler sees ip=" + restart + " bytes=" + bytes + " ax=3 ");
        assertThat(List.of(signal.get(3), again.get(1), again.get(3))).containsExactly("vdso: afterwards ax=0, arguments kept",
                "int80: afterwards ax=1, arguments kept", "vdso: afterwards ax=1, arguments kept");
    }
}
