package dev.retrap.gdbstub.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Why a program has stopped, as ptrace(2) tells it: gdb's {@code $_siginfo}. Numbers are Linux's
 * ({@code include/uapi/asm-generic/siginfo.h}).
 *
 * @param signal {@code si_signo}, 0 if there is no signal
 * @param code {@code si_code}
 * @param address {@code si_addr}
 */
record SignalInfo(int signal, int code, long address) {
    /** A breakpoint instruction. */
    static final int TRAP_BRKPT = 1;
    /** A step. */
    static final int TRAP_TRACE = 2;
    /** A hardware breakpoint or watchpoint. */
    static final int TRAP_HWBKPT = 4;
    /** Sent by the kernel. */
    static final int SI_KERNEL = 0x80;
    /** Nothing. */
    static final SignalInfo NONE = new SignalInfo(0, 0, 0);

    private static final int BYTES = 128;

    /**
     * {@code struct siginfo} of a program.
     *
     * @param wordBytes bytes of its pointers: 4 or 8
     */
    byte[] bytes(int wordBytes) {
        ByteBuffer info = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(0, signal).putInt(8, code);
        if (wordBytes == 8) {
            info.putLong(16, address);
        } else {
            info.putInt(12, (int) address);
        }
        return info.array();
    }
}
