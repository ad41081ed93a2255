package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import dev.retrap.repl.JsonText;
import dev.retrap.repl.TestRecordings;
import dev.retrap.trace.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** record, events, diff and replay, one after the other, as a user runs them. */
class EndToEndTest {
    @ParameterizedTest
    @ValueSource(strings = {"v4.2", "v4.4"})
    void recordListReplay(String variant, @TempDir Path directory) {
        String file = directory.resolve("hello.retrap").toString();
        Cli record = Cli.run("record", "--variant", variant, "hello", "-o", file);
        assertThat(record.status()).isZero();
        assertThat(record.out()).isEqualTo("hello by int $0x80\nhello by __kernel_vsyscall\n");
        assertThat(record.err()).startsWith("retrap: " + file + ": ").contains("events").contains("status 0")
                .hasLineCount(1);

        Cli events = Cli.run("events", file);
        assertThat(events.status()).isZero();
        assertThat(events.err()).isEmpty();
        assertThat(events.out().lines().skip(1)).hasSizeGreaterThan(4).allMatch(l -> l.startsWith("#"));
        assertThat(events.out()).containsPattern("INT 0x80 +write\\(1, 0x\\w+, 19\\) = 19 +IRET #\\d+, [\\d,]+ insns")
                .containsPattern("SYSENTER +write\\(1, 0x\\w+, 27\\) = 27 +SYSEXIT #\\d+, [\\d,]+ insns")
                .containsPattern("SYSEXIT +to 0x\\w+ <\\w+(\\+0x\\w+)?> +ends #\\d+");

        Cli replay = Cli.run("replay", file, "-ex", "goto end", "-ex", "info console", "-batch");
        assertThat(replay.status()).isZero();
        assertThat(replay.out()).endsWith(record.out());
    }

    @Test
    void theGuestsStatusIsTheCommands(@TempDir Path directory) {
        String file = directory.resolve("crash.retrap").toString();
        Cli crash = Cli.run("record", "-o", file, "crash", "divide");
        assertThat(crash.status()).isEqualTo(128 + 8);
        assertThat(crash.err()).contains("powered off with status 136");
        assertThat(Cli.run("run", "crash", "ud2").status()).isEqualTo(128 + 4);
        assertThat(Cli.run("run", "hello").status()).isZero();
    }

    @Test
    void twoRecordingsOfTheSameAreTheSame(@TempDir Path directory) throws Exception {
        Path other = directory.resolve("again.retrap");
        Path first = TestRecordings.of("v4.4", "sixargs");
        assertThat(Cli.run("record", "-q", "-o", other.toString(), "sixargs").err()).isEmpty();
        Cli diff = Cli.run("diff", first.toString(), other.toString());
        assertThat(diff.status()).isZero();
        try (Recording a = Recording.open(first); Recording b = Recording.open(other)) {
            assertThat(a.endPosition()).isEqualTo(b.endPosition());
            assertThat(a.eventCount()).isEqualTo(b.eventCount());
        }
    }

    @Test
    void variantsDiffer() {
        Path a = TestRecordings.of("v4.2", "sixargs");
        Path b = TestRecordings.of("v4.4", "sixargs");
        Cli text = Cli.run("diff", a.toString(), b.toString());
        assertThat(text.status()).isEqualTo(1);
        assertThat(text.out()).contains("v4.2").contains("v4.4");
        Cli json = Cli.run("diff", "--format", "json", a.toString(), b.toString());
        assertThat(json.status()).isEqualTo(1);
        assertThat(JsonText.parse(json.out())).isInstanceOf(Map.class);
        assertThat(json.out()).startsWith("{\"same\":false,\"a\":{\"file\":")
                .contains("\"aspect\":\"pt-regs\"", "\"pathA\":\"SYSENTER -> SYSEXIT\"").endsWith("}\n");
        Cli only = Cli.run("diff", "--only", "kernel-instructions", a.toString(), b.toString());
        assertThat(only.status()).isEqualTo(1);
        assertThat(only.out().length()).isLessThan(text.out().length());
        assertThat(Cli.run("diff", "--only", "result", a.toString(), b.toString()).status()).isZero();
    }

