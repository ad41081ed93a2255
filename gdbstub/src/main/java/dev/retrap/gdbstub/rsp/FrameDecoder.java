package dev.retrap.gdbstub.rsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes to {@link Frame}s: a state machine with one method per state, fed a byte at a time.
 *
 * <pre>
 *            '$'             '}'
 *   between ─────► payload ◄────► escaped
 *      ▲              │ '#'
 *      └── checksum ◄─┘
 * </pre>
 *
 * <p>Noise between packets is dropped, as gdb and gdbserver do. A {@code $} inside a packet starts a new one: a sender
 * has to escape it in binary data, so it means that the end of the packet before was lost. Run-length encoding is for
 * replies only and not undone here.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    private enum State { BETWEEN, PAYLOAD, ESCAPED, CHECKSUM }

    private static final int ESCAPE_XOR = 0x20;

    private final int limit;
    private State state = State.BETWEEN;
    private byte[] payload = new byte[256];
    private int length;
    private int sum;
    private int sent;
    private int sentDigits;
    private String damage;

    /**
     * A decoder.
     *
     * @param limit longest payload taken, in bytes after escapes are undone; longer ones become {@link Frame.Oversized}
     */
    public FrameDecoder(int limit) {
        this.limit = limit;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (in.isReadable()) {
            Frame frame = accept(in.readUnsignedByte());
            if (frame != null) {
                out.add(frame);
            }
        }
    }

    /** Takes one byte; the frame it completes, or null. */
    private Frame accept(int octet) {
        return switch (state) {
            case BETWEEN -> between(octet);
            case PAYLOAD -> payload(octet);
            case ESCAPED -> escaped(octet);
            case CHECKSUM -> checksum(octet);
        };
    }

    private Frame between(int octet) {
        switch (octet) {
            case '+':
                return Frame.ACK;
            case '-':
                return Frame.NAK;
            case 0x03:
                return Frame.INTERRUPT;
            case '$':
                begin();
                return null;
            default:
                return null;
        }
    }

    private void begin() {
        state = State.PAYLOAD;
        length = 0;
        sum = 0;
        damage = null;
    }

    private Frame payload(int octet) {
        switch (octet) {
            case '#' -> end();
            case '$' -> begin();
            case '}' -> {
                sum += octet;
                state = State.ESCAPED;
            }
            default -> {
                sum += octet;
                append(octet);
            }
        }
        return null;
    }

    private Frame escaped(int octet) {
        switch (octet) {
            case '#' -> {
                damage = "packet ends in an escape";
                end();
            }
            case '$' -> begin();
            default -> {
                sum += octet;
                append(octet ^ ESCAPE_XOR);
                state = State.PAYLOAD;
            }
        }
        return null;
    }

    private void append(int octet) {
        if (length < limit) {
            if (length == payload.length) {
                payload = Arrays.copyOf(payload, Math.min(limit, 2 * length));
            }
            payload[length] = (byte) octet;
        }
        // Counts past the limit so that checksum() sees it; saturates.
        length = Math.min(length, limit) + 1;
    }

    private void end() {
        state = State.CHECKSUM;
        sent = 0;
        sentDigits = 0;
    }

    private Frame checksum(int octet) {
        int digit = Character.digit(octet, 16);
        if (digit < 0) {
            damage = "checksum is not two hexadecimal digits";
            digit = 0;
        }
        sent = sent << 4 | digit;
        if (++sentDigits < 2) {
            return null;
        }
        state = State.BETWEEN;
        if (damage != null) {
            return new Frame.Damaged(damage);
        }
        if (sent != (sum & 0xff)) {
            return new Frame.Damaged("checksum %02x sent, %02x counted".formatted(sent, sum & 0xff));
        }
        if (length > limit) {
            return new Frame.Oversized(limit);
        }
        return new Frame.Packet(Arrays.copyOf(payload, length));
    }
}
