package dev.retrap.trace.file;

/**
 * How events and probes of a chunk lie one behind the other, a <em>row</em> each, in the field {@code rows} of
 * {@code Events}. A row begins with a byte: the number of its context (an event's kind, vector and presence of an error
 * code) in the chunk, or of its probe point, and what follows. Without more, the row is to the last one of its context
 * or point as that was to the one before it: in a loop of system calls most rows are this byte alone.
 */
final class RowFormat {
    /** The number in the first byte; all bits set: a varint follows that is the number minus this one. */
    static final int NUMBER = 0x1f;
    /**
     * When it was and what it belongs to follows. Of an event: position and cycles, each minus those of the row (the
     * event) before, minus the same at the last one of the context; nesting; if it ends an entry, steps, nested steps,
     * spent cycles and nested cycles, the first and the third minus those of the last one. Of a probe: position
     * likewise; the next event's number minus its entry's; the address minus the last one; the words. Without it,
     * differences are 0 and the others are as at the last one.
     */
    static final int TIMES = 0x20;
    /**
     * Which values are not as predicted, and what they are minus the prediction: of an event two masks,
     * registers before (predicted as at the last one) and after (predicted to be left alone if they were then, else as
     * then), the error code last; of a probe one mask, words then thread flags. Without it, masks and differences are
     * those of the last one again.
     */
    static final int VALUES = 0x40;
    /** It is a probe. */
    static final int PROBE = 0x80;

    private RowFormat() {}
}
