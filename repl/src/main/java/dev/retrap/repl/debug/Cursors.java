package dev.retrap.repl.debug;

/** Where commands that list things go on when they are repeated without arguments. */
final class Cursors {
    /** Last format of {@code x}. */
    Format examineFormat = new Format(1, 'x', 4);
    /** Address after the last unit that {@code x} showed. */
    long examine;
    /** Address after the last instruction that {@code disassemble} showed; null before its first use. */
    Long disassemble;
    /** Filter of {@code events}; null before its first use. */
    String eventFilter;
    /** Next event of {@code events}. */
    long event;
    /** Where the session stood when {@code events} began; elsewhere it begins anew. */
    long eventPosition;
}
