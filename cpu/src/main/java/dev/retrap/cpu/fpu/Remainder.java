package dev.retrap.cpu.fpu;

/**
 * Partial remainder, truncating (FPREM) or IEEE (FPREM1); SDM vol. 2. Exact. If the exponents differ by 64 or more, the
 * dividend is reduced by {@link #STEP}..STEP + 31 bits only and C2 set.
 */
final class Remainder {
    /** The manuals leave N between 32 and 63; processors take what makes the rest a multiple of 32. */
    private static final int STEP = 32;

    private Remainder() {}

    static void truncating(int ase, long asig, int bse, long bsig, int control, Result r) {
        remainder(ase, asig, bse, bsig, false, control, r);
    }

    static void nearest(int ase, long asig, int bse, long bsig, int control, Result r) {
        remainder(ase, asig, bse, bsig, true, control, r);
    }

    private static void remainder(int ase, long asig, int bse, long bsig, boolean nearest, int control, Result r) {
        r.flags = 0;
        r.condition = 0;
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        if (F80.infinite(ase, asig) || F80.zero(bse, bsig)) {
            r.invalid();
            return;
        }
        if (F80.denormal(ase, asig) || F80.denormal(bse, bsig)) {
            r.flags = Status.DE;
        }
        if (asig == 0) {
            r.set(ase, asig);
            return;
        }
        int na = Long.numberOfLeadingZeros(asig);
        int nb = Long.numberOfLeadingZeros(bsig);
        int ea = Math.max(ase & F80.SPECIAL, 1) - na;
        int eb = Math.max(bse & F80.SPECIAL, 1) - nb;
        int sign = ase & F80.SIGN;
        if (F80.infinite(bse, bsig) || ea - eb < (nearest ? -1 : 0)) {
            pack(sign, ea, asig << na, control, r);
        } else {
            finite(sign, ea, asig << na, eb, bsig << nb, nearest, control, r);
        }
    }

    /** Normalized operands, {@code ea - eb} at least 0, or -1 to nearest. */
    private static void finite(int sign, int ea, long a, int eb, long b, boolean nearest, int control, Result r) {
        int difference = ea - eb;
        boolean partial = difference >= 64;
        int bits = partial ? difference & STEP - 1 | STEP : difference;
        int exponent = ea - bits;
        if (bits < 0) {
            // a < b: the quotient is 0, or 1 if a is more than half of b (never a tie that rounds to odd).
            if (Long.compareUnsigned(a, b) <= 0) {
                pack(sign, ea, a, control, r);
            } else {
                // b - a in units of a's last bit: 2b - a is less than b.
                r.condition = Status.C1;
                long rest = (b << 1) - a;
                int shift = Long.numberOfLeadingZeros(rest);
                pack(sign ^ F80.SIGN, ea - shift, rest << shift, control, r);
            }
            return;
        }
        long quotient = 0;
        if (Long.compareUnsigned(a, b) >= 0) {
            a -= b;
            quotient = 1L << bits;
        }
        if (bits != 0) {
            long low = a << bits;
            long q = Quotient.divide(a >>> 64 - bits, low, b);
            a = low - q * b;
            quotient += q;
        }
        if (partial) {
            r.condition = Status.C2;
        } else {
            if (nearest && roundsUp(a, b, quotient)) {
                quotient++;
                a = b - a;
                sign ^= F80.SIGN;
            }
            r.condition = condition((int) quotient);
        }
        if (a == 0) {
            r.zero(sign);
        } else {
            int shift = Long.numberOfLeadingZeros(a);
            pack(sign, exponent - shift, a << shift, control, r);
        }
    }

    private static boolean roundsUp(long rest, long divisor, long quotient) {
        int order = Long.compareUnsigned(rest, divisor - rest);
        return order > 0 || order == 0 && (quotient & 1) != 0;
    }

    /** C0, C3, C1 are bits 2, 1, 0 of the quotient. */
    private static int condition(int quotient) {
        return (quotient & 4) << 6 | (quotient & 2) << 13 | (quotient & 1) << 9;
    }

    private static void pack(int sign, int exponent, long sig, int control, Result r) {
        Rounding.extended(sign, exponent, sig, 0, control, r);
    }
}
