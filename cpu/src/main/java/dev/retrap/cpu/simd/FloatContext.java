package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;

/**
 * MXCSR as one instruction sees it, and the exceptions the instruction has met so far (SDM vol. 1, 10.2.3, 11.5). One
 * belongs to each bound instruction, so that nothing is allocated when it runs.
 */
final class FloatContext {
    /** Exceptions, as in MXCSR. */
    static final int IE = 1, DE = 2, ZE = 4, OE = 8, UE = 16, PE = 32;
    /** Rounding modes, as in MXCSR. */
    static final int NEAREST = 0, DOWN = 1, UP = 2, ZERO = 3;

    /** What is found before the computation; if one of these is not masked, nothing is computed. */
    private static final int BEFORE = IE | DE | ZE;
    private static final int DAZ = 0x40;
    private static final int FTZ = 0x8000;

    int rounding;
    /** Denormal operands count as zero, and as no exception. */
    boolean denormalsAreZero;
    /** Tiny results become zero. */
    boolean flushToZero;
    /** Masked exceptions. */
    int masks;
    /** Exceptions met. */
    int raised;

    void begin(int mxcsr) {
        rounding = mxcsr >> 13 & 3;
        denormalsAreZero = (mxcsr & DAZ) != 0;
        masks = mxcsr >> 7 & 0x3F;
        flushToZero = (mxcsr & FTZ) != 0 && (masks & UE) != 0;
        raised = 0;
    }

    void raise(int exceptions) {
        raised |= exceptions;
    }

    /**
     * Sets the flags of MXCSR; raises #XM, or #UD without CR4.OSXMMEXCPT, if one of the exceptions is not masked. The
     * instruction must not have changed anything yet.
     */
    void end(Cpu c) {
        if (raised != 0) {
            settle(c);
        }
    }

    private void settle(Cpu c) {
        int unmasked = raised & ~masks;
        int flags = (unmasked & BEFORE) != 0 ? raised & BEFORE : raised;
        c.fpu.mxcsr |= flags;
        raised = 0;
        if (unmasked != 0) {
            throw (c.cr4 & Cpu.CR4_OSXMMEXCPT) != 0 ? c.fault(Fault.XM) : c.ud();
        }
    }

    /**
     * The result of an operation that was rounded to nearest and is far from the limits of its format, now rounded as
     * asked, with PE.
     *
     * @param bits the result rounded to nearest
     * @param error positive, zero or negative as the exact result is greater, equal or less
     */
    long rounded(long bits, boolean negative, double error) {
        if (error == 0) {
            return bits;
        }
        raised |= PE;
        if (rounding == NEAREST) {
            return bits;
        }
        boolean tooFar = error < 0 != negative;
        boolean outward = rounding == (negative ? DOWN : UP);
        return outward ? tooFar ? bits : bits + 1 : tooFar ? bits - 1 : bits;
    }
}
