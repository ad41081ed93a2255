package dev.retrap.cpu.fpu;

/** Sum and difference (SDM vol. 2, FADD, FSUB). */
final class Addition {
    private Addition() {}

    static void add(int ase, long asig, int bse, long bsig, int control, Result r) {
        r.flags = 0;
        if (F80.normal(ase, asig) && F80.normal(bse, bsig)) {
            sum(ase, asig, bse, bsig, control, r);
        } else {
            special(ase, asig, bse, bsig, 0, control, r);
        }
    }

    /** {@code a - b}. */
    static void subtract(int ase, long asig, int bse, long bsig, int control, Result r) {
        r.flags = 0;
        if (F80.normal(ase, asig) && F80.normal(bse, bsig)) {
            sum(ase, asig, bse ^ F80.SIGN, bsig, control, r);
        } else {
            special(ase, asig, bse, bsig, F80.SIGN, control, r);
        }
    }

    /** @param flip {@link F80#SIGN} to subtract: a NaN keeps its sign */
    private static void special(int ase, long asig, int bse, long bsig, int flip, int control, Result r) {
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        if (F80.denormal(ase, asig) || F80.denormal(bse, bsig)) {
            r.flags = Status.DE;
        }
        int b = bse ^ flip;
        boolean infinity = F80.infinite(ase, asig);
        if (F80.infinite(bse, bsig)) {
            if (infinity && ase != b) {
                r.invalid();
            } else {
                r.set(b, bsig);
            }
        } else if (infinity) {
            r.set(ase, asig);
        } else {
            // Exponent 0 has the weight of exponent 1.
            sum(weighted(ase), asig, weighted(b), bsig, control, r);
        }
    }

    private static int weighted(int se) {
        return (se & F80.SPECIAL) == 0 ? se | 1 : se;
    }

    /** Finite operands; significands need not be normalized, and exponents are not 0. */
    private static void sum(int ase, long asig, int bse, long bsig, int control, Result r) {
        int ea = ase & F80.SPECIAL;
        int eb = bse & F80.SPECIAL;
        if (ea < eb || ea == eb && Long.compareUnsigned(asig, bsig) < 0) {
            ordered(bse, eb, bsig, ase, ea, asig, control, r);
        } else {
            ordered(ase, ea, asig, bse, eb, bsig, control, r);
        }
    }

    private static void ordered(int ase, int ea, long asig, int bse, int eb, long bsig, int control, Result r) {
        int shift = ea - eb;
        long high = bsig;
        long low = 0;
        if (shift >= 64) {
            high = 0;
            low = jammed(bsig, shift - 64);
        } else if (shift != 0) {
            high = bsig >>> shift;
            low = bsig << 64 - shift;
        }
        int sign = ase & F80.SIGN;
        if (((ase ^ bse) & F80.SIGN) == 0) {
            high += asig;
            if (Long.compareUnsigned(high, asig) < 0) {
                low = low >>> 1 | low & 1 | high << 63;
                Rounding.finish(sign, ea + 1, high >>> 1 | F80.INTEGER_BIT, low, control, r);
                return;
            }
        } else {
            high = asig - high - (low != 0 ? 1 : 0);
            low = -low;
        }
        normalized(sign, ea, high, low, control, r, ((ase ^ bse) & F80.SIGN) != 0);
    }

    /** Shifted right; what falls out is kept as the last bit. */
    private static long jammed(long v, int shift) {
        if (shift >= 64) {
            return v == 0 ? 0 : 1;
        }
        long kept = v >>> shift;
        return kept << shift == v ? kept : kept | 1;
    }

    private static void normalized(int sign, int exponent, long high, long low, int control, Result r,
            boolean difference) {
        if (high < 0) {
            Rounding.finish(sign, exponent, high, low, control, r);
            return;
        }
        if ((high | low) == 0) {
            // x - x is +0, or -0 if rounding is down (SDM vol. 1, 4.8.3.1); -0 - 0 keeps its sign.
            r.zero(difference ? Status.rounding(control) == Status.DOWN ? F80.SIGN : 0 : sign);
            return;
        }
        int shift = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
        if (shift >= 64) {
            high = low << shift - 64;
            low = 0;
        } else {
            high = high << shift | low >>> 64 - shift;
            low <<= shift;
        }
        Rounding.finish(sign, exponent - shift, high, low, control, r);
    }
}
