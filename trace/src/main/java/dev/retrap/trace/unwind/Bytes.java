package dev.retrap.trace.unwind;

/** A cursor over DWARF data: numbers, LEB128, encoded pointers. Reading past the end is {@link BadCallFrameInfo}. */
final class Bytes {
    /** Pointer encodings, LSB Core, "DWARF Exception Header Encoding". */
    static final int DW_EH_PE_OMIT = 0xFF;

    private final byte[] data;
    private final long address;
    private final int wordBytes;
    private final int end;
    private int at;

    /**
     * A cursor.
     *
     * @param data the section
     * @param address where {@code data[0]} lies in memory
     * @param wordBytes size of an absolute pointer
     * @param from first byte to read
     * @param end first byte not to read
     */
    Bytes(byte[] data, long address, int wordBytes, int from, int end) {
        if (from < 0 || end < from || end > data.length) {
            throw new BadCallFrameInfo("an entry reaches past the end of its section");
        }
        this.data = data;
        this.address = address;
        this.wordBytes = wordBytes;
        this.at = from;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    int offset() {
        return at;
    }

    int end() {
        return end;
    }

    /** A cursor over the next bytes, which this one skips. */
    Bytes slice(long length) {
        if (length < 0 || length > end - at) {
            throw new BadCallFrameInfo("a block of " + length + " bytes reaches past its entry");
        }
        Bytes slice = new Bytes(data, address, wordBytes, at, at + (int) length);
        at += (int) length;
        return slice;
    }

    void seek(int offset) {
        if (offset < 0 || offset > end) {
            throw new BadCallFrameInfo("a branch out of an expression");
        }
        at = offset;
    }

    int u8() {
        if (at >= end) {
            throw new BadCallFrameInfo("an entry ends too early");
        }
        return data[at++] & 0xFF;
    }

    long unsigned(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) u8() << i * 8;
        }
        return value;
    }

    long signed(int bytes) {
        int shift = 64 - bytes * 8;
        return unsigned(bytes) << shift >> shift;
    }

    long uleb() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            value |= shift < 64 ? (long) (b & 0x7F) << shift : 0;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
    }

    long sleb() {
        long value = 0;
        int shift = 0;
        int b;
        do {
            b = u8();
            value |= shift < 64 ? (long) (b & 0x7F) << shift : 0;
            shift += 7;
        } while ((b & 0x80) != 0);
        return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
    }

    String string() {
        StringBuilder sb = new StringBuilder();
        for (int c = u8(); c != 0; c = u8()) {
            sb.append((char) c);
        }
        return sb.toString();
    }

    /** A pointer in an encoding of .eh_frame. */
    long pointer(int encoding) {
        if (encoding == DW_EH_PE_OMIT) {
            return 0;
        }
        long here = address + at;
        long value = switch (encoding & 0x0F) {
            case 0x00 -> unsigned(wordBytes);
            case 0x01 -> uleb();
            case 0x02 -> unsigned(2);
            case 0x03 -> unsigned(4);
            case 0x04 -> unsigned(8);
            case 0x08 -> signed(wordBytes);
            case 0x09 -> sleb();
            case 0x0A -> signed(2);
            case 0x0B -> signed(4);
            case 0x0C -> signed(8);
            default -> throw new BadCallFrameInfo("unknown pointer encoding 0x" + Integer.toHexString(encoding));
        };
        long base = switch (encoding & 0x70) {
            case 0x00 -> 0;
            case 0x10 -> here;
            default -> throw new BadCallFrameInfo("unsupported pointer base 0x" + Integer.toHexString(encoding));
        };
        return wordBytes == 8 ? base + value : base + value & 0xFFFF_FFFFL;
    }
}
