package dev.retrap.cpu.fpu;

/**
 * Where value operations leave what they found, so that nothing is allocated while a guest runs. Every bound
 * instruction has its own; it holds nothing from one execution to the next.
 */
final class Result {
    int signExponent;
    long significand;
    /** Exception flags of the status word, and C1: the significand was rounded up in magnitude. */
    int flags;
    /** Further condition codes, of operations that have them: C0, C2, C3 (C1 too of FPREM). */
    int condition;
    /** The value to be pushed on top of the first, of operations with two results. */
    int pushedSignExponent;
    long pushedSignificand;

    void set(int se, long sig) {
        signExponent = se;
        significand = sig;
    }

    /** A value without any exception. */
    void exact(int se, long sig) {
        signExponent = se;
        significand = sig;
        flags = 0;
    }

    void zero(int sign) {
        signExponent = sign;
        significand = 0;
    }

    void infinity(int sign) {
        signExponent = sign | F80.SPECIAL;
        significand = F80.INTEGER_BIT;
    }

    /** The masked response to an invalid operation. */
    void invalid() {
        signExponent = F80.INDEFINITE;
        significand = F80.INDEFINITE_SIGNIFICAND;
        flags = Status.IE;
    }

    boolean nan() {
        return (signExponent & F80.SPECIAL) == F80.SPECIAL && significand << 1 != 0;
    }

    void push(int se, long sig) {
        pushedSignExponent = se;
        pushedSignificand = sig;
    }
}
