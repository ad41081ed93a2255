package dev.retrap.cpu.engine;

import dev.retrap.cpu.BadSettingException;
import java.util.Locale;

/** Which engines run the guest; the system property {@code retrap.engine} chooses. The guest cannot tell. */
enum EngineMode {
    /** The interpreter alone. */
    INTERPRETER,
    /** The interpreter, and compiled code for what has run often, compiled beside it. */
    TIERED,
    /** All code that can be is compiled when it is first run: slow, for tests. */
    COMPILED_AT_ONCE;

    private static final String PROPERTY = "retrap.engine";

    /** @throws BadSettingException if the property has another value than {@code tiered} and so on */
    static EngineMode fromProperty() {
        String name = System.getProperty(PROPERTY, "tiered");
        for (EngineMode m : values()) {
            if (m.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
                return m;
            }
        }
        throw new BadSettingException(
                "-D" + PROPERTY + " must be interpreter, tiered or compiled-at-once, not \"" + name + "\"");
    }
}
