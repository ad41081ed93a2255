package dev.retrap.trace;

import dev.retrap.cpu.Crossing;

/** Short names of events, as the manuals spell them (SDM vol. 3, table 6-1). */
final class EventNames {
    private static final String[] EXCEPTIONS = {
        "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "CSO", "#TS", "#NP", "#SS", "#GP", "#PF", "#15",
        "#MF", "#AC", "#MC", "#XM", "#VE", "#CP"
    };

    private EventNames() {}

    static String name(Crossing.Kind kind, int vector) {
        return switch (kind) {
            case INT_N -> "INT 0x%02x".formatted(vector);
            case EXCEPTION -> exception(vector);
            case INTERRUPT -> "IRQ 0x%02x".formatted(vector);
            default -> kind.name();
        };
    }

    static String exception(int vector) {
        return vector >= 0 && vector < EXCEPTIONS.length ? EXCEPTIONS[vector] : "#" + vector;
    }
}
