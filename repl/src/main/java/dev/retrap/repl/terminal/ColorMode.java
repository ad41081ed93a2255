package dev.retrap.repl.terminal;

import java.util.Locale;

/** The values of {@code --color}. */
public enum ColorMode {
    /** Colour for a terminal, unless the environment says otherwise. */
    AUTO,
    /** Colour. */
    ALWAYS,
    /** None. */
    NEVER;

    /**
     * {@return whether to use colour: what was asked for, else NO_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM decide}
     * @param io where output goes
     */
    public boolean decide(Io io) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> {
                if (io.variable("NO_COLOR") != null) {
                    yield false;
                }
                String force = io.variable("CLICOLOR_FORCE");
                if (force != null && !force.equals("0")) {
                    yield true;
                }
                yield io.outIsTerminal() && !"0".equals(io.variable("CLICOLOR"))
                        && !"dumb".equals(io.variable("TERM"));
            }
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
