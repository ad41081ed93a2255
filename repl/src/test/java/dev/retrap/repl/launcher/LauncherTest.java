package dev.retrap.repl.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a tree of its own, with a space in its path, JDKs that are shell scripts and a Maven that only says
 * that it was called: which JDK it takes, when it builds, what it runs.
 */
class LauncherTest {
    private static final Path REAL = Path.of("..", "retrap").toAbsolutePath().normalize();
    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path temporary;

    private Path home;
    private Path log;
    private final Map<String, String> environment = new TreeMap<>();

    /** What a run came to. */
    private record Run(int status, String out, String err) {}

    @BeforeEach
    void tree() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
        home = Files.createDirectories(temporary.resolve("a tree"));
        log = home.resolve("maven.log");
        Files.copy(REAL, home.resolve("retrap"));
        executable(home.resolve("retrap"));
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : List.of("cpu", "fixtures", "trace", "gdbstub", "repl")) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.writeString(home.resolve(module).resolve("src/main/Source.java"), "");
            Files.writeString(home.resolve(module).resolve("pom.xml"), "");
        }
        age(home);
        script(home.resolve("mvnw"), """
                case "$*" in *--version*) exit 0 ;; esac
                echo "$JAVA_HOME: $*" >> "%s"
                test ! -e "%s" || sleep 3
                test ! -e "%s" || { echo 'BUILD FAILURE'; exit 1; }
                mkdir -p repl/target
                echo jar > repl/target/retrap.jar
                """.formatted(log, home.resolve("slow"), home.resolve("fail")));
        environment.put("JAVA_HOME", jdk("jdk 25", "25.0.3").toString());
    }

    private static void age(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path p : files.toList()) {
                Files.setLastModifiedTime(p, FileTime.from(OLD));
            }
        }
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = temporary.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(jdk.resolve("bin/java"), """
                case "$*" in *-XshowSettings*) echo "    java.home = %s"; exit 0 ;; esac
                for a in "$@"; do printf '[%%s]\\n' "$a"; done
                exit 7
                """.formatted(jdk));
        script(jdk.resolve("bin/javac"), "exit 0\n");
        return jdk;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        executable(file);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(Path launcher, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(launcher.toString()));
        words.addAll(List.of(arguments));
        Path err = Files.createTempFile(temporary, "stderr", "");
        ProcessBuilder builder = new ProcessBuilder(words).directory(temporary.toFile()).redirectError(err.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "TMPDIR"));
        builder.environment().putAll(environment);
        Process p = builder.start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(p.exitValue(), out, Files.readString(err));
    }

    private List<String> builds() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    @Test
    void buildsWhatIsMissingOnceAndRunsIt() throws Exception {
        Run first = run(home.resolve("retrap"), "events", "a file", "--raw");
        assertThat(first.status).isEqualTo(7);
        assertThat(first.err).isEqualTo("retrap: building (once, and after a source has changed) ...\n");
        assertThat(first.out).contains("[-jar]\n[" + home + "/repl/target/retrap.jar]\n[events]\n[a file]\n[--raw]\n")
                .contains("[--enable-native-access=ALL-UNNAMED]").contains("[-Dretrap.terminals=]");
        assertThat(builds()).hasSize(1);
        assertThat(builds().getFirst()).startsWith(environment.get("JAVA_HOME") + ": ").contains("package");
        Run second = run(home.resolve("retrap"), "--version");
        assertThat(second.err).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void buildsAgainAfterAChange() throws Exception {
        run(home.resolve("retrap"));
        Files.writeString(home.resolve("trace/src/main/New.java"), "");
        Files.setLastModifiedTime(home.resolve("trace/src/main/New.java"), FileTime.from(Instant.now().plusSeconds(2)));
        run(home.resolve("retrap"));
        assertThat(builds()).hasSize(2);
        age(home.resolve("trace"));
        Files.setLastModifiedTime(home.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        run(home.resolve("retrap"));
        assertThat(builds()).hasSize(3);
    }

    @Test
    void worksThroughSymbolicLinks() throws Exception {
        Path bin = Files.createDirectories(temporary.resolve("some bin"));
        Files.createSymbolicLink(bin.resolve("one"), home.resolve("retrap"));
        Files.createSymbolicLink(bin.resolve("two"), Path.of("one"));
        assertThat(run(bin.resolve("two"), "x").out).contains("[" + home + "/repl/target/retrap.jar]\n[x]\n");
    }

    @Test
    void passesOverJdksThatAreTooOld() throws Exception {
        String good = environment.get("JAVA_HOME");
        environment.put("RETRAP_JAVA_HOME", good);
        environment.put("JAVA_HOME", jdk("jdk 17", "17.0.15").toString());
        run(home.resolve("retrap"));
        assertThat(builds().getFirst()).startsWith(good + ": ");

        environment.remove("RETRAP_JAVA_HOME");
        Files.delete(home.resolve("repl/target/retrap.jar"));
        Path onPath = jdk("jdk on path", "26-ea");
        environment.put("PATH", onPath.resolve("bin") + ":" + System.getenv("PATH"));
        run(home.resolve("retrap"));
        assertThat(builds().getLast()).startsWith(onPath + ": ");
    }

    @Test
    void aWrongRetrapJavaHomeIsSaid() throws Exception {
        environment.put("RETRAP_JAVA_HOME", jdk("jdk 21", "21.0.1").toString());
        Run run = run(home.resolve("retrap"));
        assertThat(run.status).isEqualTo(2);
        assertThat(run.err).startsWith("retrap: RETRAP_JAVA_HOME is ").hasLineCount(1);
    }

    @Test
    void aFailedBuildIsSaidAndNothingRuns() throws Exception {
        Files.writeString(home.resolve("fail"), "");
        Run run = run(home.resolve("retrap"));
        assertThat(run.status).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(run.err).contains("BUILD FAILURE").contains("retrap: the build failed");
        // The next one tries again, and is not kept out by the one that failed.
        Files.delete(home.resolve("fail"));
        assertThat(run(home.resolve("retrap")).status).isEqualTo(7);
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Files.writeString(home.resolve("slow"), "");
        CompletableFuture<Run> other = CompletableFuture.supplyAsync(() -> {
            try {
                return run(home.resolve("retrap"), "first");
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        while (builds().isEmpty()) {
            Thread.sleep(10);
        }
        Run second = run(home.resolve("retrap"), "second");
        assertThat(second.out).contains("[second]");
        assertThat(second.err).contains("waiting for the build of process");
        assertThat(other.get().out).contains("[first]");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void moreOptionsForTheJvm() throws Exception {
        environment.put("RETRAP_JAVA_OPTS", "-Xmx3g -Dx=y");
        assertThat(run(home.resolve("retrap")).out).contains("[-Xmx3g]\n[-Dx=y]\n[-jar]");
    }
}
