package dev.retrap.cpu.fpu;

/**
 * The double extended-precision format (SDM vol. 1, 4.2.2 and 8.2.2). A value is a pair: {@code signExponent} with the
 * sign in bit 15 and the biased exponent in bits 14:0, and the 64-bit {@code significand} with its explicit integer
 * bit.
 */
final class F80 {
    static final int SIGN = 0x8000;
    static final int BIAS = 16383;
    /** Exponent of infinities and NaNs. */
    static final int SPECIAL = 0x7FFF;
    static final long INTEGER_BIT = 1L << 63;
    static final long QUIET_BIT = 1L << 62;
    /** The real indefinite, the QNaN of a masked invalid operation. */
    static final int INDEFINITE = 0xFFFF;
    static final long INDEFINITE_SIGNIFICAND = INTEGER_BIT | QUIET_BIT;
    /** What an unmasked overflow takes from the exponent and an unmasked underflow adds (SDM vol. 1, 8.5.4, 8.5.5). */
    static final int EXPONENT_ADJUSTMENT = 24576;

    private F80() {}

    static int exponent(int signExponent) {
        return signExponent & SPECIAL;
    }

    /** Finite, not zero, integer bit set, exponent not 0: needs no care as an operand. */
    static boolean normal(int signExponent, long significand) {
        return significand < 0 && (signExponent + 1 & SPECIAL) > 1;
    }

    /** Unnormal, pseudo-infinity or pseudo-NaN: an invalid operand (SDM vol. 1, table 8-3). */
    static boolean unsupported(int signExponent, long significand) {
        return significand >= 0 && (signExponent & SPECIAL) != 0;
    }

    /** NaN, given that the encoding is supported. */
    static boolean nan(int signExponent, long significand) {
        return (signExponent & SPECIAL) == SPECIAL && significand << 1 != 0;
    }

    /** Signaling NaN, given that the encoding is supported. */
    static boolean signaling(int signExponent, long significand) {
        return nan(signExponent, significand) && (significand & QUIET_BIT) == 0;
    }

    static boolean infinite(int signExponent, long significand) {
        return (signExponent & SPECIAL) == SPECIAL && significand == INTEGER_BIT;
    }

    static boolean zero(int signExponent, long significand) {
        return (signExponent & SPECIAL | significand) == 0;
    }

    /** Denormal or pseudo-denormal. */
    static boolean denormal(int signExponent, long significand) {
        return (signExponent & SPECIAL) == 0 && significand != 0;
    }

    /** The class that FXAM reports, and the tag word. */
    enum Kind { UNSUPPORTED, NAN, NORMAL, INFINITY, ZERO, DENORMAL }

    static Kind kind(int signExponent, long significand) {
        int exponent = signExponent & SPECIAL;
        if (exponent == 0) {
            return significand == 0 ? Kind.ZERO : Kind.DENORMAL;
        }
        if (significand >= 0) {
            return Kind.UNSUPPORTED;
        }
        if (exponent != SPECIAL) {
            return Kind.NORMAL;
        }
        return significand == INTEGER_BIT ? Kind.INFINITY : Kind.NAN;
    }
}
