package dev.retrap.trace.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A chunk as its header describes it.
 *
 * <pre>
 *  0 sync word u32   4 kind u8   5 compression u8   6 flags u16 (0)   8 sequence number u32   12 count u32
 * 16 stored length u32   20 raw length u32   24 first u64   32 first position u64   40 last position u64
 * 48 CRC32C of the stored bytes u32   52 CRC32C of bytes 0..51 u32
 * </pre>
 *
 * @param offset of the header in the file
 * @param kindCode what it holds, see {@link ChunkKind}
 * @param compression 0 none, 1 deflate without zlib header
 * @param sequence number of the chunk in the file, from 0
 * @param count number of its items
 * @param storedLength bytes in the file behind the header
 * @param rawLength bytes after decompression
 * @param first number of its first item
 * @param firstPosition position at which its span starts
 * @param lastPosition position at which its span ends
 * @param payloadCrc CRC32C of the stored bytes
 */
public record Chunk(
        long offset,
        int kindCode,
        int compression,
        int sequence,
        int count,
        int storedLength,
        int rawLength,
        long first,
        long firstPosition,
        long lastPosition,
        int payloadCrc) {
    /** Bytes of a header. */
    public static final int HEADER_BYTES = 56;

    static final int STORED = 0;
    static final int DEFLATED = 1;

    private static final int SYNC = 0x6b4e_4843;

    /** What it holds, null if this code does not know. */
    public ChunkKind kind() {
        return ChunkKind.ofCode(kindCode);
    }

    /** Offset of the first byte behind it. */
    public long end() {
        return offset + HEADER_BYTES + storedLength;
    }

    byte[] encode() {
        ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(SYNC).put((byte) kindCode).put((byte) compression).putShort((short) 0);
        b.putInt(sequence).putInt(count).putInt(storedLength).putInt(rawLength);
        b.putLong(first).putLong(firstPosition).putLong(lastPosition).putInt(payloadCrc);
        b.putInt(Format.crc32c(b.array(), 0, HEADER_BYTES - 4));
        return b.array();
    }

    /**
     * The chunk whose header these bytes are.
     *
     * @throws RecordingFormatException if they are none
     */
    static Chunk decode(byte[] bytes, long offset) throws RecordingFormatException {
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (b.getInt(0) != SYNC) {
            throw RecordingFormatException.corrupt(offset, "no chunk begins here");
        }
        if (b.getInt(HEADER_BYTES - 4) != Format.crc32c(bytes, 0, HEADER_BYTES - 4)) {
            throw RecordingFormatException.corrupt(offset, "checksum of the chunk header");
        }
        Chunk c = new Chunk(offset, b.get(4) & 0xff, b.get(5) & 0xff, b.getInt(8), b.getInt(12), b.getInt(16),
                b.getInt(20), b.getLong(24), b.getLong(32), b.getLong(40), b.getInt(48));
        c.check();
        return c;
    }

    /** Refuses what no writer writes, so that nobody allocates by it. */
    void check() throws RecordingFormatException {
        boolean lengths = storedLength >= 0 && storedLength <= Format.MAX_CHUNK_BYTES
                && rawLength >= 0 && rawLength <= Format.MAX_CHUNK_BYTES
                && (compression != STORED || rawLength == storedLength);
        boolean numbers = offset >= Format.MAGIC_BYTES && count >= 0 && first >= 0 && firstPosition >= 0
                && lastPosition >= firstPosition && (kind() != ChunkKind.EVENTS || count <= Format.MAX_CHUNK_EVENTS);
        if (!lengths || !numbers) {
            throw RecordingFormatException.corrupt(offset, "chunk header with impossible numbers");
        }
        if (compression > DEFLATED) {
            throw new RecordingFormatException("compression " + compression + " of the chunk at byte " + offset
                    + " is unknown: written by a newer version");
        }
    }
}
