package dev.retrap.trace.file;

import dev.retrap.trace.v1.ChunkEntry;
import dev.retrap.trace.v1.Index;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/**
 * Writes a recording's chunks in order. A file that is not {@linkplain #finish finished} reads up to its last chunk.
 */
final class ChunkWriter implements AutoCloseable {
    private final FileChannel channel;
    private final List<Chunk> chunks = new ArrayList<>();
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private byte[] deflated = new byte[1 << 16];
    private long offset;

    private ChunkWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** Creates or replaces a file. */
    static ChunkWriter create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        ChunkWriter w = new ChunkWriter(channel);
        try {
            w.write(ByteBuffer.wrap(Format.magic()));
        } catch (IOException e) {
            w.close();
            throw e;
        }
        return w;
    }

    /** Appends a chunk. */
    void write(ChunkKind kind, int count, long first, long firstPosition, long lastPosition, Payload payload)
            throws IOException {
        byte[] stored = payload.array();
        int length = payload.length();
        int compression = Chunk.STORED;
        int packed = deflate(stored, length);
        if (packed >= 0) {
            stored = deflated;
            length = packed;
            compression = Chunk.DEFLATED;
        }
        Chunk chunk = new Chunk(offset, kind.code(), compression, chunks.size(), count, length, payload.length(), first,
                firstPosition, lastPosition, Format.crc32c(stored, 0, length));
        chunk.check();
        write(ByteBuffer.wrap(chunk.encode()), ByteBuffer.wrap(stored, 0, length));
        chunks.add(chunk);
    }

    /** Appends a chunk of another file as it is. */
    void copy(ChunkFile from, Chunk chunk) throws IOException {
        write(ByteBuffer.wrap(from.bytes(chunk)));
        Chunk here = new Chunk(offset - Chunk.HEADER_BYTES - chunk.storedLength(), chunk.kindCode(),
                chunk.compression(), chunks.size(), chunk.count(), chunk.storedLength(), chunk.rawLength(),
                chunk.first(), chunk.firstPosition(), chunk.lastPosition(), chunk.payloadCrc());
        if (here.sequence() != chunk.sequence()) {
            throw new IllegalArgumentException("chunk " + chunk.sequence() + " copied to place " + here.sequence());
        }
        chunks.add(here);
    }

    /** Deflates into {@link #deflated}; length there, or -1 if that would not be shorter. */
    private int deflate(byte[] raw, int length) {
        deflater.reset();
        deflater.setInput(raw, 0, length);
        deflater.finish();
        int n = 0;
        while (!deflater.finished()) {
            n += deflater.deflate(deflated, n, deflated.length - n);
            if (n >= length) {
                return -1;
            }
            if (n == deflated.length) {
                deflated = Arrays.copyOf(deflated, n * 2);
            }
        }
        return n;
    }

    private void write(ByteBuffer... parts) throws IOException {
        long left = 0;
        for (ByteBuffer p : parts) {
            left += p.remaining();
        }
        offset += left;
        while (left > 0) {
            left -= channel.write(parts);
        }
    }

    /**
     * Writes index and footer.
     *
     * @param farEntries numbers of entries whose exits lie in later chunks, ascending
     * @param farExits numbers of those exits
     */
    void finish(long events, long endPosition, long[] farEntries, long[] farExits) throws IOException {
        Index.Builder index = Index.newBuilder();
        for (Chunk c : chunks) {
            index.addChunks(ChunkEntry.newBuilder().setOffset(c.offset()).setKind(c.kindCode()).setCount(c.count())
                    .setFirst(c.first()).setFirstPosition(c.firstPosition()).setLastPosition(c.lastPosition())
                    .setStoredLength(c.storedLength()).setRawLength(c.rawLength())
                    .setCompression(c.compression()).setPayloadCrc(c.payloadCrc()));
        }
        long last = 0;
        for (int i = 0; i < farEntries.length; i++) {
            index.addFarEntry(farEntries[i] - last).addFarExit(farExits[i] - farEntries[i]);
            last = farEntries[i];
        }
        Payload payload = new Payload();
        payload.add(Record.newBuilder().setIndex(index).build());
        if (payload.length() > Format.MAX_CHUNK_BYTES) {
            return; // readers find the chunks by their headers
        }
        long at = offset;
        write(ChunkKind.INDEX, chunks.size(), 0, 0, endPosition, payload);
        write(ByteBuffer.wrap(Format.footer(at, events, endPosition)));
    }

    /** Bytes written so far. */
    long length() {
        return offset;
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        channel.close();
    }
}
