package dev.retrap.repl.cli;

import java.util.Locale;

/** The values of {@code --format}. */
enum OutputFormat {
    TEXT, JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
