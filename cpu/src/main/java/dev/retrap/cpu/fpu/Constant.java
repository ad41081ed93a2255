package dev.retrap.cpu.fpu;

/**
 * The constants of FLD1 .. FLDZ (SDM vol. 2). Each is rounded from more than 64 bits as the rounding control says; the
 * precision control does not matter, and nothing is reported as inexact (SDM vol. 1, 8.3.8).
 */
enum Constant {
    ONE(0x3FFF, 0x8000_0000_0000_0000L, 0),
    LOG2_TEN(0x4000, 0xD49A_784B_CD1B_8AFEL, -1),
    LOG2_E(0x3FFF, 0xB8AA_3B29_5C17_F0BBL, 1),
    PI(0x4000, 0xC90F_DAA2_2168_C234L, 1),
    LOG10_TWO(0x3FFD, 0x9A20_9A84_FBCF_F798L, 1),
    LN_TWO(0x3FFE, 0xB172_17F7_D1CF_79ABL, 1),
    ZERO(0, 0, 0);

    final int signExponent;
    private final long down;
    private final long nearest;
    private final long up;

    /**
     * @param truncated significand rounded towards zero
     * @param rest what was cut off: 1 more than half of the last bit, -1 less, 0 nothing
     */
    Constant(int signExponent, long truncated, int rest) {
        this.signExponent = signExponent;
        down = truncated;
        nearest = rest > 0 ? truncated + 1 : truncated;
        up = rest == 0 ? truncated : truncated + 1;
    }

    long significand(int control) {
        return switch (Status.rounding(control)) {
            case Status.NEAREST -> nearest;
            case Status.UP -> up;
            default -> down;
        };
    }
}
