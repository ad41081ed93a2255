package dev.retrap.cpu.memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing sink of little-endian values, for processor and device state. What is written has no field names: each
 * component opens with a {@link #tag}, and {@link StateReader} reads the same calls back in the same order.
 */
public final class StateWriter {
    private byte[] buffer;
    private int size;

    /** An empty writer. */
    public StateWriter() {
        buffer = new byte[4096];
    }

    /**
     * Opens a component.
     *
     * @param name 1..255 ASCII characters; the version of the layout belongs in it, e.g. {@code "pit/1"}
     */
    public StateWriter tag(String name) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        if (ascii.length < 1 || ascii.length > 255) {
            throw new IllegalArgumentException("a tag has 1..255 characters: \"" + name + "\"");
        }
        return u8(ascii.length).bytes(ascii);
    }

    /** Bits 7:0. */
    public StateWriter u8(int value) {
        room(1);
        buffer[size++] = (byte) value;
        return this;
    }

    /** Bits 15:0. */
    public StateWriter u16(int value) {
        room(2);
        PhysicalMemory.SHORT.set(buffer, size, (short) value);
        size += 2;
        return this;
    }

    /** 32 bits. */
    public StateWriter u32(int value) {
        room(4);
        PhysicalMemory.INT.set(buffer, size, value);
        size += 4;
        return this;
    }

    /** 64 bits. */
    public StateWriter u64(long value) {
        room(8);
        PhysicalMemory.LONG.set(buffer, size, value);
        size += 8;
        return this;
    }

    /** One byte, 0 or 1. */
    public StateWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** All bytes of an array whose length the reader knows. */
    public StateWriter bytes(byte[] values) {
        room(values.length);
        System.arraycopy(values, 0, buffer, size, values.length);
        size += values.length;
        return this;
    }

    /** A byte array with its length before it. */
    public StateWriter blob(byte[] values) {
        return u32(values.length).bytes(values);
    }

    /** All elements of an array whose length the reader knows, 32 bits each. */
    public StateWriter ints(int[] values) {
        for (int value : values) {
            u32(value);
        }
        return this;
    }

    /** All elements of an array whose length the reader knows, 64 bits each. */
    public StateWriter longs(long[] values) {
        for (long value : values) {
            u64(value);
        }
        return this;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    private void room(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), buffer.length * 2));
        }
    }
}
