package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.repl.TestRecordings;
import dev.retrap.repl.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gdb and our own program as a user starts them: ways to connect, the extension, what gdbserver prints. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GdbTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needsGdb() {
        assumeTrue(Tools.has("gdb"), "gdb is not installed");
    }

    private static List<String> retrap(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Tools.java(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", Tools.classPath(), "dev.retrap.repl.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    /** What a program prints, on both streams. */
    private static String output(List<String> words) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(words).redirectErrorStream(true).start();
        p.getOutputStream().close();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static String gdb(String... commands) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("gdb", "-nx", "-q", "-batch"));
        for (String command : commands) {
            words.addAll(List.of("-ex", command));
        }
        return output(words);
    }

    /** A copy, beside which branches may come to lie. */
    private Path recording() throws IOException {
        return Files.copy(TestRecordings.of("v4.4", "hello"), directory.resolve("hello.retrap"));
    }

    @Test
    void overAPipe() throws Exception {
        String command = String.join(" ", retrap("serve", "-", recording().toString()).stream()
                .map(w -> "'" + w + "'").toList());
        assertThat(gdb("target remote | " + command, "tbreak main", "continue", "info os variants"))
                .contains("Temporary breakpoint 1, main (").contains("v4.2").contains("v4.4");
    }

    @Test
    void overAUnixDomainSocket() throws Exception {
        Path socket = directory.resolve("s");
        Process p = new ProcessBuilder(retrap("serve", "--once", "--listen", "unix:" + socket, recording().toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(p.inputReader().readLine()).isEqualTo("Listening on " + socket + ". Attach with:");
        assertThat(gdb("target remote " + socket, "tbreak main", "continue"))
                .contains("Temporary breakpoint 1, main (");
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p.exitValue()).isZero();
    }

    @Test
    void theExtensionsCommands() throws Exception {
        Path file = recording();
        byte[] before = Files.readAllBytes(file);
        List<String> words = retrap("gdb", file.toString(), "-nx", "-batch");
        for (String command : List.of("retrap goto user", "retrap events syscall", "retrap goto next syscall",
                "retrap when", "retrap diff event 2", "retrap goto end", "retrap last-write vsyscall", "retrap goto user",
                "retrap branch what-if", "set $eax = 1", "retrap branch", "retrap branch main", "print $eax",
                "help retrap")) {
            words.addAll(List.of("-ex", command));
        }
        String said = output(words);
        assertThat(said).containsSubsequence("_start () at ", "> event 1 ", "INT 0x80", "next event 1 of ",
                "eax            4 -> ", "position ", " wrote ", "branch what-if begins here, recorded in "
                        + directory.resolve("hello.what-if.retrap"),
                "  main\n* what-if\n", "$1 = 0", "retrap branch", "retrap diff", "retrap events", "retrap goto",
                "retrap last-write", "retrap when");
        assertThat(directory.resolve("hello.what-if.retrap")).exists();
        assertThat(Files.readAllBytes(file)).as("the recording").isEqualTo(before);
    }

    @Test
    void gdbserversLines() throws Exception {
        Process p = new ProcessBuilder(retrap("gdbserver", "127.0.0.1:0", "hello")).redirectErrorStream(true).start();
        BufferedReader lines = p.inputReader();
        assertThat(lines.readLine()).isEqualTo("Process hello created; pid = 1");
        String listening = lines.readLine();
        assertThat(listening).matches("Listening on port \\d+");
        String port = listening.replaceAll("\\D", "");
        assertThat(gdb("target remote localhost:" + port, "break main", "continue", "next", "reverse-next", "delete",
                "continue")).contains("Breakpoint 1, main (").contains("[Inferior 1 (process 1) exited normally]");
        assertThat(lines.readLine()).matches("Remote debugging from host 127.0.0.1, port \\d+");
        assertThat(lines.lines().toList()).contains("Child exited with status 0");
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p.exitValue()).isZero();
    }

    @Test
    void listeningBeyondLoopbackIsWarnedOf() throws Exception {
        for (List<String> words : List.of(
                retrap("gdbserver", "--once", "0.0.0.0:0", "hello"),
                retrap("serve", "--once", "--listen", "0.0.0.0:0", recording().toString()))) {
            Process p = new ProcessBuilder(words).redirectErrorStream(true).start();
            assertThat(p.inputReader().readLine())
                    .startsWith("retrap: warning: listening on 0.0.0.0:0: whoever can reach it can ");
            p.destroy();
            assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
