package dev.retrap.repl.cli;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.repl.Cli;
import dev.retrap.repl.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Unmodified Linux programs: compiled here with the C libraries of the host, those that there are, and its busybox. 32-bit
 * ones run on kernels of either architecture.
 */
class LinuxProgramsTest {
    private static final Path MUSL_32 = Path.of("/usr/lib/i386-linux-musl");

    @TempDir
    static Path directory;

    /** A compiler that links against one C library. */
    enum Toolchain {
        GLIBC_32(32, List.of("gcc", "-m32", "-static"), List.of("-lpthread", "-lm")),
        GLIBC_64(64, List.of("gcc", "-static"), List.of("-lpthread", "-lm")),
        MUSL_32(32, List.of("gcc", "-m32", "-static", "-nostdinc", "-isystem", "/usr/include/i386-linux-musl",
                "-nostdlib", "-fno-stack-protector", LinuxProgramsTest.MUSL_32 + "/crt1.o",
                LinuxProgramsTest.MUSL_32 + "/crti.o"),
                List.of(LinuxProgramsTest.MUSL_32 + "/libc.a", "-lgcc", LinuxProgramsTest.MUSL_32 + "/crtn.o")),
        MUSL_64(64, List.of("musl-gcc", "-static"), List.of());

        private final int bits;
        private final List<String> command;
        private final List<String> libraries;
        private final Set<String> built = new HashSet<>();
        private String missing;

        Toolchain(int bits, List<String> command, List<String> libraries) {
            this.bits = bits;
            this.command = command;
            this.libraries = libraries;
        }

        private int compile(String source, Path program) throws IOException, InterruptedException {
            List<String> words = new ArrayList<>(command);
            words.addAll(List.of("-O1", "-w", "-o", program.toString(), source));
            words.addAll(libraries);
            Process gcc = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("gcc.log").toFile()).start();
            assertThat(gcc.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return gcc.exitValue();
        }

        /** Why it cannot be used; empty if it can. */
        private String missing() throws Exception {
            if (missing == null) {
                Files.writeString(directory.resolve("probe.c"),
                        "#include <stdio.h>\nint main(void) { return puts(\"\"); }\n");
                missing = !Tools.has(command.getFirst()) ? command.getFirst() + " is not installed"
                        : compile("probe.c", directory.resolve("probe")) == 0 ? ""
                        : String.join(" ", command) + " does not work here";
            }
            return missing;
        }

        /** Compiles a source of the tests' resources; skips the test without the compiler. */
        Path build(String name) throws Exception {
            assumeTrue(missing().isEmpty(), missing);
            Path program = Files.createDirectories(directory.resolve(name())).resolve(name);
            if (built.add(name)) {
                String source = "/dev/retrap/repl/linux/" + name + ".c";
                try (InputStream in = LinuxProgramsTest.class.getResourceAsStream(source)) {
                    Files.write(directory.resolve(name + ".c"), in.readAllBytes());
                }
                assertThat(compile(name + ".c", program)).as(Files.readString(directory.resolve("gcc.log"))).isZero();
            }
            return program;
        }
    }

    /** Where a program runs. */
    enum Target {
        GLIBC_ON_I386(Toolchain.GLIBC_32, "i386"), MUSL_ON_I386(Toolchain.MUSL_32, "i386"),
        GLIBC_COMPAT(Toolchain.GLIBC_32, "x86_64"),
        GLIBC_ON_X86_64(Toolchain.GLIBC_64, "x86_64"), MUSL_ON_X86_64(Toolchain.MUSL_64, "x86_64");

        private final Toolchain toolchain;
        private final String arch;

        Target(Toolchain toolchain, String arch) {
            this.toolchain = toolchain;
            this.arch = arch;
        }

        /** The console's lines. */
        List<String> run(String name) throws Exception {
            Path program = toolchain.build(name);
            Cli run = Cli.run("run", "--arch", arch, program.toString());
            /* The C library tries these first, and does without. */
            assertThat(run.err().lines()).allMatch(l -> l.matches("retrap: missing system call (rseq|clone3) .*"));
            assertThat(run.status()).isZero();
            if (this == GLIBC_ON_I386 && Tools.has("qemu-system-i386")) {
                assertThat(underQemu(program)).isEqualTo(run.out());
            }
            return run.out().lines().toList();
        }
    }

