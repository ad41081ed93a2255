package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import dev.retrap.repl.TestRecordings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the user gets wrong is one line that says what and what to do, and exit status 2. */
class BadInputTest {
    @TempDir
    private static Path directory;

    /**
     * A wrong use.
     *
     * @param words the command
     * @param expected what the line has in it
     */
    record Wrong(List<String> words, String... expected) {
        static Wrong of(String command, String... expected) {
            return new Wrong(List.of(command.split(" ")), expected);
        }

        @Override
        public String toString() {
            return String.join(" ", words);
        }
    }

    static Stream<Wrong> wrongUses() throws IOException {
        String d = directory.toString();
        Files.writeString(directory.resolve("text"), "this is no recording and no program\n");
        Files.write(directory.resolve("empty"), new byte[0]);
        Files.write(directory.resolve("elf"), new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1, 0});
        byte[] newer = Files.readAllBytes(TestRecordings.of("v4.4", "hello"));
        // The format's version follows the signature; see the recording's documentation.
        newer[5] = 99;
        Files.write(directory.resolve("newer"), newer);
        String good = TestRecordings.of("v4.4", "hello").toString();
        return Stream.of(
                Wrong.of("nonsense", "no command nonsense", "--help"),
                Wrong.of("evnts", "did you mean events?"),
                Wrong.of("--nonsense", "unknown option --nonsense"),
                Wrong.of("record", "a program is missing", "hello"),
                Wrong.of("record nosuch", "no program nosuch", "hello"),
                Wrong.of("record ./nosuch", "./nosuch does not exist"),
                Wrong.of("record " + d + "/text", "text: not an ELF file"),
                Wrong.of("record " + d + "/empty", "empty"),
                Wrong.of("record " + d + "/elf", "elf"),
                Wrong.of("record " + d, "is a directory"),
                Wrong.of("record hello --varint v4.2", "did you mean --variant?"),
                Wrong.of("record hello --fast", "put -- before its arguments"),
                Wrong.of("record hello --variant v9", "unknown variant \"v9\"", "v4.4"),
                Wrong.of("record hello --cpu z80", "unknown CPU model \"z80\"", "p6"),
                Wrong.of("record hello --ram lots", "--ram lots", "32M"),
                Wrong.of("record hello --ram 5", "--ram 5"),
                Wrong.of("record hello --kernel x --variant v4.4", "exclude each other"),
                Wrong.of("record --kernel " + d + "/text", "text: not an ELF file"),
                Wrong.of("record hello -o " + d, "is a directory"),
                Wrong.of("record hello -o " + d + "/text", "no recording", "-o"),
                Wrong.of("record hello -o " + d + "/no/such/dir", "cannot write"),
                Wrong.of("record hello --steps many", "--steps", "many"),
                Wrong.of("events", "FILE"),
                Wrong.of("events nosuch", "nosuch"),
                Wrong.of("events " + d, "is a directory"),
                Wrong.of("events " + d + "/text", "not a Retrap recording"),
                Wrong.of("events " + d + "/empty", "empty"),
                Wrong.of("events " + d + "/newer", "newer"),
                Wrong.of("events " + good + " nonsense", "event filter", "nonsense"),
                Wrong.of("events " + good + " --format xml", "xml", "text, json"),
                Wrong.of("events " + good + " --limit -1", "--limit"),
                Wrong.of("diff " + good, "B"),
                Wrong.of("diff " + good + " nosuch", "nosuch"),
                Wrong.of("diff " + good + " " + good + " " + good, "too many arguments"),
                Wrong.of("diff --only colour " + good + " " + good, "no aspect colour", "eflags"),
                Wrong.of("replay nosuch", "nosuch"),
                Wrong.of("replay " + d + "/newer", "newer"),
                Wrong.of("replay " + good + " -ex", "-ex"),
                Wrong.of("serve nosuch.retrap", "nosuch.retrap"),
                Wrong.of("serve --listen nowhere:x hello", "--listen nowhere:x", "port"),
                Wrong.of("serve --listen ::1:5 hello", "brackets"),
                Wrong.of("serve --ram 64M " + good, "is a recording"),
                Wrong.of("disasm nosuch", "nosuch is no file, variant or program"),
                Wrong.of("disasm v4.4 nosuch", "no symbol nosuch"),
                Wrong.of("disasm --hex 0f3", "two hexadecimal digits"),
                Wrong.of("disasm --mode 8 --hex 90", "16, 32 or 64"),
                Wrong.of("demo --dir " + d + "/text/x", "cannot be made"),
                Wrong.of("--color=purple cpus", "purple", "auto, always, never"));
    }

    @ParameterizedTest
    @MethodSource("wrongUses")
    void oneLineAndStatusTwo(Wrong wrong) {
        Cli result = Cli.run(wrong.words.toArray(String[]::new));
        assertThat(result.err()).startsWith("retrap: ").hasLineCount(1).contains(wrong.expected)
                .doesNotContain("Exception").doesNotContain("internal error");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void debugShowsWhereItComesFrom() {
        Cli result = Cli.run("--debug", "events", "nosuch");
        assertThat(result.err()).startsWith("retrap: ").contains("\tat dev.retrap.");
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void aPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli result = Cli.run("serve", "--listen", "127.0.0.1:" + taken.getLocalPort(),
                    TestRecordings.of("v4.4", "hello").toString());
            assertThat(result.err()).startsWith("retrap: ").hasLineCount(1).contains("port is in use");
            assertThat(result.status()).isEqualTo(2);
        }
    }

    @Test
    void aFileThatIsNoRecordingIsNotOverwritten() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "do not lose me");
        assertThat(Cli.run("record", "hello", "-o", precious.toString()).status()).isEqualTo(2);
        assertThat(precious).hasContent("do not lose me");
        Path recording = directory.resolve("twice.retrap");
        assertThat(Cli.run("record", "hello", "-o", recording.toString()).status()).isZero();
        assertThat(Cli.run("record", "hello", "-o", recording.toString()).status()).isZero();
    }

    @Test
    void aDynamicProgramWithoutItsLoader() {
        Path self = Path.of("/proc/self/exe");
        if (Files.exists(self)) {
            Cli result = Cli.run("record", self.toString());
            assertThat(result.err()).contains("dynamically linked").hasLineCount(1);
        }
    }
}
