package dev.retrap.trace.file;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrap.trace.v1.ChunkEntry;
import dev.retrap.trace.v1.Index;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A recording's chunks, for reading. The list comes from the index of a whole file, else from the chunks' headers, up
 * to the first that is not whole. Thread-safe.
 */
public final class ChunkFile implements AutoCloseable {
    private final FileChannel channel;
    private final List<Chunk> chunks = new ArrayList<>();
    private long end = Format.MAGIC_BYTES;
    private Index index;
    private String damage;

    private ChunkFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a file that nobody writes any more.
     *
     * @throws RecordingFormatException if it is no recording, or a newer one
     */
    public static ChunkFile open(Path file) throws IOException {
        ChunkFile f = new ChunkFile(FileChannel.open(file, StandardOpenOption.READ));
        try {
            f.checkMagic();
            if (!f.readIndex()) {
                f.scan(true);
            }
            return f;
        } catch (IOException e) {
            f.close();
            throw e;
        }
    }

    /** Opens a file that this process is writing; {@link #follow} brings the list up to date. */
    public static ChunkFile following(Path file) throws IOException {
        ChunkFile f = new ChunkFile(FileChannel.open(file, StandardOpenOption.READ));
        f.follow();
        return f;
    }

    /** Takes in the chunks that have been written since. */
    public synchronized void follow() throws IOException {
        scan(false);
        damage = null;
    }

    private void checkMagic() throws IOException {
        byte[] magic = new byte[Format.MAGIC_BYTES];
        int version = read(magic, 0) ? Format.versionOf(magic) : -1;
        if (version < 0) {
            throw new RecordingFormatException("not a Retrap recording");
        }
        if (version > Format.VERSION || version == 0) {
            throw new RecordingFormatException("recording of format " + version + ", this program reads up to format "
                    + Format.VERSION + ": use a newer Retrap");
        }
    }

