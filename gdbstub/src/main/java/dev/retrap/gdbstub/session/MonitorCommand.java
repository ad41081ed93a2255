package dev.retrap.gdbstub.session;

/**
 * A command of gdb's {@code monitor}: the help text is made from the table of these.
 *
 * @param name first word
 * @param arguments what may follow it, as help shows it
 * @param help one line
 * @param action what it does
 */
record MonitorCommand(String name, String arguments, String help, Action action) {
    /** What a command does. */
    interface Action {
        /**
         * Runs it.
         *
         * @param arguments what followed the name, trimmed
         * @param out its output, whole lines
         * @throws UsageException if the arguments are not as they should be
         */
        void run(String arguments, StringBuilder out) throws UsageException;
    }

    /** The arguments are wrong; the message says what is expected. Stackless. */
    static final class UsageException extends Exception {
        UsageException(String message) {
            super(message, null, false, false);
        }
    }
}
