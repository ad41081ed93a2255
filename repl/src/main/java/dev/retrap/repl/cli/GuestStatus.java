package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.trace.EndStatus;

/** The exit status that a guest's end gives the command that ran it. */
final class GuestStatus {
    private GuestStatus() {}

    /** {@return the guest's own status if it switched itself off, as strace gives the traced program's} */
    static int of(EndStatus end) {
        return switch (end) {
            // A process has eight bits of it.
            case EndStatus.PoweredOff(int status) -> status >= 0 && status <= 255 ? status : 255;
            case EndStatus.Shutdown s -> ExitStatus.FAILED;
            case EndStatus.Idle i -> ExitStatus.FAILED;
            case EndStatus.Interrupted i -> ExitStatus.INTERRUPTED;
            case EndStatus.Incomplete i -> ExitStatus.OK;
        };
    }
}
