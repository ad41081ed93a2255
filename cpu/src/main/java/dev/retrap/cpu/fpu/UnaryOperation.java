package dev.retrap.cpu.fpu;

/** A value operation on one operand. */
@FunctionalInterface
interface UnaryOperation {
    /**
     * Computes; all exceptions are masked here.
     *
     * @param control control word: precision and rounding, and the masks where the result depends on them
     * @param r receives value and flags
     */
    void apply(int signExponent, long significand, int control, Result r);
}
