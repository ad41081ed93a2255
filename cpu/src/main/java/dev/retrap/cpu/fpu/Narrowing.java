package dev.retrap.cpu.fpu;

/** Extended to memory formats, rounded (SDM vol. 2, FST, FIST, FISTTP, FBSTP). The result is in the significand. */
final class Narrowing {
    private static final long DECIMAL_LIMIT = 1_000_000_000_000_000_000L;
    /** The packed decimal indefinite: bytes 9 and 8, and the rest. */
    static final int DECIMAL_INDEFINITE_TOP = 0xFFFF;
    static final long DECIMAL_INDEFINITE = 0xC000_0000_0000_0000L;
    static final long SINGLE_INDEFINITE = 0xFFC0_0000L;
    static final long DOUBLE_INDEFINITE = 0xFFF8_0000_0000_0000L;

    private Narrowing() {}

    static void single(int se, long sig, int control, Result r) {
        real(se, sig, 24, 127, control, r);
    }

    static void binary64(int se, long sig, int control, Result r) {
        real(se, sig, 53, 1023, control, r);
    }

    private static void real(int se, long sig, int bits, int bias, int control, Result r) {
        r.flags = 0;
        long sign = (se & F80.SIGN) == 0 ? 0 : 1L << (bits == 24 ? 31 : 63);
        int special = 2 * bias + 1;
        if (Nan.special(se, sig)) {
            Nan.propagate(se, sig, r);
            sign = (r.signExponent & F80.SIGN) == 0 ? 0 : 1L << (bits == 24 ? 31 : 63);
            r.significand = sign | (long) special << bits - 1 | (r.significand & Long.MAX_VALUE) >>> 64 - bits;
        } else if (F80.infinite(se, sig)) {
            r.significand = sign | (long) special << bits - 1;
        } else if (sig == 0) {
            r.significand = sign;
        } else {
            int shift = Long.numberOfLeadingZeros(sig);
            int exponent = Math.max(se & F80.SPECIAL, 1) - shift - F80.BIAS + bias;
            r.significand = sign | finite(se & F80.SIGN, exponent, sig << shift, bits, special, control, r);
        }
    }

    /** Exponent and fraction of the rounded value. */
    private static long finite(int sign, int exponent, long sig, int bits, int special, int control, Result r) {
        long last = 1L << 64 - bits;
        long rest = sig << bits;
        boolean up = rest != 0 && Rounding.up(sign, (sig & last) != 0, rest, control);
        boolean carries = up && (sig & -last) == -last;
        if (exponent < 0 || exponent == 0 && !carries) {
            return tiny(sign, exponent, sig, bits, control, r);
        }
        if (exponent + (carries ? 1 : 0) >= special) {
            r.flags |= Status.OE | Status.PE;
            boolean infinity = Rounding.up(sign, true, -1L, control);
            r.flags |= infinity ? Status.C1 : 0;
            return ((long) special << bits - 1) - (infinity ? 0 : 1);
        }
        if (rest != 0) {
            r.flags |= up ? Status.PE | Status.C1 : Status.PE;
        }
        // A carry out of the fraction goes into the exponent, as it should.
        return ((long) exponent << bits - 1) + (sig >>> 64 - bits & (1L << bits - 1) - 1) + (up ? 1 : 0);
    }

    private static long tiny(int sign, int exponent, long sig, int bits, int control, Result r) {
        int shift = 64 - bits + 1 - exponent;
        long kept = shift >= 64 ? 0 : sig >>> shift;
        long rest = shift > 64 ? 1 : sig << 64 - shift;
        if ((control & Status.UE) == 0) {
            r.flags |= Status.UE;
        }
        if (rest == 0) {
            return kept;
        }
        r.flags |= Status.UE | Status.PE;
        if (Rounding.up(sign, (kept & 1) != 0, rest, control)) {
            r.flags |= Status.C1;
            kept++;
        }
        return kept;
    }

    /**
     * To a signed integer.
     *
     * @param bits size: 16, 32, 64
     */
    static void integer(int se, long sig, int bits, int control, Result r) {
        r.flags = 0;
        long indefinite = -1L << bits - 1;
        if (Nan.special(se, sig) || !whole(se, sig, control, r)) {
            r.flags = Status.IE;
            r.significand = indefinite;
            return;
        }
        long v = r.significand;
        boolean negative = (se & F80.SIGN) != 0;
        if (Long.compareUnsigned(v, negative ? -indefinite : ~indefinite) > 0) {
            r.flags = Status.IE;
            r.significand = indefinite;
        } else if (negative) {
            r.significand = -v;
        }
    }

    /**
     * To packed decimal: the 16 low digits in the significand, the sign and the two high ones in {@code signExponent}.
     */
    static void decimal(int se, long sig, int control, Result r) {
        r.flags = 0;
        if (Nan.special(se, sig) || !whole(se, sig, control, r)
                || Long.compareUnsigned(r.significand, DECIMAL_LIMIT) >= 0) {
            r.flags = Status.IE;
            r.set(DECIMAL_INDEFINITE_TOP, DECIMAL_INDEFINITE);
            return;
        }
        long v = r.significand;
        long digits = 0;
        for (int n = 0; n < 64; n += 4) {
            digits |= v % 10 << n;
            v /= 10;
        }
        r.set(se & F80.SIGN | (int) (v % 10 | v / 10 << 4), digits);
    }

    /** Rounds the magnitude to an integer; false if it needs more than 64 bits. */
    private static boolean whole(int se, long sig, int control, Result r) {
        int exponent = (se & F80.SPECIAL) - F80.BIAS;
        if (exponent > 63) {
            return false;
        }
        int shift = 63 - exponent;
        long kept = shift >= 64 ? 0 : sig >>> shift;
        long rest = shift == 0 || sig == 0 ? 0 : shift > 64 ? 1 : sig << 64 - shift;
        if (rest != 0) {
            r.flags = Status.PE;
            if (Rounding.up(se & F80.SIGN, (kept & 1) != 0, rest, control)) {
                r.flags |= Status.C1;
                if (++kept == 0) {
                    return false;
                }
            }
        }
        r.significand = kept;
        return true;
    }
}
