package dev.retrap.gdbstub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole sessions of stock gdb with the stub. The sessions are the scripts of this package's test resources, see
 * {@link GdbScript}; each runs with the guests and in the views that it names.
 */
class GdbScriptTest {
    private static final List<String> SCRIPTS = List.of(
            "landing-pad.gdb", "ring-transition.gdb", "watch.gdb", "history-ends.gdb", "interrupt.gdb",
            "catch-syscall.gdb", "seek.gdb", "conditions.gdb", "reattach.gdb", "memory.gdb", "source.gdb",
            "monitor.gdb", "write.gdb", "agent.gdb", "long-mode.gdb", "compatibility-mode.gdb",
            "split.gdb", "split-64.gdb", "program.gdb", "program-signal.gdb",
            "extension.gdb", "threads.gdb", "processes.gdb", "branches.gdb", "gdbserver.gdb",
            "syscall.gdb", "syscall-32.gdb", "split-linux.gdb", "restart.gdb",
            "fork.gdb", "follow-child.gdb", "fork-split.gdb");

    /** What differs between the variants, as the scripts name it. */
    private static final Map<String, Map<String, String>> VARIANTS = Map.of(
            "v4.2", Map.of("variant", "v4.2", "pad", "10", "flags", "PF ZF IF", "ebp", "0"),
            "v4.4", Map.of("variant", "v4.4", "pad", "9", "flags", "PF AF SF IF", "ebp", "66666666"),
            Bare64.VARIANT, Map.of(),
            "v4.4/32", Map.of(),
            "v4.4/64", Map.of());

    @TempDir
    Path directory;

    @TempDir
    static Path extension;

    @BeforeAll
    static void needsGdb() {
        assumeTrue(GdbProcess.isInstalled(), "gdb is not installed");
    }

    static Stream<Arguments> sessions() throws Exception {
        List<Arguments> sessions = new ArrayList<>();
        // -Dgdb.scripts='a.gdb b.gdb' runs only those.
        String only = System.getProperty("gdb.scripts", "");
        for (String script : only.isEmpty() ? SCRIPTS : List.of(only.split(" "))) {
            Map<String, String> settings = GdbScript.read(script).settings();
            for (String variant : settings.getOrDefault("variants", "v4.2 v4.4").split(" ")) {
                for (String view : settings.get("on").split(" ")) {
                    sessions.add(arguments(script, variant, view));
                }
            }
        }
        return sessions.stream();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("sessions")
    void gdbAnswersAsTheScriptSays(String name, String variant, String view) throws Exception {
        assumeTrue(!variant.equals(Bare64.VARIANT) || Bare64.canBeBuilt(), "no gcc for the bare 64-bit guest");
        GdbScript script = GdbScript.read(name);
        String guest = script.settings().get("guest");
        assumeTrue(!guest.split(" ")[0].endsWith(".c") || CProgram.canBeBuilt(variant.endsWith("/64") ? 64 : 32),
                "no gcc, or no C library, for programs of that width");
        switch (view) {
            case "live" -> live(script, variant, guest);
            case "head" -> head(script, variant, guest);
            case "replay" -> replay(script, variant, guest);
            default -> fail("no view " + view);
        }
    }

    /** The guest is running, in user mode already, when gdb attaches. */
    private static void live(GdbScript script, String variant, String guest) throws Exception {
        try (Timeline timeline = Guests.live(variant, guest)) {
            CountDownLatch userMode = Guests.userMode(timeline);
            try (GdbServer stub = GdbServer.start(timeline, options(script).withRunDetached(true))) {
                assertThat(userMode.await(60, TimeUnit.SECONDS)).as("guest comes to user mode").isTrue();
                run(script, stub, VARIANTS.get(variant));
            }
        }
    }

    /** The guest waits at its program's first instruction: all that gdb lets it do is new history. */
    private static void head(GdbScript script, String variant, String guest) throws Exception {
        try (Timeline timeline = Guests.live(variant, guest)) {
            timeline.continueForward(StopSet.NONE.withCrossings(Event::toUser));
            try (GdbServer stub = GdbServer.start(timeline, options(script))) {
                run(script, stub, VARIANTS.get(variant));
            }
        }
    }

    /** A recording from power-on to power-off, stood at its start. */
    private void replay(GdbScript script, String variant, String guest) throws Exception {
        Path file = directory.resolve("r.retrap");
        try (Recording recording = Guests.record(file, variant, guest)) {
            byte[] recorded = Files.readAllBytes(file);
            try (Timeline timeline = Timeline.replay(recording);
                    GdbServer stub = GdbServer.start(timeline, script.settings().containsKey("branches")
                            ? options(script).withBranchFiles(name -> directory.resolve("r." + name + ".retrap"))
                            : options(script))) {
                run(script, stub, VARIANTS.get(variant));
            }
            assertThat(Files.readAllBytes(file)).as("the recording, whatever gdb has done").isEqualTo(recorded);
        }
    }

    private static GdbServer.Options options(GdbScript script) {
        String view = script.settings().getOrDefault("view", "flat");
        return GdbServer.Options.loopback(0).withView(View.valueOf(view.toUpperCase(Locale.ROOT)));
    }

    private static void run(GdbScript script, GdbServer stub, Map<String, String> names) throws Exception {
        try (PacketProxy proxy = new PacketProxy(stub.address()); GdbProcess gdb = new GdbProcess()) {
            for (GdbScript.Step step : script.steps()) {
                if (step.interruptAfter() != null) {
                    proxy.after(step.interruptAfter(), gdb::interrupt);
                }
                String command = step.command().replace("localhost:1234", "localhost:" + proxy.port());
                if (command.equals("source retrap.py")) {
                    command = "source " + GdbExtension.writeTo(extension);
                }
                if (command.equals("directory programs")) {
                    command = "directory " + Path.of(GdbScriptTest.class.getResource("programs").toURI());
                }
                List<String> lines = gdb.command(command);
                if (!GdbScript.matches(step.expected(), lines, names)) {
                    fail("line %d: %s%n--- expected%n%s%n--- gdb says%n%s".formatted(step.line(), command,
                            String.join("\n", step.expected()), String.join("\n", lines)));
                }
            }
        }
    }
}
