package dev.retrap.cpu.fpu;

/**
 * A positive number with a 128-bit significand, to compute functions with enough bits to spare that the rounding to 64
 * is the right one: {@code high:low / 2^127 * 2^exponent}, bit 63 of high set unless it is zero. Operations cut off
 * below the last bit. Only integer arithmetic: the same on every host.
 */
final class Wide {
    int exponent;
    long high;
    long low;

    void set(int exponent, long high, long low) {
        this.exponent = exponent;
        this.high = high;
        this.low = low;
    }

    void set(Wide a) {
        set(a.exponent, a.high, a.low);
    }

    /** The integer {@code high:low} times {@code 2^scale}, in any form. */
    void integer(long high, long low, int scale) {
        set(scale + 127, high, low);
        normalize();
    }

    boolean zero() {
        return (high | low) == 0;
    }

    private void normalize() {
        if (high == 0) {
            high = low;
            low = 0;
            exponent -= 64;
        }
        int shift = Long.numberOfLeadingZeros(high);
        if (shift != 0 && shift != 64) {
            high = high << shift | low >>> 64 - shift;
            low <<= shift;
            exponent -= shift;
        }
    }

    /** Magnitudes compared; both normalized. */
    int compareTo(Wide b) {
        if (exponent != b.exponent) {
            return Integer.compare(exponent, b.exponent);
        }
        return high != b.high ? Long.compareUnsigned(high, b.high) : Long.compareUnsigned(low, b.low);
    }

    /** {@code this = a * b}. */
    void multiply(Wide a, Wide b) {
        multiply(a, b.exponent, b.high, b.low);
    }

    void multiply(Wide a, int bExponent, long bHigh, long bLow) {
        long ah = a.high;
        long al = a.low;
        long m1 = ah * bLow;
        long m2 = al * bHigh;
        long middle = m1 + m2;
        long carry = Long.compareUnsigned(middle, m1) < 0 ? 1 : 0;
        long lowest = Math.unsignedMultiplyHigh(al, bLow);
        middle += lowest;
        carry += Long.compareUnsigned(middle, lowest) < 0 ? 1 : 0;
        long h = Math.unsignedMultiplyHigh(ah, bHigh);
        long l = ah * bHigh;
        long t = Math.unsignedMultiplyHigh(ah, bLow);
        l += t;
        h += Long.compareUnsigned(l, t) < 0 ? 1 : 0;
        t = Math.unsignedMultiplyHigh(al, bHigh);
        l += t;
        h += Long.compareUnsigned(l, t) < 0 ? 1 : 0;
        l += carry;
        h += Long.compareUnsigned(l, carry) < 0 ? 1 : 0;
        exponent = a.exponent + bExponent + 1;
        if (h >= 0) {
            h = h << 1 | l >>> 63;
            l = l << 1 | middle >>> 63;
            exponent--;
        }
        high = h;
        low = l;
    }

    /** {@code this = a + b}. */
    void add(Wide a, Wide b) {
        if (a.compareTo(b) < 0) {
            add(b, a);
            return;
        }
        int shift = a.exponent - b.exponent;
        long bh = shiftedHigh(b, shift);
        long bl = shiftedLow(b, shift);
        long l = a.low + bl;
        long h = a.high + bh;
        long carryIn = Long.compareUnsigned(l, bl) < 0 ? 1 : 0;
        boolean carry = Long.compareUnsigned(h, bh) < 0;
        h += carryIn;
        carry |= carryIn != 0 && h == 0;
        exponent = a.exponent;
        if (carry) {
            l = l >>> 1 | h << 63;
            h = h >>> 1 | F80.INTEGER_BIT;
            exponent++;
        }
        high = h;
        low = l;
    }

    /** {@code this = a - b}, a not less than b. */
    void subtract(Wide a, Wide b) {
        int shift = a.exponent - b.exponent;
        long bh = shiftedHigh(b, shift);
        long bl = shiftedLow(b, shift);
        long l = a.low - bl;
        long h = a.high - bh - (Long.compareUnsigned(a.low, bl) < 0 ? 1 : 0);
        set(a.exponent, h, l);
        normalize();
    }

    private static long shiftedHigh(Wide b, int shift) {
        return shift >= 64 ? 0 : b.high >>> shift;
    }

    private static long shiftedLow(Wide b, int shift) {
        if (shift == 0) {
            return b.low;
        }
        if (shift < 64) {
            return b.high << 64 - shift | b.low >>> shift;
        }
        return shift < 128 ? b.high >>> shift - 64 : 0;
    }

    /** {@code this = a / b}: two digits of 64 bits (Knuth, algorithm D). */
    void divide(Wide a, Wide b) {
        long vh = b.high;
        long vl = b.low;
        exponent = a.exponent - b.exponent;
        // The dividend, three words, is less than the divisor times 2^64.
        long u2 = a.high;
        long u1 = a.low;
        long u0 = 0;
        if (Long.compareUnsigned(u2, vh) > 0 || u2 == vh && Long.compareUnsigned(u1, vl) >= 0) {
            u0 = u1 << 63;
            u1 = u1 >>> 1 | u2 << 63;
            u2 >>>= 1;
        } else {
            exponent--;
        }
        digit(u2, u1, u0, vh, vl);
        long q1 = quotient;
        digit(restHigh, restLow, 0, vh, vl);
        high = q1;
        low = quotient;
    }

    private long quotient;
    private long restHigh;
    private long restLow;

    /** {@code quotient = u2:u1:u0 / vh:vl}, and the rest; {@code u2:u1} is less than the divisor. */
    private void digit(long u2, long u1, long u0, long vh, long vl) {
        long q;
        if (u2 == vh) {
            q = -1;
        } else {
            q = Quotient.divide(u2, u1, vh);
        }
        // u - q * v in three words; q is at most two too large.
        long p0 = q * vl;
        long p1 = Math.unsignedMultiplyHigh(q, vl);
        long t = q * vh;
        p1 += t;
        long p2 = Math.unsignedMultiplyHigh(q, vh) + (Long.compareUnsigned(p1, t) < 0 ? 1 : 0);
        long r0 = u0 - p0;
        long borrow = Long.compareUnsigned(u0, p0) < 0 ? 1 : 0;
        long r1 = u1 - p1 - borrow;
        borrow = borrow != 0 ? Long.compareUnsigned(u1, p1) <= 0 ? 1 : 0 : Long.compareUnsigned(u1, p1) < 0 ? 1 : 0;
        long r2 = u2 - p2 - borrow;
        while (r2 < 0) {
            q--;
            r0 += vl;
            long carry = Long.compareUnsigned(r0, vl) < 0 ? 1 : 0;
            long s = r1 + vh;
            r2 += Long.compareUnsigned(s, vh) < 0 ? 1 : 0;
            r1 = s + carry;
            r2 += carry != 0 && r1 == 0 ? 1 : 0;
        }
        quotient = q;
        restHigh = r1;
        restLow = r0;
    }

    /** Rounds to extended format; the value is not exact, whatever bits it has. */
    void round(int sign, int control, Result r) {
        Rounding.extended(sign, exponent + F80.BIAS, high, low | 1, control, r);
    }
}
