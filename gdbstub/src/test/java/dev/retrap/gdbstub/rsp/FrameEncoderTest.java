package dev.retrap.gdbstub.rsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
    private static byte[] encode(Frame frame) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
        channel.writeOutbound(frame);
        ByteBuf out = channel.readOutbound();
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        channel.finishAndReleaseAll();
        return bytes;
    }

    private static String text(Frame frame) {
        return new String(encode(frame), StandardCharsets.ISO_8859_1);
    }

    @Test
    void packetsCarryTheirChecksum() {
        assertThat(text(new Frame.Packet("OK".getBytes(StandardCharsets.US_ASCII)))).isEqualTo("$OK#9a");
        assertThat(text(new Frame.Packet(new byte[0]))).isEqualTo("$#00");
        assertThat(text(Frame.ACK)).isEqualTo("+");
        assertThat(text(Frame.NAK)).isEqualTo("-");
    }

    @Test
    void whatTheProtocolUsesIsEscaped() {
        assertThat(text(new Frame.Packet("#$}*".getBytes(StandardCharsets.US_ASCII))))
                .startsWith("$}\u0003}\u0004}]}\n#");
    }

    @Test
    void anyBytesComeBackThroughTheDecoder() {
        Random random = new Random(7);
        EmbeddedChannel decoder = new EmbeddedChannel(new FrameDecoder(1000));
        for (int i = 0; i < 1000; i++) {
            byte[] payload = new byte[random.nextInt(1000)];
            random.nextBytes(payload);
            decoder.writeInbound(Unpooled.wrappedBuffer(encode(new Frame.Packet(payload))));
            Frame frame = decoder.readInbound();
            assertThat(frame).isInstanceOfSatisfying(Frame.Packet.class,
                    p -> assertThat(p.payload()).isEqualTo(payload));
        }
        decoder.finishAndReleaseAll();
    }
}
