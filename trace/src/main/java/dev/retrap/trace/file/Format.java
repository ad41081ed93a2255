package dev.retrap.trace.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The fixed parts of the file format.
 *
 * <pre>
 * file    = MAGIC chunk* [index-chunk footer MAGIC]
 * footer  = index offset u64, event count u64, end position u64, CRC32C of those 24 bytes u32, 0 u32
 * </pre>
 *
 * All numbers are little-endian. The last byte but three of the magic is the format's version.
 */
public final class Format {
    /** Version of the format that this code writes; it reads all from 1 up to this one. */
    public static final int VERSION = 1;
    /** Bytes of the magic, at both ends of a whole file. */
    public static final int MAGIC_BYTES = 8;
    /** Bytes of the footer without the magic behind it. */
    public static final int FOOTER_BYTES = 32;
    /** Most raw or stored bytes of a chunk: bounds the reader's memory, whatever a file claims. */
    public static final int MAX_CHUNK_BYTES = 64 << 20;
    /** Most events in a chunk, likewise. */
    public static final int MAX_CHUNK_EVENTS = 16384;
    /** Feature: some pages are stored as differences from others. */
    public static final int FEATURE_PAGE_DELTAS = 1;
    /** Feature: events and probes are in rows. */
    public static final int FEATURE_ROWS = 2;
    /** Bytes of a RAM page. */
    public static final int PAGE_BYTES = 4096;

    private static final byte[] MAGIC = {(byte) 0x89, 'R', 'T', 'R', 'P', VERSION, '\r', '\n'};
    private static final int VERSION_AT = 5;

    private Format() {}

    /** A new copy of the magic. */
    static byte[] magic() {
        return MAGIC.clone();
    }

    /** Version in a magic, or -1 if these bytes are none. */
    static int versionOf(byte[] bytes) {
        for (int i = 0; i < MAGIC_BYTES; i++) {
            if (i != VERSION_AT && bytes[i] != MAGIC[i]) {
                return -1;
            }
        }
        return bytes[VERSION_AT] & 0xff;
    }

    static int crc32c(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** The footer and the magic behind it. */
    static byte[] footer(long indexOffset, long events, long endPosition) {
        ByteBuffer b = ByteBuffer.allocate(FOOTER_BYTES + MAGIC_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(indexOffset).putLong(events).putLong(endPosition);
        b.putInt(crc32c(b.array(), 0, 24)).putInt(0).put(MAGIC);
        return b.array();
    }
}
