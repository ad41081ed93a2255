package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.FpuState;

/** The register stack (SDM vol. 1, 8.1.2), and the masked responses to its faults (8.5.1.1). */
final class Stack {
    private Stack() {}

    /** Physical number of ST(i). */
    static int register(FpuState f, int i) {
        return f.top + i & 7;
    }

    static boolean empty(FpuState f, int i) {
        return (f.valid >>> (f.top + i & 7) & 1) == 0;
    }

    /** ST(i) = value, not empty. */
    static void set(FpuState f, int i, int se, long sig) {
        int n = f.top + i & 7;
        f.signExponent[n] = se;
        f.significand[n] = sig;
        f.valid |= 1 << n;
    }

    static void push(FpuState f, int se, long sig) {
        f.top = f.top - 1 & 7;
        set(f, 0, se, sig);
    }

    static void pop(FpuState f) {
        f.valid &= ~(1 << f.top);
        f.top = f.top + 1 & 7;
    }

    static void indefinite(FpuState f, int i) {
        set(f, i, F80.INDEFINITE, F80.INDEFINITE_SIGNIFICAND);
    }

    /** Records that an operand was empty; true if the exception is unmasked. */
    static boolean underflow(FpuState f) {
        return Status.raise(f, Status.IE | Status.SF);
    }

    /** Records that there was no room to push; true if the exception is unmasked. */
    static boolean overflow(FpuState f) {
        return Status.raise(f, Status.IE | Status.SF | Status.C1);
    }
}
