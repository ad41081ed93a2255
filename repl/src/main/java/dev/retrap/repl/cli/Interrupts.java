package dev.retrap.repl.cli;

import org.jline.utils.Signals;

/** What Ctrl-C does while a guest runs, instead of ending the JVM. */
final class Interrupts implements AutoCloseable {
    private static final String SIGNAL = "INT";

    private final Object previous;

    private Interrupts(Object previous) {
        this.previous = previous;
    }

    /** Has an action run at Ctrl-C, until {@link #close}. */
    static Interrupts handle(Runnable action) {
        return new Interrupts(Signals.register(SIGNAL, action));
    }

    @Override
    public void close() {
        Signals.unregister(SIGNAL, previous);
    }
}
