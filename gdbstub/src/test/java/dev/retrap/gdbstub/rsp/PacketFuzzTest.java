package dev.retrap.gdbstub.rsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, codec and parser give frames and requests, never an exception. */
class PacketFuzzTest {
    private static final int PACKETS = 50_000;
    private static final int LIMIT = 4096;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2026})
    void everyPacketIsARequest(long seed) {
        PacketGenerator generator = new PacketGenerator(seed);
        EmbeddedChannel encoder = new EmbeddedChannel(new FrameEncoder());
        EmbeddedChannel decoder = new EmbeddedChannel(new FrameDecoder(LIMIT));
        int parsed = 0;
        for (int i = 0; i < PACKETS; i++) {
            byte[] payload = generator.payload();
            encoder.writeOutbound(new Frame.Packet(payload));
            feed(decoder, encoder.readOutbound(), generator.random());
            for (Frame frame; (frame = decoder.readInbound()) != null; ) {
                assertThat(frame).isInstanceOfSatisfying(Frame.Packet.class, p -> {
                    assertThat(p.payload()).isEqualTo(payload);
                    assertThat(RequestParser.parse(p.payload())).isNotNull();
                });
                parsed++;
            }
        }
        assertThat(parsed).isEqualTo(PACKETS);
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 2027})
    void noiseNeverStopsTheDecoder(long seed) {
        PacketGenerator generator = new PacketGenerator(seed);
        Random random = generator.random();
        EmbeddedChannel decoder = new EmbeddedChannel(new FrameDecoder(LIMIT));
        for (int i = 0; i < PACKETS; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            if (random.nextBoolean() && noise.length > 0) {
                noise[0] = '$';
            }
            decoder.writeInbound(Unpooled.wrappedBuffer(noise));
            for (Frame frame; (frame = decoder.readInbound()) != null; ) {
                if (frame instanceof Frame.Packet(byte[] payload)) {
                    assertThat(RequestParser.parse(payload)).isNotNull();
                }
            }
        }
        // Whatever was left open, a new packet is understood.
        decoder.writeInbound(Unpooled.copiedBuffer(new byte[] {'#', '0', '0', '$', 'g', '#', '6', '7'}));
        Frame last = null;
        for (Frame frame; (frame = decoder.readInbound()) != null; ) {
            last = frame;
        }
        assertThat(last).isInstanceOfSatisfying(Frame.Packet.class, p -> assertThat(p.payload()).containsExactly('g'));
        decoder.finishAndReleaseAll();
    }

    /** Whole, a byte at a time, or in two pieces. */
    private static void feed(EmbeddedChannel decoder, ByteBuf bytes, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> decoder.writeInbound(bytes);
            case 1 -> {
                while (bytes.isReadable()) {
                    decoder.writeInbound(bytes.readBytes(1));
                }
                bytes.release();
            }
            default -> {
                ByteBuf head = bytes.readBytes(random.nextInt(bytes.readableBytes()));
                decoder.writeInbound(head);
                decoder.writeInbound(bytes);
            }
        }
    }
}
