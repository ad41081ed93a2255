package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.fixtures.Fixtures;
import dev.retrap.repl.Cli;
import dev.retrap.repl.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified Linux programs: compiled here with the C library of the host, where there is one for i386. */
class LinuxProgramsTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void needsACompiler() throws Exception {
        assumeTrue(Tools.has("gcc"), "gcc is not installed");
        Files.writeString(directory.resolve("probe.c"), "#include <stdio.h>\nint main(void) { return puts(\"\"); }\n");
        assumeTrue(compile("probe.c", "probe") == 0, "gcc -m32 -static does not work here");
        Path etc = Files.createDirectories(directory.resolve("root/etc"));
        Files.writeString(etc.resolve("motd"), "welcome\n");
        Files.createSymbolicLink(etc.resolve("issue"), Path.of("motd"));
        Files.createDirectories(directory.resolve("root/bin"));
    }

    private static int compile(String source, String program) throws IOException, InterruptedException {
        Process gcc = new ProcessBuilder("gcc", "-m32", "-static", "-O1", "-w", "-o", program, source, "-lpthread", "-lm")
                .directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("gcc.log").toFile()).start();
        assertThat(gcc.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return gcc.exitValue();
    }

    private static String built(String name) throws Exception {
        try (InputStream in = LinuxProgramsTest.class.getResourceAsStream("/dev/retrap/repl/linux/" + name + ".c")) {
            Files.write(directory.resolve(name + ".c"), in.readAllBytes());
        }
        assertThat(compile(name + ".c", name)).as(Files.readString(directory.resolve("gcc.log"))).isZero();
        return directory.resolve(name).toString();
    }

    private static List<String> run(String name) throws Exception {
        Cli run = Cli.run("run", built(name));
        /* The C library tries these first, and does without. */
        assertThat(run.err().lines()).allMatch(l -> l.matches("retrap: missing system call (rseq|clone3) .*"));
        assertThat(run.status()).isZero();
        if (Tools.has("qemu-system-i386")) {
            assertThat(underQemu(name)).isEqualTo(run.out());
        }
        return run.out().lines().toList();
    }

    /** The console of the same kernel and program under QEMU. */
    private static String underQemu(String name) throws Exception {
        Path kernel = Files.write(directory.resolve("kernel"), Fixtures.kernel(GuestOptions.DEFAULT_VARIANT));
        Path console = directory.resolve("console");
        Process qemu = new ProcessBuilder("qemu-system-i386", "-accel", "tcg", "-M", "isapc", "-cpu", "pentium3",
                "-m", "32", "-nodefaults", "-no-user-config", "-display", "none", "-serial", "file:" + console,
                "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", kernel.toString(),
                "-initrd", directory.resolve(name).toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertThat(qemu.waitFor(60, TimeUnit.SECONDS)).as("the guest powers off").isTrue();
        } finally {
            qemu.destroyForcibly();
        }
        return Files.readString(console);
    }

    @Test
    void stdioAndTheFileTree() throws Exception {
        String hello = built("hello");
        Files.copy(Path.of(hello), directory.resolve("root/bin/hello"));
        Cli run = Cli.run("run", "--root", directory.resolve("root").toString(), "/bin/hello", "a b", "it's \"quoted\"");
        assertThat(run.err()).contains("powered off with status 3");
        assertThat(run.out().lines()).containsExactly("3 arguments: hello|it's \"quoted\", HOME=/", "4.500 2.449",
                "exe /hello, cwd /", "motd: welcome", "etc: .", "etc: ..", "etc: issue", "etc: motd");
        assertThat(run.status()).isEqualTo(3);
    }

    @Test
    void processes() throws Exception {
        assertThat(run("processes")).hasSize(7).contains("read 15: from the child", "exit 7, private 1, shared 2",
                "five children, sum 10, then -1", "executed with a word, parent lives: 1", "spawned: exit 42",
                "killed by 11").anyMatch(l -> l.startsWith("processes[9]: segfault at 0 ip "));
    }

    @Test
    void threads() throws Exception {
        assertThat(run("threads")).containsExactly("sum 50000, results 10, main's own 0");
    }

    @Test
    void signals() throws Exception {
        assertThat(run("signals")).containsExactly("read 1, alarms came: 1, x 1.25", "read -1: Interrupted system call",
                "signal 10, code 0", "signal 10, code -6", "fault at 1234", "stopped 1 by 19", "exit 5",
                "signal 10, code 0", "sigsuspend -1: Interrupted system call");
    }

    @Test
    void aTracer() throws Exception {
        assertThat(run("tracer")).containsExactly("stopped by 19", "enters getppid ", "leaves getppid ", "enters getuid ",
                "leaves getuid ", "word 12345678", "5 steps, nr -1", "event 1, of a child: 1",
                "the new child stopped by 19", "event 6", "exit 9");
    }

    @Test
    void callsThatThereAreNotAreNamed() throws Exception {
        Files.writeString(directory.resolve("missing.c"), """
                #include <sys/syscall.h>
                #include <unistd.h>
                int main(void) { syscall(SYS_swapoff, 0); syscall(SYS_swapoff, 0); return 0; }
                """);
        assertThat(compile("missing.c", "missing")).isZero();
        Cli run = Cli.run("run", directory.resolve("missing").toString());
        assertThat(run.err()).contains("missing system call swapoff (115), 2 times; the guest got -ENOSYS");
    }

    @Test
    void aTreeThatIsNotThere() {
        Cli run = Cli.run("run", "--root", directory.resolve("nowhere").toString(), "hello");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("retrap: --root ").contains("does not exist").hasLineCount(1);
        assertThat(Cli.run("run", "--root", directory.resolve("probe.c").toString(), "hello").status()).isEqualTo(255);
    }
}
