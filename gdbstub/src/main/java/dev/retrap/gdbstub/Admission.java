package dev.retrap.gdbstub;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets one client in at a time. gdbserver leaves a second one hanging in the listen queue until gdb's time-out; here it
 * waits a moment, in case the first is just going, and is then told so. Confined to the network thread.
 */
final class Admission {
    /** What can be let in. */
    interface Candidate {
        /** The stub is free for it. */
        void admit();
    }

    private final Runnable sessionEnded;
    private final Deque<Candidate> waiting = new ArrayDeque<>();
    private Candidate current;

    Admission(Runnable sessionEnded) {
        this.sessionEnded = sessionEnded;
    }

    /** A client has come: it is let in at once, or waits. */
    void arrived(Candidate candidate) {
        if (current == null) {
            current = candidate;
            candidate.admit();
        } else {
            waiting.add(candidate);
        }
    }

    /** A client gives up waiting; false if it has been let in meanwhile. */
    boolean giveUp(Candidate candidate) {
        return waiting.remove(candidate);
    }

    /** A client is gone, whether it was let in or not. */
    void left(Candidate candidate) {
        waiting.remove(candidate);
        if (current != candidate) {
            return;
        }
        current = waiting.poll();
        if (current != null) {
            current.admit();
        } else {
            sessionEnded.run();
        }
    }
}
