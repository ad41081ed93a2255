package dev.retrap.gdbstub.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.gdbstub.Guests;
import dev.retrap.gdbstub.View;
import dev.retrap.gdbstub.guest.GuestFiles;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private static final long STACK_TOP = 0xc0000000L;
    private static final long HOLE = 0x10000000L;

    private Timeline timeline;
    private Memory memory;
    private Inferior all;
    private Interruption interruption;

    @BeforeEach
    void boot() throws Exception {
        timeline = Guests.live("v4.4", "hello");
        timeline.continueForward(StopSet.NONE.withCrossings(Event::toUser));
        Inferiors inferiors = new Inferiors(timeline, View.FLAT, new Views(timeline, Optional.empty(), Optional::empty),
                Optional.empty(), new GuestFiles(timeline.recording().bootImage(), Optional.empty(), 0));
        all = inferiors.running().inferior();
        memory = new Memory(timeline, inferiors, 4096);
        interruption = new Interruption(timeline);
    }

    @AfterEach
    void close() throws Exception {
        timeline.close();
    }

    @Test
    void readsStopAtUnmappedPages() {
        // Below a hole that no kernel maps: fewer bytes than asked for, and none behind.
        long last = lastMappedBefore(HOLE);
        assertThat(memory.read(last - 7, 64, false, all)).isInstanceOfSatisfying(Reply.Hex.class,
                h -> assertThat(h.bytes()).hasSize(8));
        assertThat(memory.read(HOLE, 4, false, all)).isInstanceOf(Reply.Error.class);
        assertThat(memory.read(0x1_0000_0000L, 4, false, all)).isInstanceOf(Reply.Error.class);
        assertThat(memory.read(-1, 4, true, all)).isInstanceOf(Reply.Error.class);
        assertThat(memory.read(STACK_TOP - 16, Long.MAX_VALUE, true, all)).isInstanceOf(Reply.Binary.class);
        assertThat(memory.read(STACK_TOP - 16, 0, false, all)).isInstanceOf(Reply.Hex.class);
    }

    private long lastMappedBefore(long address) {
        long at = address - 1;
        while (timeline.machine().translate(at) < 0) {
            at -= 4096;
        }
        return at;
    }

    @Test
    void writesAreAllOrAnError() {
        assertThat(memory.write(STACK_TOP - 64, "hello".getBytes(StandardCharsets.US_ASCII), all)).isEqualTo(Reply.OK);
        assertThat(memory.read(STACK_TOP - 64, 5, false, all)).isInstanceOfSatisfying(Reply.Hex.class,
                h -> assertThat(h.bytes()).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII)));
        assertThat(memory.write(HOLE, new byte[1], all)).isInstanceOf(Reply.Error.class);
        assertThat(memory.write(0xffff_fffeL, new byte[8], all)).isInstanceOf(Reply.Error.class);
    }

    @Test
    void searchGoesOverHoles() {
        byte[] pattern = "needle in a haystack".getBytes(StandardCharsets.US_ASCII);
        long at = STACK_TOP - 100;
        memory.write(at, pattern, all);
        assertThat(memory.search(HOLE, STACK_TOP - HOLE, pattern, interruption, all))
                .isEqualTo(new Reply.Text("1," + Long.toHexString(at)));
        assertThat(memory.search(at + 1, STACK_TOP - at - 1, pattern, interruption, all)).isEqualTo(new Reply.Text("0"));
        assertThat(memory.search(at, pattern.length - 1, pattern, interruption, all)).isEqualTo(new Reply.Text("0"));
        interruption.request();
        assertThat(memory.search(HOLE, STACK_TOP - HOLE, pattern, interruption, all)).isInstanceOf(Reply.Error.class);
    }

    @Test
    void patternsAcrossPagesAreFound() {
        byte[] pattern = new byte[32];
        Arrays.fill(pattern, (byte) 0xa5);
        for (long offset = -31; offset < 1; offset += 5) {
            long at = STACK_TOP - 0x4000 + offset;
            memory.write(at, pattern, all);
            assertThat(memory.search(STACK_TOP - 0x8000, 0x8000, pattern, interruption, all))
                    .isEqualTo(new Reply.Text("1," + Long.toHexString(at)));
            memory.write(at, new byte[32], all);
        }
    }

    @Test
    void crcIsGdbs() {
        // CRC-32/MPEG-2's check value.
        assertThat(Memory.crc(-1, "123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0x0376e6e7);
        assertThat(memory.crc(HOLE, 4, interruption, all)).isInstanceOf(Reply.Error.class);
    }
}