    @Test
    void eventsAsJson() {
        Path file = TestRecordings.of("v4.4", "sixargs");
        Cli events = Cli.run("events", file.toString(), "nr=224", "entry", "--format", "json");
        List<String> lines = events.out().lines().toList();
        assertThat(lines).hasSizeGreaterThan(5);
        for (String line : lines) {
            Map<?, ?> event = (Map<?, ?>) JsonText.parse(line);
            assertThat(event.get("nr")).isEqualTo(224.0);
            assertThat(event.get("call")).isEqualTo("gettid");
            assertThat(event.get("arguments")).isEqualTo(List.of(
                    "0x11111111", "0x22222222", "0x33333333", "0x44444444", "0x55555555", "0x66666666"));
            assertThat(((Map<?, ?>) event.get("before")).get("rbx")).isEqualTo("0x11111111");
            assertThat(((Map<?, ?>) event.get("pt_regs")).get("orig_ax")).isEqualTo("0xe0");
        }
    }

    @Test
    void limitsAndFilters() {
        String file = TestRecordings.of("v4.4", "sixargs").toString();
        Cli two = Cli.run("events", file, "--limit", "2");
        assertThat(two.out()).hasLineCount(3);
        assertThat(two.err()).contains("--limit");
        assertThat(Cli.run("events", file, "kind=SYSEXIT").out().lines().skip(1)).allMatch(l -> l.contains("SYSEXIT"));
        assertThat(Cli.run("events", file, "nr=224", "--raw").out()).contains("0x66666666");
    }

    @ParameterizedTest
    @CsvSource({"always, true", "never, false", "auto, false"})
    void colour(String when, boolean colored) {
        String file = TestRecordings.of("v4.4", "sixargs").toString();
        assertThat(Cli.run("--color=" + when, "events", file).out().contains("\033[")).isEqualTo(colored);
        assertThat(Cli.run("events", "--color", when, file).out().contains("\033[")).isEqualTo(colored);
        assertThat(Cli.run("--color=" + when, "--help").out().contains("\033[")).isEqualTo(colored);
    }

    @Test
    void consoleInputIsRecorded(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("cat.retrap");
        Cli cat = Cli.runWithInput("to be copied\n", "record", "-i", "cat", "-o", file.toString());
        assertThat(cat.status()).isZero();
        assertThat(cat.out()).isEqualTo("to be copied\n");
        Cli replay = Cli.run("replay", file.toString(), "-ex", "info inputs", "-ex", "goto end", "-ex", "info console",
                "-batch");
        assertThat(replay.out()).contains("console: \"to be copied\\n\\004\"").endsWith("to be copied\n");
    }

    @Test
    void stepsEndARun(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("short.retrap");
        Cli record = Cli.run("record", "--steps", "50000", "hello", "-o", file.toString());
        assertThat(record.status()).isZero();
        assertThat(record.err()).contains("50,000 positions").contains("--steps 50000");
        try (Recording r = Recording.open(file)) {
            assertThat(r.endPosition()).isEqualTo(50_000);
        }
    }

    @Test
    void aTruncatedRecordingOpensAndSaysSo(@TempDir Path directory) throws Exception {
        byte[] whole = Files.readAllBytes(TestRecordings.of("v4.4", "getpid-loop", "20000"));
        Path cut = Files.write(directory.resolve("cut.retrap"), Arrays.copyOf(whole, whole.length * 9 / 10));
        Cli events = Cli.run("events", cut.toString(), "--limit", "3");
        assertThat(events.status()).isZero();
        assertThat(events.out()).hasLineCount(4);
        assertThat(events.err()).contains("cut.retrap").doesNotContain("Exception");
        assertThat(events.err().lines().findFirst().orElseThrow()).startsWith("retrap: ");
        Cli replay = Cli.run("replay", cut.toString(), "-ex", "goto 50%", "-ex", "info program", "-batch");
        assertThat(replay.status()).isZero();
        assertThat(replay.out()).contains("truncated");
    }

