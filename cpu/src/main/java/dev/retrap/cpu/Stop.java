package dev.retrap.cpu;

/** Why {@link Machine#run} returned. */
public sealed interface Stop {
    /** The position asked for is reached. */
    record Reached() implements Stop {}

    /**
     * The next instruction is at an execution breakpoint.
     *
     * @param address its linear address
     */
    record Breakpoint(long address) implements Stop {}

    /**
     * The step just done touched a watched range. The position is after the access.
     *
     * @param watch the range watched
     * @param address linear address of the first byte of it that was touched
     * @param write true if (one of) the access(es) was a write
     */
    record Watchpoint(Watch watch, long address, boolean write) implements Stop {}

    /**
     * {@link Machine#stopAtCrossings} is on and the step just done crossed the boundary.
     */
    record Crossed() implements Stop {}

    /** {@link Machine#interrupt()} was called. */
    record Interrupted() implements Stop {}

    /** The guest switched the machine off; it does not run any further. */
    record PoweredOff(int status) implements Stop {}

    /** Triple fault: the processor is in shutdown. {@code report} is one line that says how it came to be. */
    record Shutdown(String report) implements Stop {}

    /** HLT with nothing that could ever wake the processor; only console input can go on from here. */
    record Idle() implements Stop {}
}
