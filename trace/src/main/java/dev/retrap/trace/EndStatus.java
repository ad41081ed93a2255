package dev.retrap.trace;

/** How a recorded run ended. */
public sealed interface EndStatus {
    /**
     * The guest switched the machine off.
     *
     * @param status the value it left, 0 for success
     */
    record PoweredOff(int status) implements EndStatus {}

    /**
     * Triple fault.
     *
     * @param report one line that says how it came to be
     */
    record Shutdown(String report) implements EndStatus {}

    /** The guest had halted for good, waiting for console input. */
    record Idle() implements EndStatus {}

    /** The user ended the recording while the guest ran. */
    record Interrupted() implements EndStatus {}

    /** The file does not say: its writer was killed, or is still writing. */
    record Incomplete() implements EndStatus {}

    /** One line for reports. */
    default String describe() {
        return switch (this) {
            case PoweredOff(int status) -> "powered off with status " + status;
            case Shutdown(String report) -> "shutdown: " + report;
            case Idle() -> "halted, waiting for console input";
            case Interrupted() -> "interrupted by the user";
            case Incomplete() -> "incomplete";
        };
    }
}
