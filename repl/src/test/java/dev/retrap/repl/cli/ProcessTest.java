package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.repl.TestRecordings;
import dev.retrap.repl.Tools;
import dev.retrap.trace.EndStatus;
import dev.retrap.trace.Recording;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: signals, closed pipes, full disks, a terminal. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ProcessTest {
    @TempDir
    private Path directory;

    private static List<String> retrap(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Tools.java(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", Tools.classPath(), "dev.retrap.repl.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    private static void interrupt(Process p) throws Exception {
        new ProcessBuilder("kill", "-INT", String.valueOf(p.pid())).inheritIO().start().waitFor();
    }

    /** Children of a shell in the background have Ctrl-C ignored; this one does not. */
    private static boolean interruptsAreDelivered() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return true;
        }
        String ignored = Files.readAllLines(status).stream().filter(l -> l.startsWith("SigIgn:")).findFirst()
                .orElse("SigIgn: 0").replace("SigIgn:", "").strip();
        return (Long.parseUnsignedLong(ignored, 16) & 2) == 0;
    }

    @Test
    void ctrlCEndsARecordingWhole() throws Exception {
        assumeTrue(Tools.has("kill") && interruptsAreDelivered(), "SIGINT is ignored here");
        Path file = directory.resolve("endless.retrap");
        File err = directory.resolve("err").toFile();
        Process p = new ProcessBuilder(retrap("record", "-o", file.toString(), "getpid-loop", "4000000000"))
                .redirectError(err).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        waitFor(() -> Files.exists(file) && file.toFile().length() > 1_000_000);
        interrupt(p);
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p.exitValue()).isEqualTo(130);
        assertThat(err).content().startsWith("retrap: ").contains("interrupted").hasLineCount(1);
        try (Recording r = Recording.open(file)) {
            assertThat(r.truncation()).isEmpty();
            assertThat(r.endStatus()).isInstanceOf(EndStatus.Interrupted.class);
            assertThat(r.eventCount()).isGreaterThan(1000);
        }
    }

    @Test
    void ctrlCEndsAServer() throws Exception {
        assumeTrue(Tools.has("kill") && interruptsAreDelivered(), "SIGINT is ignored here");
        Process p = new ProcessBuilder(retrap("serve", "--listen", ":0", TestRecordings.of("v4.4", "hello").toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String first = p.inputReader().readLine();
        assertThat(first).startsWith("Listening on 127.0.0.1:");
        assertThat(p.inputReader().readLine()).contains("gdb -ex 'target remote 127.0.0.1:");
        interrupt(p);
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p.exitValue()).isEqualTo(130);
    }

    @Test
    void aReaderThatGoesAwayEndsTheListing() throws Exception {
        Process p = new ProcessBuilder(retrap("events", TestRecordings.of("v4.4", "getpid-loop", "20000").toString()))
                .redirectError(directory.resolve("err").toFile()).start();
        p.inputReader().readLine();
        p.getInputStream().close();
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p.exitValue()).isEqualTo(141);
        assertThat(directory.resolve("err")).isEmptyFile();
    }

    @Test
    void aFullDiskIsSaid() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
        File err = directory.resolve("err").toFile();
        Process p = new ProcessBuilder(retrap("events", TestRecordings.of("v4.4", "hello").toString()))
                .redirectOutput(new File("/dev/full")).redirectError(err).start();
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(p.exitValue()).isEqualTo(2);
        assertThat(err).content().startsWith("retrap: cannot write standard output").hasLineCount(1);
    }

    @Test
    void aSessionAtATerminal() throws Exception {
        assumeTrue(Tools.has("tmux"), "tmux is not installed");
        String socket = "retrap-test-" + ProcessHandle.current().pid();
        Path state = directory.resolve("state");
        List<String> words = retrap("replay", TestRecordings.of("v4.4", "getpid-loop", "20000").toString());
        words.add(1, "-Dretrap.terminals=012");
        // Ctrl-C reaches the shell as well: without a trap it would die of it and take the terminal along.
        String command = "trap : INT; XDG_STATE_HOME=" + state + " "
                + String.join(" ", words.stream().map(ProcessTest::quoted).toList())
                + "; echo \"status $?\"; sleep 100";
        Path script = Files.writeString(directory.resolve("session.sh"), command);
        tmux(socket, "new-session", "-d", "-x", "150", "-y", "50", "sh " + script);
        try {
            screen(socket, s -> s.contains("(retrap)"));
            // Completion by the tabulator, repetition by an empty line.
            type(socket, "break __kernel_vs\t", "Enter");
            screen(socket, s -> s.contains("Breakpoint 1 at"));
            type(socket, "continue", "Enter");
            screen(socket, s -> s.contains("Breakpoint 1, __kernel_vsyscall"));
            type(socket, "stepi", "Enter");
            screen(socket, s -> s.contains("__kernel_vsyscall+0x1>"));
            tmux(socket, "send-keys", "-t", "0", "Enter");
            screen(socket, s -> s.contains("__kernel_vsyscall+0x2>"));
            // A ! is no history expansion.
            type(socket, "print !0", "Enter");
            screen(socket, s -> s.contains("$1 = 1"));
            // Ctrl-C ends the command, not the session.
            type(socket, "tbreak *0x1 if 1", "Enter");
            type(socket, "delete 1", "Enter");
            type(socket, "ignore 2 1", "Enter");
            type(socket, "break __kernel_vsyscall if 0 == 1", "Enter");
            screen(socket, s -> s.contains("Breakpoint 3 at"));
            // Ctrl-C also drops what is typed ahead: one command at a time.
            type(socket, "goto end", "Enter");
            screen(socket, s -> s.contains("machine_power_off"));
            type(socket, "reverse-continue", "Enter");
            screen(socket, s -> s.contains("(retrap) reverse-continue"));
            Thread.sleep(200);
            tmux(socket, "send-keys", "-t", "0", "C-c");
            screen(socket, s -> s.contains("Interrupted.") || s.contains("No more reverse-execution history"));
            type(socket, "print 40 + 2", "Enter");
            screen(socket, s -> s.contains("= 42"));
            type(socket, "quit", "Enter");
            screen(socket, s -> s.contains("status 0"));
            assertThat(state.resolve("retrap/history")).content().contains("print !0");
        } finally {
            tmux(socket, "kill-server");
        }
    }

    private static String quoted(String word) {
        return "'" + word + "'";
    }

    private static void type(String socket, String text, String key) throws Exception {
        tmux(socket, "send-keys", "-t", "0", "-l", text);
        tmux(socket, "send-keys", "-t", "0", key);
    }

    private static String tmux(String socket, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("tmux", "-L", socket, "-f", "/dev/null"));
        words.addAll(List.of(arguments));
        Process p = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(p.getInputStream().readAllBytes());
        p.waitFor();
        return output;
    }

    private static void screen(String socket, Predicate<String> expected) throws Exception {
        String[] last = new String[1];
        waitFor(() -> {
            last[0] = tmux(socket, "capture-pane", "-p", "-t", "0");
            return expected.test(last[0]);
        }, () -> "the screen is\n" + last[0]);
    }

    /** Something that comes true in time. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void waitFor(Condition condition) throws Exception {
        waitFor(condition, () -> "it did not happen");
    }

    private static void waitFor(Condition condition, Supplier<String> failure) throws Exception {
        // Long enough for a machine that does much else; it is no measurement.
        for (int i = 0; i < 1200; i++) {
            if (condition.holds()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(failure.get());
    }
}
