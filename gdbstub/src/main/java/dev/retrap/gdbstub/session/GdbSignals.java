package dev.retrap.gdbstub.session;

/** Signal numbers of the protocol (gdb's {@code include/gdb/signals.def}), which are not Linux's. */
public final class GdbSignals {
    /** By Linux number, 0..31. */
    private static final int[] OF_LINUX = {
        0, 1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15, 0, 20, 19, 17, 18, 21, 22, 16, 24, 25, 26, 27, 28, 23, 32, 12
    };
    /** By the protocol's number, 1..32. */
    private static final String[] NAMES = {
        "0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGEMT", "SIGFPE", "SIGKILL", "SIGBUS",
        "SIGSEGV", "SIGSYS", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGURG", "SIGSTOP", "SIGTSTP", "SIGCONT", "SIGCHLD",
        "SIGTTIN", "SIGTTOU", "SIGIO", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGLOST", "SIGUSR1",
        "SIGUSR2", "SIGPWR"
    };
    private static final int REALTIME_33 = 45;
    private static final int REALTIME_32 = 77;
    private static final int REALTIME_64 = 78;
    private static final int UNKNOWN = 143;

    private GdbSignals() {}

    /** Name of a signal by the protocol's number. */
    public static String name(int signal) {
        return signal > 0 && signal < NAMES.length ? NAMES[signal] : "SIG" + signal;
    }

    /** The protocol's number of a Linux signal. */
    public static int ofLinux(int signal) {
        if (signal >= 0 && signal < OF_LINUX.length) {
            return signal == 16 ? UNKNOWN : OF_LINUX[signal];
        }
        return switch (signal) {
            case 32 -> REALTIME_32;
            case 64 -> REALTIME_64;
            default -> signal > 32 && signal < 64 ? REALTIME_33 + signal - 33 : UNKNOWN;
        };
    }
}
