package dev.retrap.gdbstub.session;

import dev.retrap.trace.Timeline;

/**
 * Whether what a client asked for is to stop early (Ctrl-C, or the client is gone). One for each request, so that an
 * interrupt hits the request it was meant for, neither one that ended just before nor one that comes after.
 */
public final class Interruption {
    private final Timeline timeline;
    private boolean requested;
    private boolean running;

    /** One for a request that may move this timeline. */
    public Interruption(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Asks for the stop; any thread. */
    public synchronized void request() {
        requested = true;
        if (running) {
            timeline.interrupt();
        }
    }

    /** The request begins to be served; on the machine's thread, as are the following. */
    synchronized void begin() {
        running = true;
        if (requested) {
            timeline.interrupt();
        }
    }

    /** The request is served. */
    synchronized void end() {
        running = false;
        timeline.clearInterrupt();
    }

    /** True if a stop was asked for. */
    synchronized boolean requested() {
        return requested;
    }
}
