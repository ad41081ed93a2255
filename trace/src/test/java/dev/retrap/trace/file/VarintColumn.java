package dev.retrap.trace.file;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;

/**
 * A packed repeated field of varints under construction (protobuf encoding guide, "Packed Repeated Fields"). Reused
 * from chunk to chunk: grows, never shrinks.
 */
final class VarintColumn {
    private final int field;
    private byte[] bytes = new byte[4096];
    private int length;

    /** A column for a field number of a message. */
    VarintColumn(int field) {
        this.field = field;
    }

    void clear() {
        length = 0;
    }

    /** Appends a value of an unsigned type. */
    void unsigned(long value) {
        if (bytes.length - length < 10) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        byte[] b = bytes;
        int n = length;
        long v = value;
        while ((v & ~0x7fL) != 0) {
            b[n++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        b[n++] = (byte) v;
        length = n;
    }

    /** Appends a value of a zigzag-coded type ({@code sint64}). */
    void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }

    /** Bytes that {@link #writeTo} writes. */
    int size() {
        return length == 0
                ? 0
                : CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }

    /** Writes the field, nothing if it is empty. */
    void writeTo(CodedOutputStream out) throws IOException {
        if (length > 0) {
            out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(length);
            out.write(bytes, 0, length);
        }
    }
}
