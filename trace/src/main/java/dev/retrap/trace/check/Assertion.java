package dev.retrap.trace.check;

import dev.retrap.trace.Event;

/** One check under way. */
abstract class Assertion {
    final Scene scene;
    private Findings findings;

    Assertion(Scene scene) {
        this.scene = scene;
    }

    final void into(Findings f) {
        findings = f;
    }

    /** Any event, in order. */
    void crossing(Event e) {}

    /** A system call that has come back to user mode, in the order of exits; its exit's {@link #crossing} came before. */
    void call(SystemCall c) {}

    /** The recording has no more events. */
    void end() {}

    /** Something was looked at. */
    final void examined() {
        findings.examined();
    }

    /** It was not as it must be. */
    final void violated(Event at, String what, String why) {
        findings.add(new Violation(at.index(), at.position(), what, why));
    }

    /** It was not as it must be, at a position that is no event's. */
    final void violated(Event at, long position, String what, String why) {
        findings.add(new Violation(at.index(), position, what, why));
    }
}