    /** Fills {@code into} from an offset; false if the file ends before. */
    private boolean read(byte[] into, long at) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(into);
        while (b.hasRemaining()) {
            if (channel.read(b, at + b.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads the footer and the index it points to; false if there is none, or none that can be trusted. */
    private boolean readIndex() throws IOException {
        long size = channel.size();
        long at = size - Format.FOOTER_BYTES - Format.MAGIC_BYTES;
        byte[] tail = new byte[Format.FOOTER_BYTES + Format.MAGIC_BYTES];
        if (at < Format.MAGIC_BYTES || !read(tail, at)) {
            return false;
        }
        ByteBuffer b = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        long indexAt = b.getLong(0);
        byte[] expected = Format.footer(indexAt, b.getLong(8), b.getLong(16));
        byte[] own = tail.clone();
        own[Format.FOOTER_BYTES + 5] = expected[Format.FOOTER_BYTES + 5]; // an older version's magic
        if (!Arrays.equals(own, expected)) {
            return false;
        }
        try {
            byte[] header = new byte[Chunk.HEADER_BYTES];
            if (indexAt < Format.MAGIC_BYTES || indexAt > at || !read(header, indexAt)) {
                throw RecordingFormatException.corrupt(at, "the footer points outside the file");
            }
            Chunk chunk = Chunk.decode(header, indexAt);
            if (chunk.kind() != ChunkKind.INDEX || chunk.end() != at) {
                throw RecordingFormatException.corrupt(at, "the footer does not point to an index");
            }
            takeIndex(index(chunk), indexAt);
            chunks.add(chunk);
            end = size;
            return true;
        } catch (RecordingFormatException e) {
            chunks.clear();
            index = null;
            return false; // read without it
        }
    }

    private Index index(Chunk chunk) throws IOException {
        for (Record r : records(chunk)) {
            if (r.hasIndex()) {
                return r.getIndex();
            }
        }
        throw RecordingFormatException.corrupt(chunk.offset(), "an index chunk without an index");
    }

    private void takeIndex(Index found, long indexAt) throws RecordingFormatException {
        long at = Format.MAGIC_BYTES;
        for (ChunkEntry e : found.getChunksList()) {
            Chunk c = new Chunk(e.getOffset(), e.getKind(), e.getCompression(), chunks.size(), e.getCount(),
                    e.getStoredLength(), e.getRawLength(), e.getFirst(), e.getFirstPosition(), e.getLastPosition(),
                    e.getPayloadCrc());
            c.check();
            if (c.offset() != at) {
                throw RecordingFormatException.corrupt(indexAt, "the index disagrees with itself");
            }
            at = c.end();
            chunks.add(c);
        }
        if (at != indexAt) {
            throw RecordingFormatException.corrupt(indexAt, "the index does not cover the file");
        }
        index = found;
    }

    /** Adds the whole chunks from {@link #end} on. */
    private void scan(boolean verify) throws IOException {
        long size = channel.size();
        byte[] header = new byte[Chunk.HEADER_BYTES];
        damage = null;
        while (end < size) {
            if (!read(header, end)) {
                damage = "ends within a chunk header";
                return;
            }
            try {
                Chunk c = Chunk.decode(header, end);
                if (c.end() > size) {
                    damage = "ends within a chunk";
                    return;
                }
                if (c.sequence() != chunks.size()) {
                    damage = "chunk " + c.sequence() + " where chunk " + chunks.size() + " should be";
                    return;
                }
                if (verify && !crcMatches(c)) {
                    damage = "checksum of a chunk";
                    return;
                }
                chunks.add(c);
                end = c.end();
                if (c.kind() == ChunkKind.INDEX) {
                    if (verify) {
                        index = index(c);
                    }
                    damage = end + Format.FOOTER_BYTES + Format.MAGIC_BYTES == size ? null : "footer missing";
                    return;
                }
            } catch (RecordingFormatException e) {
                damage = e.getMessage();
                return;
            }
        }
        damage = "no index: the writer did not finish";
    }

    private boolean crcMatches(Chunk c) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer b = ByteBuffer.allocate(Math.min(c.storedLength(), 1 << 16));
        long at = c.end() - c.storedLength();
        long left = c.storedLength();
        while (left > 0) {
            b.clear().limit((int) Math.min(left, b.capacity()));
            int n = channel.read(b, at);
            if (n < 0) {
                return false;
            }
            crc.update(b.flip());
            at += n;
            left -= n;
        }
        return (int) crc.getValue() == c.payloadCrc();
    }

    /** The chunks in file order, a copy. */
    public synchronized List<Chunk> chunks() {
        return List.copyOf(chunks);
    }

    /** Number of chunks. */
    public synchronized int size() {
        return chunks.size();
    }

    /** A chunk by its sequence number. */
    public synchronized Chunk chunk(int sequence) {
        return chunks.get(sequence);
    }

    /** The index, if the file has one. */
    public synchronized Optional<Index> index() {
        return Optional.ofNullable(index);
    }

    /** What is wrong behind the last whole chunk, empty for a whole file. */
    public synchronized Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Offset of the first byte behind the last whole chunk. */
    public synchronized long end() {
        return end;
    }

    /** Bytes of the file. */
    public long length() throws IOException {
        return channel.size();
    }

    /**
     * The records of a chunk.
     *
     * @throws RecordingFormatException if the chunk is corrupt
     */
    public List<Record> records(Chunk chunk) throws IOException {
        byte[] raw = raw(chunk);
        List<Record> records = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(raw);
        in.enableAliasing(true);
        try {
            while (!in.isAtEnd()) {
                int limit = in.pushLimit(in.readRawVarint32());
                records.add(Record.parseFrom(in));
                in.checkLastTagWas(0);
                in.popLimit(limit);
            }
        } catch (InvalidProtocolBufferException e) {
            throw RecordingFormatException.corrupt(chunk.offset(), "records of the chunk: " + e.getMessage());
        }
        return records;
    }

    /** A chunk as it is in the file, its header included. */
    byte[] bytes(Chunk chunk) throws IOException {
        byte[] all = new byte[Chunk.HEADER_BYTES + chunk.storedLength()];
        if (!read(all, chunk.offset())) {
            throw RecordingFormatException.corrupt(chunk.offset(), "the file ends within the chunk");
        }
        return all;
    }

    private byte[] raw(Chunk chunk) throws IOException {
        byte[] stored = new byte[chunk.storedLength()];
        if (!read(stored, chunk.end() - chunk.storedLength())) {
            throw RecordingFormatException.corrupt(chunk.offset(), "the file ends within the chunk");
        }
        if (Format.crc32c(stored, 0, stored.length) != chunk.payloadCrc()) {
            throw RecordingFormatException.corrupt(chunk.offset(), "checksum of the chunk");
        }
        if (chunk.compression() == Chunk.STORED) {
            return stored;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(stored);
            byte[] raw = new byte[chunk.rawLength()];
            int n = 0;
            while (n < raw.length) {
                int got = inflater.inflate(raw, n, raw.length - n);
                if (got == 0) {
                    break;
                }
                n += got;
            }
            if (n != raw.length) {
                throw RecordingFormatException.corrupt(chunk.offset(), "the chunk inflates to less than it says");
            }
            return raw;
        } catch (DataFormatException e) {
            throw RecordingFormatException.corrupt(chunk.offset(), "deflated data of the chunk");
        } finally {
            inflater.end();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
