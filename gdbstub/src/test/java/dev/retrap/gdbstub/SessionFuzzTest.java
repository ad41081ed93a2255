package dev.retrap.gdbstub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.gdbstub.rsp.PacketGenerator;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole stub under packets that follow the grammar, nearly follow it, and do not: it answers and lives on. */
@Timeout(value = 9, unit = TimeUnit.MINUTES)
class SessionFuzzTest {
    /**
     * More of them by hand: {@code -Dretrap.fuzz.batches=N}, of {@link #BATCH} packets each and in each view, and others
     * by {@code -Dretrap.fuzz.seed=N}.
     */
    private static final int BATCHES = Integer.getInteger("retrap.fuzz.batches", 500);
    private static final long SEED = Long.getLong("retrap.fuzz.seed", 11);
    private static final int BATCH = 100;
    private static final long GROWTH = 32 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void stubAnswersThousandsOfPackets(View view) throws Exception {
        List<String> notices = new CopyOnWriteArrayList<>();
        Predicate<String> usual = n -> List.of("gdb ", "Remote ", "Detaching ", "\nChild ").stream().anyMatch(n::startsWith);
        GdbServer.Options options = GdbServer.Options.loopback(0).withView(view).withNotices(n -> {
            if (!usual.test(n)) {
                notices.add(n);
            }
        });
        try (Recording recording = Guests.record(directory.resolve("r.retrap"), "v4.4", "hello");
                Timeline timeline = Timeline.replay(recording)) {
            GdbServer stub = GdbServer.start(timeline, options);
            PacketGenerator generator = new PacketGenerator(SEED + view.ordinal());
            RspClient client = RspClient.withoutAcks(stub.address());
            long early = 0;
            for (int batch = 0; batch < BATCHES; batch++) {
                if (batch == BATCHES / 5) {
                    early = heap();
                }
                client.send(batch(generator));
                if (!synchronize(client, batch)) {
                    // A fuzzed D or k ended the session: begin another.
                    client.close();
                    client = null;
                }
                while (client == null) {
                    try {
                        client = RspClient.withoutAcks(stub.address());
                    } catch (IOException e) {
                        // As gdbserver, one that has no process left ends, unless the next client is there already.
                        assertThat(view).as("the view of a stub that does not answer").isEqualTo(View.USER);
                        stub.closed().get(1, TimeUnit.MINUTES);
                        stub = GdbServer.start(timeline, options);
                    }
                }
            }
            client.close();
            assertThat(heap() - early).as("growth of the heap over four fifths of the packets").isLessThan(GROWTH);
            stub.close();
            stub = GdbServer.start(timeline, options);
            try (RspClient next = RspClient.withoutAcks(stub.address())) {
                assertThat(next.ask("qC")).startsWith("QC");
                assertThat(next.ask("vCont;s")).startsWith("T05");
            }
            stub.close();
        }
        assertThat(notices).isEmpty();
    }

    /** Bytes in use; what the notices and the timeline's own cache of states hold is within the bound below. */
    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static byte[] batch(PacketGenerator generator) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < BATCH; i++) {
            byte[] frame = RspClient.frame(generator.payload());
            switch (generator.random().nextInt(20)) {
                case 0 -> bytes.write(frame, 0, generator.random().nextInt(frame.length));
                case 1 -> {
                    frame[generator.random().nextInt(frame.length)] ^= (byte) (1 << generator.random().nextInt(8));
                    bytes.write(frame);
                }
                default -> bytes.write(frame);
            }
        }
        // Ends whatever is open or running.
        bytes.write("#00\u0003".getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }

    /** Reads until an answer comes that only this question has; false if the stub closed the session. */
    private static boolean synchronize(RspClient client, int batch) throws IOException {
        String mark = "%08x".formatted(batch);
        client.send("qRcmd," + HexFormat.of().formatHex(("no-such-" + mark).getBytes(StandardCharsets.US_ASCII)));
        String wanted = HexFormat.of().formatHex(mark.getBytes(StandardCharsets.US_ASCII));
        try {
            while (!client.receive().contains(wanted)) {
                // Answers to the batch.
            }
            client.receive();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
