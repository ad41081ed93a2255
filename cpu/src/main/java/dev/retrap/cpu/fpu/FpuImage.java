package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.FpuState;

/**
 * Status and tag words as saved state has them, for FNSTENV and FNSAVE here and for FXSAVE and XSAVE elsewhere (SDM
 * vol. 1, 8.1.3, 8.1.7, 10.5.1). FXSAVE's abridged tag word is {@link FpuState#valid} itself, its ST(i) are
 * {@code R[(top + i) & 7]}.
 */
public final class FpuImage {
    private static final int EMPTY = 3;

    private FpuImage() {}

    /** The status word with TOP, 16 bits. */
    public static int statusWord(FpuState f) {
        return f.status | f.top << 11;
    }

    /** Loads status word and control word together: TOP too; ES and B follow from the rest. */
    public static void load(FpuState f, int control, int statusWord) {
        f.top = statusWord >>> 11 & 7;
        f.status = statusWord & 0xFFFF & ~Status.TOP;
        Status.control(f, control);
    }

    /** True if a numeric exception is unmasked and pending (ES): FXSAVE of AMD processors saves pointers only then. */
    public static boolean pending(FpuState f) {
        return (f.status & Status.ES) != 0;
    }

    /**
     * What becomes of an instruction on MM registers while a numeric exception is pending: #MF, or without CR0.NE what
     * {@link Availability#pending} does for the x87.
     */
    public static void raisePending(Cpu c) {
        if ((c.cr0 & Cpu.CR0_NE) != 0) {
            throw c.fault(Fault.MF);
        }
        if (!c.alone) {
            throw c.resync();
        }
        if (!c.devices.ignoresNumericError()) {
            Availability.freeze(c);
            throw c.fault(Fault.AGAIN);
        }
    }

    /** The full tag word: two bits a register, by what it holds. */
    public static int tagWord(FpuState f) {
        int word = 0;
        for (int n = 0; n < 8; n++) {
            word |= tag(f, n) << 2 * n;
        }
        return word;
    }

    private static int tag(FpuState f, int n) {
        if ((f.valid >>> n & 1) == 0) {
            return EMPTY;
        }
        return switch (F80.kind(f.signExponent[n], f.significand[n])) {
            case NORMAL -> 0;
            case ZERO -> 1;
            default -> 2;
        };
    }

    /** Loads a full tag word: only what is empty matters. */
    public static void loadTagWord(FpuState f, int word) {
        int valid = 0;
        for (int n = 0; n < 8; n++) {
            if ((word >>> 2 * n & 3) != EMPTY) {
                valid |= 1 << n;
            }
        }
        f.valid = valid;
    }
}
