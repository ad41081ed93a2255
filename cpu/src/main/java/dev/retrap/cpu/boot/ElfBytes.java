package dev.retrap.cpu.boot;

import java.nio.charset.StandardCharsets;

/** Bounds-checked little-endian reads from a file; what lies outside is a {@link BadImageException}. */
final class ElfBytes {
    private final String name;
    private final byte[] data;

    ElfBytes(String name, byte[] data) {
        this.name = name;
        this.data = data;
    }

    int size() {
        return data.length;
    }

    /** An exception whose message starts with the file's name. */
    BadImageException bad(String what) {
        return new BadImageException(name + ": " + what);
    }

    /** Checks that {@code size} bytes at {@code offset}, both unsigned, are in the file. */
    void check(long offset, long size, String what) {
        if (offset < 0 || size < 0 || offset > data.length || size > data.length - offset) {
            throw bad(what + " is not within the file: " + Long.toUnsignedString(size) + " bytes at 0x"
                    + Long.toHexString(offset) + ", the file has " + data.length);
        }
    }

    int u8(long at) {
        return data[(int) at] & 0xFF;
    }

    int u16(long at) {
        return u8(at) | u8(at + 1) << 8;
    }

    int u32(long at) {
        return u16(at) | u16(at + 2) << 16;
    }

    /** 32 bits, zero-extended. */
    long u32L(long at) {
        return u32(at) & 0xFFFF_FFFFL;
    }

    long u64(long at) {
        return u32L(at) | (long) u32(at + 4) << 32;
    }

    byte[] copy(long offset, long size, String what) {
        check(offset, size, what);
        byte[] copy = new byte[(int) size];
        System.arraycopy(data, (int) offset, copy, 0, (int) size);
        return copy;
    }

    /** The NUL-terminated string at an offset of a string table; what is outside of it is the empty string. */
    String string(long tableOffset, long tableSize, long at) {
        if (at < 0 || at >= tableSize) {
            return "";
        }
        int start = (int) (tableOffset + at);
        int limit = (int) (tableOffset + tableSize);
        int end = start;
        while (end < limit && data[end] != 0) {
            end++;
        }
        return new String(data, start, end - start, StandardCharsets.UTF_8);
    }
}
