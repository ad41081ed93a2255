package dev.retrap.gdbstub.rsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final int LIMIT = 64;

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Feeds bytes in pieces of a size and says what came out, readably. */
    private static List<String> decode(byte[] input, int piece) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(LIMIT));
        for (int at = 0; at < input.length; at += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(input, at, Math.min(piece, input.length - at)));
        }
        List<String> frames = new ArrayList<>();
        for (Object frame; (frame = channel.readInbound()) != null; ) {
            frames.add(switch ((Frame) frame) {
                case Frame.Ack _ -> "+";
                case Frame.Nak _ -> "-";
                case Frame.Interrupt _ -> "interrupt";
                case Frame.Filler _ -> "filler";
                case Frame.Packet(byte[] payload) -> new String(payload, StandardCharsets.ISO_8859_1);
                case Frame.Damaged(String why) -> "damaged: " + why;
                case Frame.Oversized(int limit) -> "oversized: " + limit;
            });
        }
        channel.finishAndReleaseAll();
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void framesDoNotDependOnHowTheBytesArrive(int piece) {
        byte[] input = bytes("+$qC#b4-$g#67\u0003$vCont;c#a8\u0003");
        assertThat(decode(input, piece)).containsExactly("+", "qC", "-", "g", "interrupt", "vCont;c", "interrupt");
    }

    @Test
    void noiseBetweenPacketsIsDropped() {
        assertThat(decode(bytes("\r\nhello#00$g#67\n"), 1000)).containsExactly("g");
    }

    @Test
    void escapesAreUndoneAndCountedAsSent() {
        // Binary 03 23 24 2a 7d: the byte 03h inside of a packet is data, the others travel as } and xor 20h.
        assertThat(decode(bytes("$X0,5:\u0003}\u0003}\u0004}\n}]#88"), 1000)).containsExactly("X0,5:\u0003#$*}");
    }

    @Test
    void checksumIsTakenInEitherCase() {
        assertThat(decode(bytes("$vMustReplyEmpty#3a$vMustReplyEmpty#3A"), 1000))
                .containsExactly("vMustReplyEmpty", "vMustReplyEmpty");
    }

    @Test
    void damageIsSaid() {
        assertThat(decode(bytes("$g#68"), 1)).containsExactly("damaged: checksum 68 sent, 67 counted");
        assertThat(decode(bytes("$g#6x$g#67"), 1))
                .containsExactly("damaged: checksum is not two hexadecimal digits", "g");
        assertThat(decode(bytes("$g}#e4$g#67"), 1)).containsExactly("damaged: packet ends in an escape", "g");
    }

    @Test
    void dollarInsideAPacketStartsAnother() {
        assertThat(decode(bytes("$m0,4$g#67"), 1)).containsExactly("g");
        assertThat(decode(bytes("$m0,4}$g#67"), 1)).containsExactly("g");
    }

    @Test
    void longPacketsAreThrownAwayWithoutBeingKept() {
        String longest = "a".repeat(LIMIT);
        String checksum = "%02x".formatted('a' * LIMIT & 0xff);
        assertThat(decode(bytes("$" + longest + "#" + checksum), 5)).containsExactly(longest);
        String tooLong = "a".repeat(LIMIT + 100_000);
        String itsChecksum = "%02x".formatted('a' * (LIMIT + 100_000) & 0xff);
        assertThat(decode(bytes("$" + tooLong + "#" + itsChecksum + "$g#67"), 4096))
                .containsExactly("oversized: " + LIMIT, "g");
    }

    @Test
    void emptyPacketIsAPacket() {
        assertThat(decode(bytes("$#00"), 1)).containsExactly("");
    }
}
