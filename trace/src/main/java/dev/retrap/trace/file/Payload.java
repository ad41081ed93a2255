package dev.retrap.trace.file;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import dev.retrap.trace.v1.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The raw bytes of a chunk under construction: varint-delimited Records. */
final class Payload {
    /** Writes the body of a record whose size is known. */
    @FunctionalInterface
    interface Body {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private final Buffer buffer = new Buffer();

    /** A byte stream whose array can be had without a copy. */
    private static final class Buffer extends ByteArrayOutputStream {
        Buffer() {
            super(1 << 16);
        }

        byte[] array() {
            return buf;
        }
    }

    void clear() {
        buffer.reset();
    }

    byte[] array() {
        return buffer.array();
    }

    int length() {
        return buffer.size();
    }

    void add(Record record) {
        try {
            record.writeDelimitedTo(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends a record with one body field that is written by hand; {@code size} is its exact size. */
    void add(int bodyField, int size, Body body) {
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(buffer, 4096);
            int tag = CodedOutputStream.computeTagSize(bodyField);
            out.writeUInt32NoTag(tag + CodedOutputStream.computeUInt32SizeNoTag(size) + size);
            out.writeTag(bodyField, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(size);
            body.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of a record that holds one message in a body field. */
    static int recordSize(int bodyField, MessageLite message) {
        int n = CodedOutputStream.computeMessageSize(bodyField, message);
        return n + CodedOutputStream.computeUInt32SizeNoTag(n);
    }
}
