package dev.retrap.gdbstub.rsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;

/**
 * {@link Frame}s to bytes, with checksum and escapes. Escapes {@code # $ } *}: the last because gdb takes it for
 * run-length encoding in replies (GDB manual, node "Overview").
 */
@Sharable
public final class FrameEncoder extends MessageToByteEncoder<Frame> {
    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    /** An encoder; it has no state. */
    public FrameEncoder() {
        super(Frame.class);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, Frame frame, ByteBuf out) {
        switch (frame) {
            case Frame.Ack _ -> out.writeByte('+');
            case Frame.Nak _ -> out.writeByte('-');
            case Frame.Interrupt _ -> out.writeByte(0x03);
            case Frame.Filler _ -> out.writeByte('\n');
            case Frame.Packet(byte[] payload) -> packet(payload, out);
            case Frame.Damaged _, Frame.Oversized _ -> throw new IllegalArgumentException("not for sending: " + frame);
        }
    }

    private static void packet(byte[] payload, ByteBuf out) {
        out.ensureWritable(payload.length + 4);
        out.writeByte('$');
        int sum = 0;
        for (byte b : payload) {
            if (isSpecial(b)) {
                out.writeByte('}');
                out.writeByte(b ^ 0x20);
                sum += '}' + (b ^ 0x20);
            } else {
                out.writeByte(b);
                sum += b;
            }
        }
        out.writeByte('#');
        out.writeByte(HEX[sum >> 4 & 15]);
        out.writeByte(HEX[sum & 15]);
    }

    /** True if a payload byte has to be escaped in a reply. */
    static boolean isSpecial(byte b) {
        return b == '#' || b == '$' || b == '}' || b == '*';
    }
}
