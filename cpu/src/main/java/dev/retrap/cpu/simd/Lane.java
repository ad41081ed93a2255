package dev.retrap.cpu.simd;

/**
 * Integer arithmetic on all lanes of a quadword at once.
 *
 * @param bits width of a lane
 * @param top the top bit of each lane
 */
record Lane(int bits, long top) {
    static final Lane BYTE = new Lane(8, 0x8080808080808080L);
    static final Lane WORD = new Lane(16, 0x8000800080008000L);
    static final Lane DWORD = new Lane(32, 0x8000000080000000L);
    static final Lane QWORD = new Lane(64, Long.MIN_VALUE);

    /** Lanes of ones where the lane's top bit is set in {@code h}, which has no other bits. */
    private long fill(long h) {
        return (h << 1) - (h >>> bits - 1);
    }

    private static long choose(long mask, long a, long b) {
        return a & mask | b & ~mask;
    }

    long add(long a, long b) {
        return (a & ~top) + (b & ~top) ^ (a ^ b) & top;
    }

    long subtract(long a, long b) {
        return (a | top) - (b & ~top) ^ ~(a ^ b) & top;
    }

    long addUnsignedSaturated(long a, long b) {
        long sum = add(a, b);
        return sum | fill((a & b | (a | b) & ~sum) & top);
    }

    long subtractUnsignedSaturated(long a, long b) {
        long difference = subtract(a, b);
        return difference & ~fill((~a & b | ~(a ^ b) & difference) & top);
    }

    long addSigned(long a, long b) {
        long sum = add(a, b);
        return choose(fill((a ^ sum) & (b ^ sum) & top), limit(a), sum);
    }

    long subtractSigned(long a, long b) {
        long difference = subtract(a, b);
        return choose(fill((a ^ b) & (a ^ difference) & top), limit(a), difference);
    }

    /** The greatest number where {@code a} is positive, the least where it is negative. */
    private long limit(long a) {
        return ~top + ((a & top) >>> bits - 1);
    }

    long equal(long a, long b) {
        long x = a ^ b;
        return fill(~((x & ~top) + ~top | x) & top);
    }

    long greater(long a, long b) {
        return fill(((a ^ b) & b | ~(a ^ b) & subtract(b, a)) & top);
    }

    long minSigned(long a, long b) {
        return choose(greater(a, b), b, a);
    }

    long maxSigned(long a, long b) {
        return choose(greater(a, b), a, b);
    }

    long minUnsigned(long a, long b) {
        return choose(greater(a ^ top, b ^ top), b, a);
    }

    long maxUnsigned(long a, long b) {
        return choose(greater(a ^ top, b ^ top), a, b);
    }

    /** Mean of unsigned lanes, rounded up. */
    long average(long a, long b) {
        return (a | b) - ((a ^ b) >>> 1 & ~top);
    }

    /** Absolute value of {@code b}; the least number stays. */
    long absolute(long a, long b) {
        long negative = fill(b & top);
        return subtract(b ^ negative, negative);
    }

    /** {@code a} with the sign of {@code b} applied: negated, kept or made 0. */
    long sign(long a, long b) {
        long negative = fill(b & top);
        return subtract(a ^ negative, negative) & ~equal(b, 0);
    }

    /** The same bits in each lane. */
    private long each(long lane) {
        return (top >>> bits - 1) * lane;
    }

    /** Shifts left by an unsigned count; a lane is 0 after its width. */
    long shiftLeft(long a, long count) {
        return outside(count) ? 0 : a << count & each(-1L << count & -1L >>> 64 - bits);
    }

    /** Shifts right by an unsigned count, zeros coming in. */
    long shiftRight(long a, long count) {
        return outside(count) ? 0 : a >>> count & each(-1L >>> 64 - bits >>> count);
    }

    /** Shifts right by an unsigned count, signs coming in. */
    long shiftRightSigned(long a, long count) {
        long n = outside(count) ? bits - 1 : count;
        long sign = top >>> n;
        return subtract(shiftRight(a, n) ^ sign, sign);
    }

    private boolean outside(long count) {
        return Long.compareUnsigned(count, bits) >= 0;
    }
}