    @BeforeAll
    static void makeTree() throws Exception {
        Path etc = Files.createDirectories(directory.resolve("root/etc"));
        Files.writeString(etc.resolve("motd"), "welcome\n");
        Files.createSymbolicLink(etc.resolve("issue"), Path.of("motd"));
        Files.createDirectories(directory.resolve("root/bin"));
    }

    /** The console of the same kernel and program under QEMU. */
    private static String underQemu(Path program) throws Exception {
        Path kernel = Files.write(directory.resolve("kernel"), Fixtures.kernel(GuestOptions.DEFAULT_VARIANT));
        Path console = directory.resolve("console");
        Process qemu = new ProcessBuilder("qemu-system-i386", "-accel", "tcg", "-M", "isapc", "-cpu", "pentium3",
                "-m", "32", "-nodefaults", "-no-user-config", "-display", "none", "-serial", "file:" + console,
                "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", kernel.toString(),
                "-initrd", program.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertThat(qemu.waitFor(60, TimeUnit.SECONDS)).as("the guest powers off").isTrue();
        } finally {
            qemu.destroyForcibly();
        }
        return Files.readString(console);
    }

    @ParameterizedTest
    @EnumSource
    void stdioAndTheFileTree(Target target) throws Exception {
        Files.copy(target.toolchain.build("hello"), directory.resolve("root/bin/hello"), REPLACE_EXISTING);
        Cli run = Cli.run("run", "--arch", target.arch, "--root", directory.resolve("root").toString(), "/bin/hello", "a b",
                "it's \"quoted\"");
        assertThat(run.err()).contains("powered off with status 3");
        assertThat(run.out().lines()).containsExactly("3 arguments: hello|it's \"quoted\", HOME=/", "4.500 2.449",
                "exe /hello, cwd /", "motd: welcome", "etc: .", "etc: ..", "etc: issue", "etc: motd",
                "maps: code of /hello", "maps: data of /hello", "maps: data of [stack]");
        assertThat(run.status()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void processes(Target target) throws Exception {
        assertThat(target.run("processes")).hasSize(7).contains("read 15: from the child", "exit 7, private 1, shared 2",
                "five children, sum 10, then -1", "executed with a word, parent lives: 1", "spawned: exit 42",
                "killed by 11").anyMatch(l -> l.startsWith("processes[9]: segfault at 0 ip "));
    }

    @ParameterizedTest
    @EnumSource
    void threads(Target target) throws Exception {
        assertThat(target.run("threads")).containsExactly("sum 50000, results 10, main's own 0");
    }

    @ParameterizedTest
    @EnumSource
    void signals(Target target) throws Exception {
        assertThat(target.run("signals")).containsExactly("read 1, alarms came: 1, x 1.25", "read -1: Interrupted system call",
                "signal 10, code 0", "signal 10, code -6", "fault at 1234", "stopped 1 by 19", "exit 5",
                "signal 10, code 0", "sigsuspend -1: Interrupted system call");
    }

    @ParameterizedTest
    @EnumSource
    void aTracer(Target target) throws Exception {
        assertThat(target.run("tracer")).containsExactly("stopped by 19", "enters getppid ", "leaves getppid ", "enters getuid ",
                "leaves getuid ", "word 12345678", "5 steps, nr -1", "event 1, of a child: 1",
                "the new child stopped by 19", "event 6", "exit 9");
    }

    /** Register sets have the tracee's layout, PTRACE_GETREGS the tracer's, also of an i386 program under a 64-bit one. */
    @ParameterizedTest
    @CsvSource({"GLIBC_ON_I386, GLIBC_32", "GLIBC_COMPAT, GLIBC_32", "GLIBC_ON_X86_64, GLIBC_64", "GLIBC_ON_X86_64, GLIBC_32"})
    void aTracerOfAnotherProgram(Target target, Toolchain executed) throws Exception {
        Path root = Files.createDirectories(directory.resolve("traced"));
        Files.copy(executed.build("close77"), root.resolve("close77"), REPLACE_EXISTING);
        Path tracer = target.toolchain.build("regsets");
        Cli run = Cli.run("run", "--arch", target.arch, "--root", root.toString(), tracer.toString(), "/close77");
        assertThat(run.err().lines()).allMatch(l -> l.startsWith("retrap: missing system call rseq "));
        assertThat(run.status()).isZero();
        String own = target.toolchain.bits == 64 ? "general 216, a part 16, not words -22, floating point 512, no such set -22"
                : "general 68, a part 16, not words -22, floating point 108, no such set -22";
        List<String> lines = new ArrayList<>(List.of("signal 10, code 0, from itself 1", "set 0: code -1, value 99", own,
                own.startsWith("general 216") ? "back 216, cs user 3" : "back 68, cs user 3", "enters close 1 of 77"));
        if (target.toolchain.bits == 64) {
            lines.add("fs set 0, got 0: 1234000, too high -1");
        }
        lines.addAll(List.of("event 4", executed.bits == 64
                ? "general 216, a part 16, not words -22, floating point 512, no such set -22"
                : "general 68, a part 16, not words -22, floating point 108, no such set -22",
                executed.bits == 64 ? "back 216, cs user 3" : "back 68, cs user 3",
                "stop 133, all registers " + (target.toolchain.bits == 64 ? 216 : 68) + " bytes",
                "a call of the program's, number " + (executed.bits == 64 ? 3 : 6) + ", argument 77", "exit 5"));
        assertThat(run.out().lines()).containsExactlyElementsOf(lines);
    }

    @ParameterizedTest
    @EnumSource
    void callsThatThereAreNotAreNamed(Target target) throws Exception {
        Cli run = Cli.run("run", "--arch", target.arch, target.toolchain.build("missing").toString());
        assertThat(run.err()).contains("missing system call swapoff (" + (target.toolchain.bits == 32 ? 115 : 168)
                + "), 2 times; the guest got -ENOSYS");
    }

    /** A script of pipes, processes, archives, checksums and signals prints what it prints on this machine. */
    @Test
    void busybox() throws Exception {
        Path busybox = Stream.of("/bin/busybox", "/usr/bin/busybox").map(Path::of).filter(Files::isExecutable).findFirst()
                .orElse(null);
        assumeTrue(busybox != null, "busybox is not installed");
        ElfImage elf = ElfImage.parse("busybox", Files.readAllBytes(busybox));
        assumeTrue(elf.section(".interp").isEmpty(), "busybox is not static");
        Path root = Files.createDirectories(directory.resolve("busybox"));
        Path script = root.resolve("busybox.sh");
        try (InputStream in = LinuxProgramsTest.class.getResourceAsStream("/dev/retrap/repl/linux/busybox.sh")) {
            Files.write(script, in.readAllBytes());
        }
        Cli run = Cli.run("run", "--arch", "x86_64", "--root", root.toString(), busybox.toString(), "sh",
                "/busybox.sh");
        assertThat(run.err().lines()).allMatch(l -> l.startsWith("retrap: missing system call rseq "));
        assertThat(run.out()).endsWith("\nend\n");
        assumeTrue(elf.is64() && System.getProperty("os.name").equals("Linux"), "it cannot run here");
        Process here = new ProcessBuilder(busybox.toString(), "sh", script.toString()).directory(root.toFile())
                .redirectErrorStream(true).redirectOutput(directory.resolve("here").toFile()).start();
        assertThat(here.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(run.out()).isEqualTo(Files.readString(directory.resolve("here")));
    }

    @Test
    void aTreeThatIsNone() throws Exception {
        assertThat(refusal(directory.resolve("nowhere"))).contains("does not exist");
        assertThat(refusal(directory.resolve("root/etc/motd"))).contains("is no cpio archive of the newc format; name a");
        assertThat(refusal(Files.write(directory.resolve("gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0})))
                .contains("unpack it first");
        assertThat(refusal(Path.of("/dev/null"))).contains("neither a directory nor a file");
        byte[] archive = CpioArchive.of(directory.resolve("root/etc"), 1 << 20);
        Path file = Files.write(directory.resolve("etc.cpio"), archive);
        assertThat(Cli.run("run", "--root", file.toString(), "hello").status()).isZero();
        Files.write(file, Arrays.copyOf(archive, archive.length - 124));
        assertThat(refusal(file)).contains("ends without a trailer after 2 files");
        archive[60] = 'x';
        Files.write(file, archive);
        assertThat(refusal(file)).contains("damaged cpio archive: entry 1, at byte 0");
    }

    /** What is said, before a machine boots, of a tree that is none. */
    private static String refusal(Path root) {
        Cli run = Cli.run("run", "--root", root.toString(), "hello");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("retrap: --root ").hasLineCount(1);
        return run.err();
    }
}
