package dev.retrap.cpu.fpu;

/** Rounds an exact or sticky result to the format, precision and direction that the control word asks for. */
final class Rounding {
    private static final int PRECISION = 0x300;
    private static final int DOUBLE = 0x200;

    private Rounding() {}

    /**
     * Rounds to extended format with the precision of the control word (SDM vol. 1, 8.1.5.2; the reserved setting 01 is
     * 64 bits). Adds OE, UE, PE and C1 to the flags of {@code r}.
     *
     * @param sign {@link F80#SIGN} or 0
     * @param exponent biased exponent, any value
     * @param high significand, bit 63 set
     * @param low its continuation; the lowest bit may stand for any non-zero rest
     */
    static void finish(int sign, int exponent, long high, long low, int control, Result r) {
        int precision = control & PRECISION;
        if (precision == 0 || precision == DOUBLE) {
            toBits(sign, exponent, high, low, precision == 0 ? 24 : 53, control, r);
        } else {
            extended(sign, exponent, high, low, control, r);
        }
    }

    /** As {@link #finish} with 64 bits whatever the precision control says. */
    static void extended(int sign, int exponent, long high, long low, int control, Result r) {
        if (exponent <= 0 || exponent >= F80.SPECIAL - 1) {
            toBits(sign, exponent, high, low, 64, control, r);
            return;
        }
        if (low != 0) {
            r.flags |= Status.PE;
            if (up(sign, (high & 1) != 0, low, control)) {
                r.flags |= Status.C1;
                if (++high == 0) {
                    high = F80.INTEGER_BIT;
                    exponent++;
                }
            }
        }
        r.signExponent = sign | exponent;
        r.significand = high;
    }

    /**
     * True if the magnitude is to be rounded up.
     *
     * @param odd the last bit kept is 1
     * @param rest what is cut off as a fraction of that bit's weight; not 0
     */
    static boolean up(int sign, boolean odd, long rest, int control) {
        return switch (Status.rounding(control)) {
            case Status.NEAREST -> rest < 0 && (odd || rest != Long.MIN_VALUE);
            case Status.DOWN -> sign != 0;
            case Status.UP -> sign == 0;
            default -> false;
        };
    }

    private static void toBits(int sign, int exponent, long high, long low, int bits, int control, Result r) {
        boolean tiny = exponent <= 0 && !reachesNormal(sign, exponent, high, low, bits, control);
        if (tiny) {
            if ((control & Status.UE) != 0) {
                denormal(sign, exponent, high, low, bits, control, r);
                return;
            }
            r.flags |= Status.UE;
            exponent += F80.EXPONENT_ADJUSTMENT;
            if (exponent <= 0) {
                // Out of reach even so (FSCALE).
                r.flags |= Status.PE;
                r.zero(sign);
                return;
            }
        }
        long rest = rest(high, low, bits);
        high = kept(high, bits);
        boolean rounded = false;
        if (rest != 0) {
            r.flags |= Status.PE;
            if (up(sign, (high & last(bits)) != 0, rest, control)) {
                rounded = true;
                high += last(bits);
                if (high == 0) {
                    high = F80.INTEGER_BIT;
                    exponent++;
                }
            }
        }
        if (exponent >= F80.SPECIAL) {
            overflow(sign, exponent, high, bits, rounded, control, r);
            return;
        }
        if (rounded) {
            r.flags |= Status.C1;
        }
        r.set(sign | exponent, high);
    }

    /** True if rounding alone, with unbounded exponent, makes the value no longer tiny (SDM vol. 1, 4.9.1.5). */
    private static boolean reachesNormal(int sign, int exponent, long high, long low, int bits, int control) {
        if (exponent != 0) {
            return false;
        }
        long rest = rest(high, low, bits);
        return rest != 0 && kept(high, bits) == -last(bits) && up(sign, true, rest, control);
    }

    private static void denormal(int sign, int exponent, long high, long low, int bits, int control, Result r) {
        int shift = 1 - exponent;
        if (shift >= 64) {
            low = shift == 64 ? high | (low != 0 ? 1 : 0) : 1;
            high = 0;
        } else {
            low = high << 64 - shift | low >>> shift | (low << 64 - shift != 0 ? 1 : 0);
            high >>>= shift;
        }
        long rest = rest(high, low, bits);
        high = kept(high, bits);
        if (rest != 0) {
            r.flags |= Status.PE | Status.UE;
            if (up(sign, (high & last(bits)) != 0, rest, control)) {
                r.flags |= Status.C1;
                high += last(bits);
            }
        }
        r.set(sign | (high < 0 ? 1 : 0), high);
    }

    private static void overflow(int sign, int exponent, long high, int bits, boolean rounded, int control, Result r) {
        r.flags |= Status.OE;
        boolean unmasked = (control & Status.OE) == 0;
        int adjusted = exponent - F80.EXPONENT_ADJUSTMENT;
        if (unmasked && adjusted < F80.SPECIAL) {
            if (rounded) {
                r.flags |= Status.C1;
            }
            r.set(sign | adjusted, high);
            return;
        }
        r.flags |= Status.PE;
        // Unmasked but out of reach even so (FSCALE): infinity, whatever the direction.
        if (unmasked || up(sign, true, -1L, control)) {
            r.flags |= Status.C1;
            r.infinity(sign);
        } else {
            r.set(sign | F80.SPECIAL - 1, -last(bits));
        }
    }

    /** Weight of the last bit of a significand of {@code bits} bits. */
    private static long last(int bits) {
        return 1L << 64 - bits;
    }

    private static long kept(long high, int bits) {
        return high & -last(bits);
    }

    /** What {@code bits} bits do not hold, as a fraction of the last one. */
    private static long rest(long high, long low, int bits) {
        if (bits == 64) {
            return low;
        }
        return high << bits | (low != 0 ? 1 : 0);
    }
}
