package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program {@code ptrace-probe} on each native design: what a tracer sees and can change, what a signal handler and a
 * single-stepper see (the acceptance tables of the entry paths, 7.1 and 7.3 to 7.7).
 */
class PtraceProbeTest {
    private static final String ARGUMENTS = " bx=11111111 cx=22222222 dx=33333333 si=44444444 di=55555555 bp=66666666 ";

    private static List<String> run(String variant, String cpu, String part) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        Machine machine = Machine.boot(MachineConfig.of(CpuModels.named(cpu)),
                Guests.info(variant, "ptrace-probe " + part).image());
        machine.setObserver(new MachineObserver() {
            @Override
            public void console(int octet) {
                console.write(octet);
            }
        });
        assertThat(machine.run(1_000_000_000L)).isEqualTo(new Stop.PoweredOff(0));
        return console.toString(StandardCharsets.ISO_8859_1).lines().toList();
    }

    /** Rows 5, 6, 12, 17, 21 of 7.1. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, p6, VS+16, S0-12", "v4.2, no-sep, VS+2, S0", "v4.4, p6, VS+9, S0-12", "v4.4, no-sep, VS+9, S0-12",
        "rfc-ecx, p6, VS+11, S0-8", "v6.1, p6, VS+9, S0-12"})
    void stops(String variant, String cpu, String ip, String sp) {
        List<String> lines = run(variant, cpu, "stops");
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).isEqualTo(
                "int80: entry ip=int80+2 sp=S0 ax=-38 orig_ax=224" + ARGUMENTS + "flags=00000202 cs=73 ss=7b");
        assertThat(lines.get(1)).isEqualTo(
                "int80: exit  ip=int80+2 sp=S0 ax=tid orig_ax=224" + ARGUMENTS + "flags=00000202 cs=73 ss=7b");
        assertThat(lines.get(3)).isEqualTo("vdso: entry ip=" + ip + " sp=" + sp + " ax=-38 orig_ax=224" + ARGUMENTS
                + "flags=00000202 cs=73 ss=7b");
        assertThat(lines.get(4)).isEqualTo("vdso: exit  ip=" + ip + " sp=" + sp + " ax=tid orig_ax=224" + ARGUMENTS
                + "flags=00000202 cs=73 ss=7b");
        assertThat(lines.get(5)).startsWith("vdso: traced, program sees ax=tid" + ARGUMENTS);
    }

    /** 7.3: which edits reach the program through the vDSO; all of them by INT 0x80. The image int80 pops nothing. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "v4.2, p6,     a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666",
        "v4.2, no-sep, a1a1a1a1 a2a2a2a2 a3a3a3a3 a4a4a4a4 a5a5a5a5 a6a6a6a6",
        "v4.4, p6,     a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666",
        "v4.4, no-sep, a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666",
        "rfc-ecx, p6,  a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 a6a6a6a6",
        "v6.1, p6,     a1a1a1a1 22222222 33333333 a4a4a4a4 a5a5a5a5 66666666",
    })
    void edits(String variant, String cpu, String seen) {
        List<String> lines = run(variant, cpu, "edits");
        String all = "a1a1a1a1 a2a2a2a2 a3a3a3a3 a4a4a4a4 a5a5a5a5 a6a6a6a6";
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("int80: edited at entry, program sees ax=tid" + registers(all));
        assertThat(lines.get(1)).startsWith("int80: edited at exit, program sees ax=b0b0b0b0"
                + registers(all.replace('a', 'b')));
        assertThat(lines.get(2)).startsWith("vdso: edited at entry, program sees ax=tid" + registers(seen));
        assertThat(lines.get(3)).startsWith("vdso: edited at exit, program sees ax=b0b0b0b0"
                + registers(seen.replace('a', 'b')));
    }

    private static String registers(String values) {
        String[] v = values.split(" ");
        return " bx=" + v[0] + " cx=" + v[1] + " dx=" + v[2] + " si=" + v[3] + " di=" + v[4] + " bp=" + v[5] + " ";
    }

    /** 7.4: a call made again by IP - 2 has the arguments that the tracer set. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, p6", "v4.2, no-sep", "v4.4, p6", "rfc-ecx, p6", "v6.1, p6"})
    void sysemu(String variant, String cpu) {
        List<String> lines = run(variant, cpu, "sysemu");
        assertThat(lines).hasSize(8).filteredOn(l -> l.contains(": sysemu 1 ") || l.contains(": sysemu 2 "))
                .hasSize(4).allMatch(l -> l.contains(" ax=-38 orig_ax=224" + ARGUMENTS));
        assertThat(lines).filteredOn(l -> l.contains(": sysemu 3 ")).hasSize(2).allMatch(l -> l.contains(
                " orig_ax=20" + registers("c1c1c1c1 c2c2c2c2 c3c3c3c3 c4c4c4c4 c5c5c5c5 c6c6c6c6")));
    }

    /** 7.5: an argument that cannot be read is no system call to a tracer. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"v4.2, VS+16, 22222222, 00000010", "v4.4, VS+9, 22222222, 00000000", "v6.1, VS+9, 22222222, 00000000"})
    void badStack(String variant, String ip, String cx, String bp) {
        assertThat(run(variant, "p6", "bad-stack")).singleElement().asString()
                .startsWith("bad stack: first stop by signal 11 ip=" + ip + " sp=00000010 ax=-14 ")
                .contains(" cx=" + cx + " ").endsWith(" bp=" + bp);
    }

    /** 7.6: where a handler returns to after a call that is done, and after one that is to be made again. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2, p6, VS+16, VS+14", "v4.2, no-sep, VS+2, VS+0", "v4.4, p6, VS+9, VS+7", "v4.4, no-sep, VS+9, VS+7",
        "rfc-ecx, p6, VS+11, VS+9", "v6.1, p6, VS+9, VS+7"})
    void signals(String variant, String cpu, String after, String restart) {
        List<String> signal = run(variant, cpu, "signal");
        assertThat(signal.get(2)).startsWith("vdso: kill of itself, handler sees ip=" + after + " ")
                .contains(" ax=0 ").endsWith(" bp=66666666");
        List<String> again = run(variant, cpu, "restart");
        assertThat(again.get(0)).startsWith("int80: read with SA_RESTART, handler sees ip=int80+0 bytes=cd 80 ax=3 ");
        assertThat(again.get(2)).startsWith("vdso: read with SA_RESTART, handler sees ip=" + restart + " bytes=cd 80 ax=3 ")
                .endsWith(" bp=66666666");
        assertThat(List.of(again.get(1), again.get(3))).containsExactly("int80: afterwards ax=1, arguments kept",
                "vdso: afterwards ax=1, arguments kept");
    }

    /** 7.7: the last trap before the call, and the first after it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"v4.2, VS+5, VS+16", "v4.4, VS+5, VS+9", "rfc-ecx, VS+4, VS+11", "v4.6, VS+5, VS+10", "v6.1, VS+5, VS+10"})
    void steps(String variant, String before, String after) {
        List<String> lines = run(variant, "p6", "steps");
        int at = IntStream.range(0, lines.size()).filter(i -> lines.get(i).startsWith("vdso: step ip=" + before + " "))
                .findFirst().orElseThrow();
        assertThat(lines.get(at + 1)).isEqualTo("vdso: step ip=" + after + " cx=22222222 flags=00000302");
        assertThat(lines).startsWith("int80: step ip=int80+0 cx=22222222 flags=00000302",
                "int80: step ip=caller cx=22222222 flags=00000302");
        assertThat(lines).last().isEqualTo("vdso: step ip=caller cx=22222222 flags=00000302");
    }
}