    @Test
    void scriptsFromStandardInput() {
        String file = TestRecordings.of("v4.4", "sixargs").toString();
        Cli good = Cli.runWithInput("break __kernel_vsyscall\ncontinue\n\nprint $ebx\n", "replay", file);
        assertThat(good.status()).isZero();
        assertThat(good.out()).contains("Breakpoint 1, __kernel_vsyscall").endsWith("$1 = 286331153\n")
                .doesNotContain("(retrap)");
        Cli bad = Cli.runWithInput("nonsense\nprint 1\nquit\nprint 2\n", "replay", file);
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.err()).isEqualTo("Undefined command: \"nonsense\".  Try \"help\".\n");
        assertThat(bad.out()).isEqualTo("$1 = 1\n");
    }

    @Test
    void optionsOfReplayAreDoneInTheirOrder(@TempDir Path directory) throws Exception {
        String file = TestRecordings.of("v4.4", "sixargs").toString();
        Path script = Files.writeString(directory.resolve("a script.gdb"), "print 2\n");
        Cli replay = Cli.run("replay", "-ex", "print 1", "-x", script.toString(), file, "-ex", "print 3", "-batch");
        assertThat(replay.out()).isEqualTo("$1 = 1\n$2 = 2\n$3 = 3\n");
        Files.writeString(script, "print 1\nnonsense\nprint 2\n");
        Cli failed = Cli.run("replay", file, "-x", script.toString(), "-batch");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).isEqualTo("$1 = 1\n");
        assertThat(failed.err()).contains("a script.gdb:2: Error in sourced command file");
    }

    @Test
    void theDemoTellsWhatTheRecordingsSay(@TempDir Path directory) throws Exception {
        Cli demo = Cli.run("demo", "--dir", directory.resolve("d").toString());
        assertThat(demo.err()).isEmpty();
        assertThat(demo.status()).isZero();
        assertThat(demo.out()).containsPattern("returns to +VS\\+16 +VS\\+9")
                .containsPattern("exit instruction +SYSEXIT +SYSEXIT")
                .containsPattern("EFLAGS after SYSEXIT +0x00000246 +0x00000296")
                .containsPattern("kernel instructions +\\d+ +\\d+")
                .containsPattern("EBP after +0x00000010 +0x00000000")
                .contains("target remote");
        // Every file that it names can be opened.
        for (String name : List.of("sixargs-v4.2", "sixargs-v4.4", "badstack-v4.2", "badstack-v4.4")) {
            String file = directory.resolve("d").resolve(name + ".retrap").toString();
            assertThat(Cli.run("events", file).status()).isZero();
        }
    }

    @Test
    void listsAndDisassembly() {
        assertThat(Cli.run("variants").out()).contains("v4.2").contains("v4.4").contains("sixargs");
        assertThat(Cli.run("cpus").out()).contains("p6");
        assertThat(Cli.run("disasm", "--hex", "0f 34 cd 80 c3").out())
                .containsPattern("0:\\s+0f 34\\s+sysenter").containsPattern("2:\\s+cd 80\\s+int +\\$0x80");
        assertThat(Cli.run("disasm", "--mode", "64", "--hex", "0f05", "--syntax", "intel").out()).contains("syscall");
        assertThat(Cli.run("disasm", "v4.4", "entry_SYSENTER_32").out())
                .contains("<entry_SYSENTER_32>:").contains("sysexit");
        assertThat(Cli.run("disasm", "hello").out()).contains("<_start>:");
    }

    @Test
    void version() {
        Cli version = Cli.run("--version");
        assertThat(version.status()).isZero();
        assertThat(version.out()).matches("(?s)retrap \\d+\\.\\d+\\.\\d+\\R.*Java 2\\d.*");
    }
}
