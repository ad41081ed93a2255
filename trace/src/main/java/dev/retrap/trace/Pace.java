package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a guest's virtual time from running ahead of the wall clock, so that one that waits for its user does not burn
 * a processor and its timeouts last as long as they say. Changes nothing but when inputs arrive, which is recorded.
 */
final class Pace {
    /** Steps between two looks at the clock. */
    static final long STEPS = 1 << 14;
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Machine machine;
    private long wallStart;
    private long guestStart;

    Pace(Machine machine) {
        this.machine = machine;
    }

    /** Time runs from now. */
    void start() {
        wallStart = System.nanoTime();
        guestStart = machine.nanos();
    }

    /** If the guest is ahead of the clock, waits a moment and returns true. */
    boolean waits() {
        long ahead = machine.nanos() - guestStart - (System.nanoTime() - wallStart);
        if (ahead > 0) {
            LockSupport.parkNanos(this, Math.min(ahead, PATIENCE));
            return true;
        }
        if (-ahead > PATIENCE) {
            start(); // a slow guest does not catch up later
        }
        return false;
    }
}
