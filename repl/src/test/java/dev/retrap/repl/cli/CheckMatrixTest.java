package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import dev.retrap.repl.TestRecordings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code retrap check} and {@code retrap matrix} as the user sees them. */
class CheckMatrixTest {
    @Test
    void checkSaysByItsExitStatus() {
        String old = TestRecordings.of("v4.2", "sixargs").toString();
        Cli failed = Cli.run("check", old);
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).containsPattern("FAIL vdso-cfi +21 of 63").containsPattern("ok +registers +16 looked at")
                .containsPattern("event 2, position \\d+: flags are 0x246, expected 0x202; changed: ZF PF");
        Cli clean = Cli.run("check", old, "--only", "registers,arguments");
        assertThat(clean.status()).isZero();
        assertThat(clean.out()).hasLineCount(2);
        Cli wrong = Cli.run("check", old, "--only", "nonsense");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("retrap: no check nonsense: there are restart, arguments, ").hasLineCount(1);
        assertThat(Cli.run("check", "no-such-file.retrap").status()).isEqualTo(2);
    }

    @Test
    void checkAsJson() {
        String old = TestRecordings.of("v4.2", "sixargs").toString();
        Cli json = Cli.run("check", old, "--only", "vdso-cfi", "--format", "json", "--limit", "1");
        assertThat(json.status()).isEqualTo(1);
        assertThat(json.out()).contains("\"variant\":\"v4.2\",\"cpu\":\"p6\",\"program\":\"sixargs\",\"clean\":false",
                "\"check\":\"vdso-cfi\"", "\"violations\":21", "\"first\":[{\"event\":1,\"position\":");
    }

    @Test
    void matrixTellsEachCombination(@TempDir Path directory) throws Exception {
        Cli text = Cli.run("matrix", "--variants", "v4.2,v4.4,rfc-ecx-fs", "--cpus", "p6,no-sep", "--dir",
                directory.toString(), "sixargs");
        assertThat(text.err()).isEmpty();
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .containsPattern("sixargs +v4.2 +p6 +status 0 +34 +9 IRET, 7 SYSEXIT +INT 0x80 -> IRET .*"
                        + "eflags nt-tf-ac vdso-cfi +call 0, nr=224: pt-regs")
                .containsPattern("sixargs +v4.4 +no-sep +status 0 +34 +16 IRET ")
                .containsPattern("rfc-ecx-fs +p6 .* registers eflags nt-tf-ac ");
        assertThat(text.out().lines().filter(l -> l.contains("v4.4")).toList()).noneMatch(l -> l.contains("call 0"));
        try (var files = Files.list(directory)) {
            assertThat(files.toList()).hasSize(6);
        }
    }

    @Test
    void matrixInOtherFormats() {
        List<String> words = List.of("matrix", "--variants", "v4.4", "--cpus", "k7", "--only", "registers");
        Cli json = run(words, "--format", "json", "getpid-loop 20");
        assertThat(json.out()).startsWith("{\"program\":\"getpid-loop 20\",\"variant\":\"v4.4\",\"architecture\":\"i386\","
                + "\"cpu\":\"k7\",\"end\":\"status 0\"").contains("\"entry\":\"SYSENTER\",\"exit\":\"SYSEXIT\",\"calls\":20");
        assertThat(run(words, "--format", "html", "hello").out()).startsWith("<!DOCTYPE html>")
                .contains("<td>INT 0x80 -&gt; IRET</td>").endsWith("</html>\n");
        assertThat(run(words, "--format", "markdown", "--cost", "--call", "20", "getpid-loop 5").out())
                .matches("(?s)\\| kernel \\| cpu \\| path \\| calls \\| insns \\| cycles \\|\n(\\|---){6}\\|\n"
                        + "\\| v4.4 \\| k7 \\| INT 0x80 -> IRET \\| 5 \\| \\d+ \\| \\d+ \\|\n"
                        + "\\| v4.4 \\| k7 \\| SYSENTER -> SYSEXIT \\| 5 \\| \\d+ \\| \\d+ \\|\n");
    }

    private static Cli run(List<String> words, String... more) {
        Cli c = Cli.run(java.util.stream.Stream.concat(words.stream(), List.of(more).stream()).toArray(String[]::new));
        assertThat(c.err()).isEmpty();
        assertThat(c.status()).isZero();
        return c;
    }

    @Test
    void matrixOfWhatThereIsNot() {
        Cli variant = Cli.run("matrix", "--variants", "v9", "hello");
        assertThat(variant.status()).isEqualTo(2);
        assertThat(variant.err()).startsWith("retrap: unknown variant \"v9\"").hasLineCount(1);
        assertThat(Cli.run("matrix", "--cpus", "z80", "hello").err()).contains("unknown CPU model \"z80\"");
        assertThat(Cli.run("matrix", "nonsense").err()).contains("unknown program \"nonsense\"");
    }
}
