package dev.retrap.cpu.fpu;

/** A fixed-point number of 128 fraction bits in [0, 1), to sum series with. Operations cut off below the last bit. */
final class Fraction {
    long high;
    long low;

    void set(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /** The fraction of a number less than 1. */
    void set(Wide a) {
        int shift = -1 - a.exponent;
        if (shift == 0) {
            set(a.high, a.low);
        } else if (shift < 64) {
            set(a.high >>> shift, a.high << 64 - shift | a.low >>> shift);
        } else {
            set(0, shift < 128 ? a.high >>> shift - 64 : 0);
        }
    }

    /** {@code this *= b}. */
    void multiply(Fraction b) {
        long bh = b.high;
        long bl = b.low;
        long t = low * bh;
        long middle = t + high * bl;
        long carry = Long.compareUnsigned(middle, t) < 0 ? 1 : 0;
        long h = Math.unsignedMultiplyHigh(high, bh);
        long l = high * bh;
        t = Math.unsignedMultiplyHigh(high, bl);
        l += t;
        h += Long.compareUnsigned(l, t) < 0 ? 1 : 0;
        t = Math.unsignedMultiplyHigh(low, bh);
        l += t;
        h += Long.compareUnsigned(l, t) < 0 ? 1 : 0;
        l += carry;
        h += Long.compareUnsigned(l, carry) < 0 ? 1 : 0;
        high = h;
        low = l;
    }

    /** {@code this = c + this}, less than 1. */
    void addTo(long cHigh, long cLow) {
        low += cLow;
        high += cHigh + (Long.compareUnsigned(low, cLow) < 0 ? 1 : 0);
    }

    /** {@code this = c - this}, not less than 0. */
    void subtractFrom(long cHigh, long cLow) {
        high = cHigh - high - (Long.compareUnsigned(cLow, low) < 0 ? 1 : 0);
        low = cLow - low;
    }

    /** {@code to = 1 + this}. */
    void onePlus(Wide to) {
        to.set(0, high >>> 1 | F80.INTEGER_BIT, high << 63 | low >>> 1);
    }

    /** {@code to = 1 - this}, but always less than 1; this is less than one half. */
    void oneMinus(Wide to) {
        to.set(-1, ~high, ~low);
    }
}
