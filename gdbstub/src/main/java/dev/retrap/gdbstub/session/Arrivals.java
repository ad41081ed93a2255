package dev.retrap.gdbstub.session;

import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;

/** Arrivals in words. */
final class Arrivals {
    private Arrivals() {}

    /** One line for the user. */
    static String describe(Arrival arrival) {
        return switch (arrival) {
            case Arrival.Stepped _ -> "arrived";
            case Arrival.Breakpoint(long address) -> "breakpoint at 0x" + Long.toHexString(address);
            case Arrival.Watchpoint(var _, long address, boolean write) ->
                    (write ? "write to 0x" : "read of 0x") + Long.toHexString(address);
            case Arrival.Crossing(Event event) -> "event " + event.index() + ": " + event.name();
            case Arrival.StartOfHistory _ -> "start of history";
            case Arrival.EndOfHistory _ -> "end of the recording";
            case Arrival.PoweredOff(int status) -> "the guest has switched the machine off with status " + status;
            case Arrival.Shutdown(String report) -> "the processor has shut down: " + report;
            case Arrival.Idle _ -> "the guest has halted and waits for console input";
            case Arrival.Interrupted _ -> "interrupted";
        };
    }
}
