package dev.retrap.gdbstub.session;

/** Signal numbers of the protocol (gdb's {@code include/gdb/signals.def}), which are not Linux's. */
final class GdbSignals {
    /** By Linux number, 0..31. */
    private static final int[] OF_LINUX = {
        0, 1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15, 0, 20, 19, 17, 18, 21, 22, 16, 24, 25, 26, 27, 28, 23, 32, 12
    };
    private static final int REALTIME_33 = 45;
    private static final int REALTIME_32 = 77;
    private static final int REALTIME_64 = 78;
    private static final int UNKNOWN = 143;

    private GdbSignals() {}

    /** The protocol's number of a Linux signal. */
    static int ofLinux(int signal) {
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
