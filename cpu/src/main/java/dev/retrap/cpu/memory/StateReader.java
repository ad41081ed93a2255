package dev.retrap.cpu.memory;

import java.nio.charset.StandardCharsets;

/**
 * Reads back what a {@link StateWriter} wrote, with the same calls in the same order. State comes out of files, so
 * every read is checked: what does not fit is an {@link IllegalArgumentException} of one line.
 */
public final class StateReader {
    private final byte[] data;
    private int at;

    /** Reads from the start of {@code data}, which must not change meanwhile. */
    public StateReader(byte[] data) {
        this.data = data;
    }

    /**
     * Checks that a component starts here.
     *
     * @throws IllegalArgumentException if another one does, or none
     */
    public StateReader tag(String name) {
        int start = at;
        int length = at < data.length ? u8() : 0;
        if (length == 0 || length > data.length - at) {
            throw bad(start, "expected component \"" + name + "\", found no component");
        }
        String found = new String(data, at, length, StandardCharsets.US_ASCII);
        at += length;
        if (!found.equals(name)) {
            throw bad(start, "expected component \"" + name + "\", found \"" + printable(found) + "\"");
        }
        return this;
    }

    /** 0..255. */
    public int u8() {
        need(1);
        return data[at++] & 0xFF;
    }

    /** 0..65535. */
    public int u16() {
        need(2);
        int value = data[at] & 0xFF | (data[at + 1] & 0xFF) << 8;
        at += 2;
        return value;
    }

    /** 32 bits. */
    public int u32() {
        need(4);
        return u16() | u16() << 16;
    }

    /** 64 bits. */
    public long u64() {
        need(8);
        return u32() & 0xFFFF_FFFFL | (long) u32() << 32;
    }

    /** A byte that must be 0 or 1. */
    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw bad(at - 1, "expected a truth value 0 or 1, found " + value);
        }
        return value == 1;
    }

    /** A {@link #u8} that must be in {@code 0..max}. */
    public int u8UpTo(int max) {
        int value = u8();
        if (value > max) {
            throw bad(at - 1, "expected 0.." + max + ", found " + value);
        }
        return value;
    }

    /** Fills an array. */
    public StateReader bytes(byte[] into) {
        need(into.length);
        System.arraycopy(data, at, into, 0, into.length);
        at += into.length;
        return this;
    }

    /** A byte array with its length before it. */
    public byte[] blob() {
        int start = at;
        int length = u32();
        if (length < 0 || length > data.length - at) {
            throw bad(start, "a block of " + Integer.toUnsignedString(length) + " bytes, but only "
                    + (data.length - at) + " are left");
        }
        byte[] value = new byte[length];
        bytes(value);
        return value;
    }

    /** Fills an array, 32 bits an element. */
    public StateReader ints(int[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = u32();
        }
        return this;
    }

    /** Fills an array, 64 bits an element. */
    public StateReader longs(long[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = u64();
        }
        return this;
    }

    /** Bytes not read yet. */
    public int remaining() {
        return data.length - at;
    }

    /**
     * Checks that all was read.
     *
     * @throws IllegalArgumentException if bytes are left
     */
    public void end() {
        if (at < data.length) {
            throw bad(at, data.length - at + " bytes too many");
        }
    }

    private void need(int count) {
        if (data.length - at < count) {
            throw bad(at, "it ends where " + count + " more bytes should be");
        }
    }

    private static IllegalArgumentException bad(int offset, String what) {
        return new IllegalArgumentException("machine state is damaged or of another version: at byte " + offset + ": "
                + what);
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
