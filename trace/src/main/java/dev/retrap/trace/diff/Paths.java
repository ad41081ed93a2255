package dev.retrap.trace.diff;

import dev.retrap.cpu.Crossing;
import dev.retrap.trace.Event;
import java.util.Optional;

/** Ways into and out of the kernel as numbers. */
final class Paths {
    private static final Crossing.Kind[] KINDS = Crossing.Kind.values();
    private static final int NONE = -1;

    private Paths() {}

    static int code(Event e) {
        return e.kind().ordinal() << 16 | e.vector() & 0xffff;
    }

    static int code(Optional<Event> e) {
        return e.isPresent() ? code(e.get()) : NONE;
    }

    /** As reports print it: {@code SYSENTER}, {@code INT 0x80}, {@code none}. */
    static String name(int code) {
        return code == NONE ? "none" : Event.name(KINDS[code >> 16], (short) code);
    }
}
