package dev.retrap.trace;

import dev.retrap.cpu.Watch;

/** Why a movement in a {@link Timeline} came to its end. */
public sealed interface Arrival {
    /** As many steps as asked for were made, or the position asked for is reached. */
    record Stepped() implements Arrival {}

    /**
     * The next instruction is at a breakpoint.
     *
     * @param address its linear address
     */
    record Breakpoint(long address) implements Arrival {}

    /**
     * A watched range was touched. Forward, the access has just been made; backward, it has just been undone.
     *
     * @param watch the range
     * @param address linear address of the first of its bytes that was touched
     * @param write true if (one of) the access(es) was a write
     */
    record Watchpoint(Watch watch, long address, boolean write) implements Arrival {}

    /** An event asked for. Forward, it has just happened; backward, it is about to. */
    record Crossing(Event event) implements Arrival {}

    /** Position {@link Timeline#start()} is reached. */
    record StartOfHistory() implements Arrival {}

    /** The end of a recording is reached; a live timeline has none. */
    record EndOfHistory() implements Arrival {}

    /** The guest has switched the machine off: it is at the end of its history and does not go on from here. */
    record PoweredOff(int status) implements Arrival {}

    /**
     * Triple fault: end of history as well.
     *
     * @param report one line that says how it came to be
     */
    record Shutdown(String report) implements Arrival {}

    /** The live guest has halted and only console input can wake it. */
    record Idle() implements Arrival {}

    /** {@link Timeline#interrupt()} was called; the position is wherever that was, forward or backward. */
    record Interrupted() implements Arrival {}
}
