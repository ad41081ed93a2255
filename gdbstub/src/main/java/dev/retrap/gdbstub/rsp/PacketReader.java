package dev.retrap.gdbstub.rsp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A cursor over a payload, with the lexical elements of the protocol. Methods throw if something else comes. */
final class PacketReader {
    /** The payload does not follow the grammar; stackless, for it is an answer and no surprise. */
    static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    private final byte[] payload;
    private int at;

    PacketReader(byte[] payload) {
        this.payload = payload;
    }

    PacketReader(String text) {
        this(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean atEnd() {
        return at == payload.length;
    }

    /** The next byte without taking it, -1 at the end. */
    int peek() {
        return atEnd() ? -1 : payload[at] & 0xff;
    }

    /** Takes the next byte if it is {@code c}. */
    boolean accept(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) throws MalformedException {
        if (!accept(c)) {
            throw new MalformedException("'" + c + "' expected at byte " + at);
        }
    }

    void expectEnd() throws MalformedException {
        if (!atEnd()) {
            throw new MalformedException("end expected at byte " + at);
        }
    }

    char any() throws MalformedException {
        if (atEnd()) {
            throw new MalformedException("packet ends too soon");
        }
        return (char) (payload[at++] & 0xff);
    }

    /** Text up to the first of {@code delimiters} (not taken) or the end. */
    String until(String delimiters) {
        int start = at;
        while (!atEnd() && delimiters.indexOf(peek()) < 0) {
            at++;
        }
        return new String(payload, start, at - start, StandardCharsets.ISO_8859_1);
    }

    /** 1..16 hexadecimal digits, big-endian, unsigned. */
    long number() throws MalformedException {
        int start = at;
        long value = 0;
        for (int digit; (digit = Character.digit(peek(), 16)) >= 0; at++) {
            if (value >>> 60 != 0) {
                throw new MalformedException("number longer than 64 bits at byte " + start);
            }
            value = value << 4 | digit;
        }
        if (at == start) {
            throw new MalformedException("number expected at byte " + at);
        }
        return value;
    }

    /** A number with an optional minus sign, as in thread ids and {@code tfind}. */
    long signed() throws MalformedException {
        return accept('-') ? -number() : number();
    }

    /** {@code pPID.TID}, {@code pPID} or {@code TID}. */
    ThreadId thread() throws MalformedException {
        if (!accept('p')) {
            long tid = signed();
            return tid == ThreadId.ALL ? ThreadId.EVERY : new ThreadId(ThreadId.ANY, tid);
        }
        long pid = signed();
        return new ThreadId(pid, accept('.') ? signed() : ThreadId.ALL);
    }

    /** Pairs of hexadecimal digits up to the end or the first byte that is no such digit. */
    byte[] hexBytes() throws MalformedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((payload.length - at) / 2);
        while (Character.digit(peek(), 16) >= 0) {
            int high = Character.digit(any(), 16);
            int low = Character.digit(peek(), 16);
            if (low < 0) {
                throw new MalformedException("odd number of hexadecimal digits at byte " + at);
            }
            at++;
            bytes.write(high << 4 | low);
        }
        return bytes.toByteArray();
    }

    /** Text written in hexadecimal; UTF-8. */
    String hexText() throws MalformedException {
        return new String(hexBytes(), StandardCharsets.UTF_8);
    }

    /** All that is left, raw. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(payload, at, payload.length);
        at = payload.length;
        return rest;
    }
}
