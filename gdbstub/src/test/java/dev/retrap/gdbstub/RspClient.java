package dev.retrap.gdbstub;

import dev.retrap.gdbstub.rsp.Frame;
import dev.retrap.gdbstub.rsp.FrameDecoder;
import dev.retrap.gdbstub.rsp.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that speaks packets, for what stock gdb cannot be made to do. */
final class RspClient implements AutoCloseable {
    /** Far above what any answer takes, so that only a hang meets it. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket = new Socket();
    private final EmbeddedChannel decoder = new EmbeddedChannel(new FrameDecoder(1 << 20));
    private final byte[] buffer = new byte[1 << 16];

    RspClient(InetSocketAddress address) throws IOException {
        socket.connect(address);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
    }

    /** A client with acknowledgments switched off. */
    static RspClient withoutAcks(InetSocketAddress address) throws IOException {
        RspClient client = new RspClient(address);
        client.send("QStartNoAckMode");
        client.receive();
        client.raw("+");
        return client;
    }

    void raw(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(String payload) throws IOException {
        socket.getOutputStream().write(frame(payload.getBytes(StandardCharsets.ISO_8859_1)));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** A packet's bytes, escapes and checksum made. */
    static byte[] frame(byte[] payload) {
        EmbeddedChannel encoder = new EmbeddedChannel(new FrameEncoder());
        encoder.writeOutbound(new Frame.Packet(payload));
        ByteBuf out = encoder.readOutbound();
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        encoder.finishAndReleaseAll();
        return bytes;
    }

    /** The next byte, whatever it is. */
    int octet() throws IOException {
        return socket.getInputStream().read();
    }

    /** The next frame; waits for it. */
    Frame frame() throws IOException {
        while (true) {
            Frame frame = decoder.readInbound();
            if (frame != null) {
                return frame;
            }
            int n = socket.getInputStream().read(buffer);
            if (n < 0) {
                throw new EOFException("the stub has closed the connection");
            }
            decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, n));
        }
    }

    /** The next packet's payload, acknowledgments skipped. */
    String receive() throws IOException {
        while (true) {
            if (frame() instanceof Frame.Packet(byte[] payload)) {
                return new String(payload, StandardCharsets.ISO_8859_1);
            }
        }
    }

    /** The next packet that is no console output. */
    String reply() throws IOException {
        while (true) {
            String packet = receive();
            if (!packet.startsWith("O") || packet.equals("OK")) {
                return packet;
            }
        }
    }

    String ask(String payload) throws IOException {
        send(payload);
        return reply();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        decoder.finishAndReleaseAll();
    }
}
