package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.FpuState;

/** Bits of the x87 status word and control word, and what sets them (SDM vol. 1, 8.1.3, 8.1.5). */
final class Status {
    /** Exception flags; the mask bits of the control word stand at the same places. */
    static final int IE = 1, DE = 1 << 1, ZE = 1 << 2, OE = 1 << 3, UE = 1 << 4, PE = 1 << 5;
    /** All six. */
    static final int EXCEPTIONS = 0x3F;
    /** Stack fault: with IE, C1 tells overflow from underflow. */
    static final int SF = 1 << 6;
    static final int ES = 1 << 7, B = 1 << 15;
    static final int C0 = 1 << 8, C1 = 1 << 9, C2 = 1 << 10, C3 = 1 << 14;
    /** Condition codes of an unordered comparison. */
    static final int UNORDERED = C0 | C2 | C3;
    /** TOP: kept apart in {@link FpuState#top}. */
    static final int TOP = 7 << 11;
    /** Found before anything is computed: unmasked, they leave operands and stack as they are. */
    static final int BEFORE = IE | DE | ZE;

    /** Rounding control, bits 11:10 of the control word: nearest even, down, up, towards zero. */
    static final int NEAREST = 0, DOWN = 1, UP = 2, CHOP = 3;
    /** Bits of the control word that can be written; bit 6 reads as 1 whatever is written. */
    static final int CONTROL_BITS = 0x1F3F;
    static final int CONTROL_ONE = 0x40;

    private Status() {}

    /**
     * Records what an instruction found. C1 becomes what {@code flags} says; ES and B follow.
     *
     * @param flags exception flags, SF, C1
     * @return true if an unmasked exception forbids the result: nothing else may change
     */
    static boolean raise(FpuState f, int flags) {
        if ((flags & BEFORE & ~f.control) != 0) {
            // The first two of the three kinds are found before there is a result that could be inexact.
            f.status = f.status & ~C1 | flags & (BEFORE | SF) | ((flags & SF) != 0 ? flags & C1 : 0) | ES | B;
            return true;
        }
        f.status = f.status & ~C1 | flags;
        if ((flags & ~f.control & EXCEPTIONS) != 0) {
            f.status |= ES | B;
        }
        return false;
    }

    /** Makes ES and B what the exception flags and masks say, after either was loaded. */
    static void summarize(FpuState f) {
        if ((f.status & ~f.control & EXCEPTIONS) != 0) {
            f.status |= ES | B;
        } else {
            f.status &= ~(ES | B);
        }
    }

    /** Loads the control word. */
    static void control(FpuState f, int word) {
        f.control = word & CONTROL_BITS | CONTROL_ONE;
        summarize(f);
    }

    /** Rounding control of a control word. */
    static int rounding(int control) {
        return control >>> 10 & 3;
    }
}
