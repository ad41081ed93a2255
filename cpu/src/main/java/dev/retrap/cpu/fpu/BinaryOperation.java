package dev.retrap.cpu.fpu;

/** A value operation on two operands. */
@FunctionalInterface
interface BinaryOperation {
    /**
     * Computes; all exceptions are masked here.
     *
     * @param control control word: precision and rounding, and the masks where the result depends on them
     * @param r receives value and flags
     */
    void apply(int ase, long asig, int bse, long bsig, int control, Result r);
}
