package dev.retrap.cpu.device;

/**
 * The 1.193182 MHz input of the timer (14.31818 MHz / 12), as a function of virtual time in whole nanoseconds. Tick
 * {@code n} is at exactly {@code n / 1193182} seconds; both conversions are exact, so nothing drifts.
 */
final class PitClock {
    /** Ticks a second. */
    static final long HERTZ = 1_193_182;
    /** A tick that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long SECOND = 1_000_000_000;
    private static final long LAST_TICK = Long.MAX_VALUE / SECOND * HERTZ;

    private PitClock() {}

    /** Ticks that have happened at {@code nanos}, not negative. */
    static long ticks(long nanos) {
        return nanos / SECOND * HERTZ + nanos % SECOND * HERTZ / SECOND;
    }

    /** The first nanosecond at which {@code tick} has happened; {@link #NEVER} stays what it is. */
    static long nanos(long tick) {
        if (tick >= LAST_TICK) {
            return NEVER;
        }
        return tick / HERTZ * SECOND + (tick % HERTZ * SECOND + HERTZ - 1) / HERTZ;
    }
}
