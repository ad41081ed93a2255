package dev.retrap.trace.file;

/** What a chunk holds; the ordinal plus one is its code in the file. A reader skips codes that it does not know. */
public enum ChunkKind {
    /** One Header record; the first chunk. {@code first} and positions are 0. */
    HEADER,
    /** One Events and one Probes record. {@code count} events from number {@code first}. */
    EVENTS,
    /** Console, Input and Unsupported records of the span of the EVENTS chunk that follows. */
    IO,
    /** {@code count} Page records, pages {@code first} and up. */
    PAGES,
    /** One Checkpoint record, number {@code first}. */
    CHECKPOINT,
    /** One End record. */
    END,
    /** One Index record; the last chunk. */
    INDEX,
    /** One Footprint record, of the chunk's span, which ends at the CHECKPOINT of number {@code first}. */
    FOOTPRINT;

    private static final ChunkKind[] BY_ORDINAL = values();

    int code() {
        return ordinal() + 1;
    }

    /** The kind of a code, null if it is unknown. */
    static ChunkKind ofCode(int code) {
        return code >= 1 && code <= BY_ORDINAL.length ? BY_ORDINAL[code - 1] : null;
    }
}
