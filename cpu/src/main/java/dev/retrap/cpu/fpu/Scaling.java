package dev.retrap.cpu.fpu;

/** Operations on exponent and fraction: FSCALE, FXTRACT, FRNDINT (SDM vol. 2). */
final class Scaling {
    /** More than any exponent can move. */
    private static final int FAR = 0x10000;

    private Scaling() {}

    /** {@code a * 2^trunc(b)}. */
    static void scale(int ase, long asig, int bse, long bsig, int control, Result r) {
        r.flags = 0;
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        if (F80.denormal(ase, asig) || F80.denormal(bse, bsig)) {
            r.flags = Status.DE;
        }
        int sign = ase & F80.SIGN;
        boolean down = (bse & F80.SIGN) != 0;
        if (F80.infinite(bse, bsig)) {
            if (down ? F80.infinite(ase, asig) : F80.zero(ase, asig)) {
                r.invalid();
            } else if (down) {
                r.zero(sign);
            } else {
                r.infinity(sign);
            }
        } else if (F80.infinite(ase, asig) || asig == 0) {
            r.set(ase, asig);
        } else {
            int shift = Long.numberOfLeadingZeros(asig);
            int exponent = Math.max(ase & F80.SPECIAL, 1) - shift;
            int by = distance(bse, bsig);
            Rounding.extended(sign, down ? exponent - by : exponent + by, asig << shift, 0, control, r);
        }
    }

    /** The magnitude of a finite number, truncated to an integer, {@link #FAR} at most. */
    private static int distance(int se, long sig) {
        int exponent = (se & F80.SPECIAL) - F80.BIAS;
        return exponent < 0 ? 0 : exponent > 15 ? FAR : (int) (sig >>> 63 - exponent);
    }

    /** The exponent as a number goes to the result, the significand with the exponent of 1 is pushed. */
    static void extract(int se, long sig, int control, Result r) {
        if (Nan.special(se, sig)) {
            Nan.propagate(se, sig, r);
            r.push(r.signExponent, r.significand);
            return;
        }
        r.flags = 0;
        int sign = se & F80.SIGN;
        if (F80.infinite(se, sig)) {
            r.infinity(0);
            r.push(se, sig);
        } else if (sig == 0) {
            r.flags = Status.ZE;
            r.infinity(F80.SIGN);
            r.push(se, sig);
        } else {
            int shift = Long.numberOfLeadingZeros(sig);
            int exponent = Math.max(se & F80.SPECIAL, 1) - shift;
            Widening.integer(exponent - F80.BIAS, r);
            r.flags = (se & F80.SPECIAL) == 0 ? Status.DE : 0;
            r.push(sign | F80.BIAS, sig << shift);
        }
    }

    /** To an integer, as the rounding control says. */
    static void round(int se, long sig, int control, Result r) {
        if (Nan.special(se, sig)) {
            Nan.propagate(se, sig, r);
            return;
        }
        r.flags = F80.denormal(se, sig) ? Status.DE : 0;
        int sign = se & F80.SIGN;
        int exponent = (se & F80.SPECIAL) - F80.BIAS;
        if (sig == 0 || exponent >= 63) {
            r.set(se, sig);
            return;
        }
        int shift = 63 - exponent;
        long kept = shift >= 64 ? 0 : sig >>> shift;
        long rest = shift > 64 ? 1 : sig << 64 - shift;
        if (rest == 0) {
            r.set(se, sig);
            return;
        }
        r.flags |= Status.PE;
        if (Rounding.up(sign, (kept & 1) != 0, rest, control)) {
            r.flags |= Status.C1;
            kept++;
        }
        if (kept == 0) {
            r.zero(sign);
        } else {
            int zeros = Long.numberOfLeadingZeros(kept);
            r.set(sign | F80.BIAS + 63 - zeros, kept << zeros);
        }
    }
}
