package dev.retrap.cpu.simd;

/**
 * Sum, product and quotient in a {@link BinaryFormat}, by integers: all operands, all of MXCSR (SDM vol. 1, 4.9 and
 * tables E-1 to E-6).
 */
final class Arithmetic {
    private Arithmetic() {}

    static long add(BinaryFormat f, long u, long v, FloatContext x) {
        long a = f.operand(u, x);
        long b = f.operand(v, x);
        if (f.nan(a) || f.nan(b)) {
            return f.propagated(a, b, x);
        }
        if (f.infinite(a) && f.infinite(b) && a != b) {
            return f.invalid(x);
        }
        f.noteDenormal(a, x);
        f.noteDenormal(b, x);
        if (f.infinite(a) || f.infinite(b)) {
            return f.infinite(a) ? a : b;
        }
        if (f.zero(a) && f.zero(b)) {
            return a == b ? a : f.zero(x.rounding == FloatContext.DOWN);
        }
        return f.magnitude(a) >= f.magnitude(b) ? addOrdered(f, a, b, x) : addOrdered(f, b, a, x);
    }

    /** Finite numbers, the first at least as great as the second, and not zero. */
    private static long addOrdered(BinaryFormat f, long a, long b, FloatContext x) {
        // A bit of room for the carry.
        int up = BinaryFormat.LEADING - 1 - f.fraction();
        int e = f.normalExponent(a);
        long s = f.significand(a) << up;
        boolean negative = f.negative(a);
        if (!f.zero(b)) {
            long t = BinaryFormat.shiftRight(f.significand(b) << up, e - f.normalExponent(b));
            s = negative == f.negative(b) ? s + t : s - t;
        }
        if (s == 0) {
            return f.zero(x.rounding == FloatContext.DOWN);
        }
        return f.normalizeAndRound(negative, e + 1, s, x);
    }

    static long subtract(BinaryFormat f, long a, long b, FloatContext x) {
        // A NaN keeps its sign.
        return f.nan(b) ? add(f, a, b, x) : add(f, a, b ^ f.signBit(), x);
    }

    static long multiply(BinaryFormat f, long u, long v, FloatContext x) {
        long a = f.operand(u, x);
        long b = f.operand(v, x);
        if (f.nan(a) || f.nan(b)) {
            return f.propagated(a, b, x);
        }
        if (f.infinite(a) && f.zero(b) || f.zero(a) && f.infinite(b)) {
            return f.invalid(x);
        }
        f.noteDenormal(a, x);
        f.noteDenormal(b, x);
        boolean negative = f.negative(a) != f.negative(b);
        if (f.infinite(a) || f.infinite(b)) {
            return f.zero(negative) | f.infinity();
        }
        if (f.zero(a) || f.zero(b)) {
            return f.zero(negative);
        }
        long s = f.significand(a) << 62 - f.fraction();
        long t = f.significand(b) << 63 - f.fraction();
        // Leading ones at 62 and 63: that of the product stands at 125 or 126.
        long product = Math.unsignedMultiplyHigh(s, t) | (s * t != 0 ? 1 : 0);
        int e = f.normalExponent(a) + f.normalExponent(b) - f.bias() + 1;
        return f.normalizeAndRound(negative, e, product, x);
    }

    static long divide(BinaryFormat f, long u, long v, FloatContext x) {
        long a = f.operand(u, x);
        long b = f.operand(v, x);
        if (f.nan(a) || f.nan(b)) {
            return f.propagated(a, b, x);
        }
        if (f.infinite(a) && f.infinite(b) || f.zero(a) && f.zero(b)) {
            return f.invalid(x);
        }
        boolean negative = f.negative(a) != f.negative(b);
        if (f.zero(b) && !f.infinite(a)) {
            // Goes before DE (SDM vol. 1, 4.9.2).
            x.raise(FloatContext.ZE);
            return f.zero(negative) | f.infinity();
        }
        f.noteDenormal(a, x);
        f.noteDenormal(b, x);
        if (f.infinite(a)) {
            return f.zero(negative) | f.infinity();
        }
        if (f.zero(a) || f.infinite(b)) {
            return f.zero(negative);
        }
        int e = f.normalExponent(a) - f.normalExponent(b) + f.bias() + 1;
        return f.normalizeAndRound(negative, e, quotient(f.significand(a), f.significand(b)), x);
    }

    /** The quotient of significands below 2^53, with the point before bit 60; bit 0 also says that there is a rest. */
    private static long quotient(long s, long t) {
        long q = s / t;
        long rest = s % t;
        for (int bits = 61; bits > 0; ) {
            int n = Math.min(bits, 11);
            long dividend = rest << n;
            q = q << n | Long.divideUnsigned(dividend, t);
            rest = Long.remainderUnsigned(dividend, t);
            bits -= n;
        }
        return q | (rest != 0 ? 1 : 0);
    }
}
