package dev.retrap.gdbstub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LLDB attaches, too: to the packets it adds, and in a whole session if it is installed. */
class LldbTest {
    @TempDir
    Path directory;

    @Test
    void itsPacketsAreAnswered() throws Exception {
        try (Recording recording = Guests.record(directory.resolve("r.retrap"), "v4.4", "hello");
                Timeline timeline = atItsEnd(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                RspClient client = RspClient.withoutAcks(stub.address())) {
            // i386-pc-linux-gnu
            assertThat(client.ask("qHostInfo")).contains(
                    "triple:693338362d70632d6c696e75782d676e75;", "ptrsize:4;", "endian:little;");
            assertThat(client.ask("qProcessInfo")).startsWith("pid:1;").contains("ostype:linux;");
            assertThat(client.ask("qRegisterInfo8")).startsWith("name:eip;bitsize:32;offset:32;").contains("generic:pc;");
            assertThat(client.ask("qRegisterInfo400")).isEqualTo("E45");
            assertThat(client.ask("jThreadsInfo")).startsWith("[{\"tid\":1,");
            assertThat(client.ask("qMemoryRegionInfo:0")).isEqualTo("start:0;size:8048000;");
            assertThat(client.ask("qMemoryRegionInfo:c0100123")).startsWith("start:c0000000;").contains("permissions:rwx;");
            client.send("s");
            assertThat(client.receive()).as("what has become of the guest").startsWith("O");
            assertThat(client.receive()).as("a step that goes nowhere ends LLDB's step").startsWith("T02");
        }
    }

    @Test
    void aSession() throws Exception {
        Optional<String> lldb = lldb();
        assumeTrue(lldb.isPresent(), "lldb is not installed");
        String entry = Long.toHexString(ElfImage.parse("kernel", Fixtures.kernel("v4.4")).symbolTable(0)
                .named("entry_SYSENTER_32").orElseThrow().address());
        try (Recording recording = Guests.record(directory.resolve("r.retrap"), "v4.4", "hello");
                Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0))) {
            List<String> line = new ArrayList<>(List.of(lldb.get(), "--no-lldbinit", "-b"));
            for (String command : List.of(
                    "gdb-remote 127.0.0.1:" + stub.address().getPort(),
                    "breakpoint set -a 0x" + entry, "continue", "register read eip cpl position",
                    "memory read -c 4 0x8048000", "memory region 0x8048000", "stepi", "register read esp",
                    "breakpoint delete -f", "continue", "stepi", "detach")) {
                line.addAll(List.of("-o", command));
            }
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            process.toHandle().onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(_ -> {
                process.destroyForcibly();
                return null;
            });
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).containsSubsequence(
                    "stop reason = breakpoint 1", "eip = 0x" + entry, "cpl = 0x00000000", "position = 0x",
                    "7f 45 4c 46", "[0x0000000008048000-", "r-x", "instruction step into", "esp = 0xc",
                    "[the guest has switched the machine off with status 0]", "SIGINT", "detached");
        }
    }

    private static Timeline atItsEnd(Recording recording) {
        Timeline timeline = Timeline.replay(recording);
        timeline.seek(timeline.end());
        return timeline;
    }

    private static Optional<String> lldb() {
        for (String name : List.of("lldb", "lldb-14", "lldb-16", "lldb-19")) {
            try {
                Process version = new ProcessBuilder(name, "--version").redirectErrorStream(true).start();
                version.getInputStream().readAllBytes();
                if (version.waitFor() == 0) {
                    return Optional.of(name);
                }
            } catch (IOException e) {
                // The next name.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Optional.empty();
    }
}
