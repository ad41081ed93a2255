package dev.retrap.trace.file;

import dev.retrap.trace.v1.Console;
import dev.retrap.trace.v1.Record;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The contents of a chunk of events and of the IO chunk before it, put together by the machine's thread, then written by
 * the writer's. Used again and again: grows, never shrinks.
 */
final class Draft implements Handover.Task {
    private byte[] rows = new byte[1 << 14];
    private int length;
    long firstEvent;
    int events;
    int probes;
    long firstPosition;
    long lastPosition;
    final ByteArrayOutputStream console = new ByteArrayOutputStream();
    final Console.Builder consolePositions = Console.newBuilder();
    private long lastConsolePosition;
    final List<Record> io = new ArrayList<>();
    /** Entry and exit by turns, of entries in earlier chunks. */
    final List<Long> farPairs = new ArrayList<>();

    /** Makes it empty: a chunk that begins at a position, with the event of a number. */
    void begin(long position, long event) {
        length = 0;
        firstEvent = event;
        events = 0;
        probes = 0;
        firstPosition = position;
        lastPosition = position;
        console.reset();
        consolePositions.clear();
        lastConsolePosition = 0;
        io.clear();
        farPairs.clear();
    }

    boolean isEmpty() {
        return length == 0 && io.isEmpty() && console.size() == 0;
    }

    /** Number of the next event. */
    long nextEvent() {
        return firstEvent + events;
    }

    void console(int octet, long position) {
        console.write(octet);
        consolePositions.addPosition(position - lastConsolePosition);
        lastConsolePosition = position;
    }

    // ---- the rows

    byte[] rows() {
        return rows;
    }

    int length() {
        return length;
    }

    /** Makes room for so many bytes, and skips one, whose index it gives. */
    int head(int atMost) {
        if (rows.length - length < atMost) {
            rows = Arrays.copyOf(rows, rows.length * 2);
        }
        return length++;
    }

    void set(int index, int octet) {
        rows[index] = (byte) octet;
    }

    /** Appends a varint of seven bits a byte, the lowest first. */
    void unsigned(long value) {
        byte[] b = rows;
        int n = length;
        long v = value;
        while ((v & ~0x7fL) != 0) {
            b[n++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        b[n++] = (byte) v;
        length = n;
    }

    /** Appends a number as a varint, with the sign in the lowest bit. */
    void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }
}
