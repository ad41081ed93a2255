package dev.retrap.gdbstub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.gdbstub.rsp.Frame;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections, acknowledgments, interrupts: what goes on below the packets' meaning. */
@Timeout(120)
class GdbServerTest {
    private static final int SIGINT = 2;

    @TempDir
    Path directory;

    private Recording record(String commandLine) throws Exception {
        return Guests.record(directory.resolve("guest.retrap"), "v4.4", commandLine);
    }

    @Test
    void portZeroTakesAFreeOneOnLoopback() throws Exception {
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0))) {
            assertThat(stub.address().getPort()).isPositive();
            assertThat(stub.address().getAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording)) {
            int port = other.getLocalPort();
            assertThatThrownBy(() -> GdbServer.start(timeline, GdbServer.Options.loopback(port)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen at localhost:" + port
                            + ": the port is in use; choose another, or 0 for a free one");
        }
    }

    @Test
    void packetsAreAcknowledgedUntilTheClientSaysNo() throws Exception {
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                RspClient client = new RspClient(stub.address())) {
            client.send("qSupported:multiprocess+");
            assertThat(client.frame()).isEqualTo(Frame.ACK);
            assertThat(client.receive()).contains("PacketSize=", "ReverseStep+", "ReverseContinue+");
            client.raw("+");

            client.raw("$qC#00");
            assertThat(client.frame()).isEqualTo(Frame.NAK);
            client.raw("$qC#b4");
            assertThat(client.frame()).isEqualTo(Frame.ACK);
            assertThat(client.receive()).isEqualTo("QCp1.1");
            client.raw("-");
            assertThat(client.receive()).as("sent again").isEqualTo("QCp1.1");

            client.send("QStartNoAckMode");
            assertThat(client.frame()).isEqualTo(Frame.ACK);
            assertThat(client.receive()).isEqualTo("OK");
            client.raw("+");
            client.send("qC");
            assertThat(client.frame()).isInstanceOf(Frame.Packet.class);
            client.raw("$qC#00");
            assertThat(client.receive()).as("damage without acknowledgments").startsWith("E");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                RspClient client = RspClient.withoutAcks(stub.address())) {
            StringBuilder packets = new StringBuilder();
            for (int i = 0; i < 2000; i++) {
                packets.append("$qC#b4$vMustReplyEmpty#3a$?#3f");
            }
            client.raw(packets.toString());
            for (int i = 0; i < 2000; i++) {
                assertThat(client.receive()).isEqualTo("QC1");
                assertThat(client.receive()).isEmpty();
                assertThat(client.receive()).startsWith("T05");
            }
        }
    }

    @Test
    void oversizedPacketIsAnErrorAndTheSessionGoesOn() throws Exception {
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                RspClient client = RspClient.withoutAcks(stub.address())) {
            client.send("M100,100000:" + "00".repeat(0x100000));
            assertThat(client.receive()).isEqualTo("E16");
            assertThat(client.ask("qC")).isEqualTo("QC1");
        }
    }

    @Test
    void interruptStopsARunningGuestAndNothingElse() throws Exception {
        try (Timeline timeline = Guests.live("v4.4", "getpid-loop 1000000000 int80");
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                RspClient client = RspClient.withoutAcks(stub.address())) {
            for (int i = 0; i < 20; i++) {
                // In one write: it may arrive before the run has begun.
                client.raw("$vCont;c#a8\u0003");
                assertThat(signal(client.reply())).isEqualTo(SIGINT);
            }
            // One that comes while nothing runs is not kept for the next run.
            client.raw("\u0003");
            assertThat(client.ask("qC")).isEqualTo("QC1");
            assertThat(signal(client.ask("vCont;s"))).isEqualTo(5);
        }
    }

    @Test
    void interruptStopsAReverseRun() throws Exception {
        try (Timeline timeline = Guests.live("v4.4", "getpid-loop 1000000000 int80")) {
            timeline.stepForward(30_000_000);
            try (GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                    RspClient client = RspClient.withoutAcks(stub.address())) {
                // Never read, in a page that always is: the search would go all the way back.
                long table = ElfImage.parse("kernel", Fixtures.kernel("v4.4")).symbolTable(0).named("sys_call_table")
                        .orElseThrow().address();
                assertThat(client.ask("Z3,%x,4".formatted(table))).isEqualTo("OK");
                client.raw("$bc#c5\u0003");
                assertThat(signal(client.reply())).isEqualTo(SIGINT);
                assertThat(client.ask("qC")).isEqualTo("QC1");
            }
        }
    }

    @Test
    void interruptStopsRunsOverFalseConditions() throws Exception {
        long entry = ElfImage.parse("kernel", Fixtures.kernel("v4.4")).symbolTable(0).named("entry_INT80_32")
                .orElseThrow().address();
        try (Timeline timeline = Guests.live("v4.4", "getpid-loop 1000000000 int80")) {
            timeline.stepForward(30_000_000);
            try (GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
                    RspClient client = RspClient.withoutAcks(stub.address())) {
                // const8 0, end.
                assertThat(client.ask("Z0,%x,1;X3,220027".formatted(entry))).isEqualTo("OK");
                client.raw("$bc#c5\u0003");
                assertThat(signal(client.reply())).isEqualTo(SIGINT);
                client.raw("$vCont;c#a8\u0003");
                assertThat(signal(client.reply())).isEqualTo(SIGINT);
                // const8 1, end: replaces the condition.
                assertThat(client.ask("Z0,%x,1;X3,220127".formatted(entry))).isEqualTo("OK");
                assertThat(client.ask("bc")).contains("swbreak");
            }
        }
    }

    @Test
    void clientThatVanishesInAReverseRunLeavesACleanState() throws Exception {
        try (Timeline timeline = Guests.live("v4.4", "getpid-loop 1000000000 int80")) {
            timeline.stepForward(30_000_000);
            try (GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0))) {
                try (RspClient client = RspClient.withoutAcks(stub.address())) {
                    assertThat(client.ask("Z2,c0fff000,4")).isEqualTo("OK");
                    assertThat(client.ask("Z0,c0100000,1")).isEqualTo("OK");
                    client.send("bc");
                }
                try (RspClient client = RspClient.withoutAcks(stub.address())) {
                    // Neither of the other session's stop points is left to stop this one.
                    assertThat(client.ask("bc")).contains("replaylog:begin");
                    assertThat(client.ask("vCont;s")).startsWith("T05");
                    assertThat(client.ask("bs")).startsWith("T05");
                }
            }
        }
    }

    @Test
    void secondClientIsToldThatTheStubIsTaken() throws Exception {
        List<String> notices = new CopyOnWriteArrayList<>();
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0).withNotices(notices::add));
                RspClient first = RspClient.withoutAcks(stub.address())) {
            assertThat(first.ask("qC")).isEqualTo("QC1");
            try (RspClient second = new RspClient(stub.address())) {
                second.send("qSupported");
                assertThat(second.receive())
                        .isEqualTo("E.another client is attached to this stub; it serves one at a time");
                assertThatThrownBy(second::receive).isInstanceOf(EOFException.class);
            }
            assertThat(first.ask("qC")).as("the first is not disturbed").isEqualTo("QC1");
        }
        assertThat(notices).filteredOn(n -> n.startsWith("gdb attached")).hasSize(1);
    }

    @Test
    void secondClientIsLetInWhenTheFirstIsJustGoing() throws Exception {
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0))) {
            for (int i = 0; i < 10; i++) {
                RspClient first = RspClient.withoutAcks(stub.address());
                RspClient second = new RspClient(stub.address());
                second.send("qC");
                assertThat(first.ask("D;1")).isEqualTo("OK");
                assertThat(second.receive()).isEqualTo("QC1");
                second.close();
                first.close();
            }
        }
    }

    @Test
    void oneSessionOnlyIfToldSo() throws Exception {
        try (Recording recording = record("hello"); Timeline timeline = Timeline.replay(recording);
                GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0).withOnce(true))) {
            try (RspClient client = RspClient.withoutAcks(stub.address())) {
                assertThat(client.ask("vKill;1")).isEqualTo("OK");
            }
            stub.closed().get(60, TimeUnit.SECONDS);
            InetSocketAddress address = stub.address();
            assertThatThrownBy(() -> new RspClient(address)).isInstanceOf(IOException.class);
        }
    }

    /** gdb closes the connection at once when told of the exit, often before the machine's thread has gone on. */
    @Test
    void endsWithItsProgramHoweverSoonTheClientGoes() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Timeline timeline = Guests.live("v4.4", "hello")) {
                timeline.continueForward(StopSet.NONE.withCrossings(Event::toUser));
                try (GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0).withView(View.USER))) {
                    try (RspClient client = RspClient.withoutAcks(stub.address())) {
                        assertThat(client.ask("vCont;c")).startsWith("W00");
                    }
                    stub.closed().get(60, TimeUnit.SECONDS);
                }
            }
        }
    }

    @Test
    void closingInTheMiddleOfARunReturns() throws Exception {
        try (Timeline timeline = Guests.live("v4.4", "getpid-loop 1000000000 int80")) {
            GdbServer stub = GdbServer.start(timeline, GdbServer.Options.loopback(0));
            try (RspClient client = RspClient.withoutAcks(stub.address())) {
                client.send("vCont;c");
                stub.close();
                assertThat(timeline.stepForward(1)).isNotNull();
            }
        }
    }

    @Test
    void liveGuestRunsWhileNobodyIsAttached() throws Exception {
        List<String> notices = new CopyOnWriteArrayList<>();
        try (Timeline timeline = Guests.live("v4.4", "hello");
                GdbServer stub = GdbServer.start(timeline,
                        GdbServer.Options.loopback(0).withRunDetached(true).withNotices(notices::add))) {
            long deadline = System.nanoTime() + RspClient.PATIENCE.toNanos();
            while (notices.isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(notices).containsExactly("the guest has switched the machine off with status 0");
            try (RspClient client = RspClient.withoutAcks(stub.address())) {
                assertThat(client.ask("vCont;c")).contains("replaylog:end");
                assertThat(client.ask("bs")).as("and gdb can go back").startsWith("T05").doesNotContain("replaylog");
            }
        }
    }

    @Test
    void clientIsKeptFromTimingOutWhileTheMachineIsBusy() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        // The notice comes from the machine's thread: whoever holds it up plays a long movement.
        Consumer<String> notices = notice -> {
            if (notice.startsWith("the guest has switched")) {
                busy.countDown();
                await(release);
            }
        };
        try (Timeline timeline = Guests.live("v4.4", "hello");
                GdbServer stub = GdbServer.start(timeline,
                        GdbServer.Options.loopback(0).withRunDetached(true).withNotices(notices))) {
            await(busy);
            RspClient client = new RspClient(stub.address());
            client.send("qC");
            assertThat(client.octet()).isEqualTo('+');
            assertThat(client.octet()).as("filler").isEqualTo('\n');
            assertThat(client.octet()).as("filler").isEqualTo('\n');
            // What gdb sends when it has waited for two seconds.
            client.raw("-");
            assertThat(client.octet()).isEqualTo('\n');
            assertThat(client.octet()).isEqualTo('\n');
            release.countDown();
            assertThat(client.receive()).isEqualTo("QC1");
            client.raw("+");
            assertThat(client.ask("?")).as("no second answer to the first question").startsWith("T05");
            client.close();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int signal(String stop) {
        Matcher matcher = Pattern.compile("T(..).*").matcher(stop);
        assertThat(matcher.matches()).as("stop reply: %s", stop).isTrue();
        return Integer.parseInt(matcher.group(1), 16);
    }
}
