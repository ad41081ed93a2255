package dev.retrap.cpu.semantics;

/**
 * Multiplication and division (SDM vol. 2, MUL, IMUL, DIV, IDIV, MULX).
 *
 * <p>Flags: multiplication sets CF and OF if the high half is significant; the others are undefined, and kept by Zen.
 * Division leaves all undefined: Zen keeps CF and OF and gives SF, ZF, PF clear and AF set ({@link #RES_DIV},
 * {@link #auxDiv}).
 */
public final class MulDiv {
    /** {@code flagRes} after a division. */
    public static final int RES_DIV = 1;

    private MulDiv() {}

    /** {@code aux} after a division; {@code old} is that before. */
    public static int auxDiv(int old) {
        return old & 0xC0000000 | 8;
    }

    /** {@code aux} after a multiplication whose high half is significant if {@code over}. */
    public static int auxMul(int old, boolean over) {
        return over ? Alu.withCfOf(old, 1, 1) : Alu.withCfOf(old, 0, 0);
    }

    /** High 64 bits of the unsigned product. */
    public static long mulHigh(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b);
    }

    /** High 64 bits of the signed product. */
    public static long imulHigh(long a, long b) {
        return Math.multiplyHigh(a, b);
    }

    // Division of up to 32 bits: the dividend in a long, so quotient and remainder are Java's.

    /** True if DIV of the unsigned {@code n} by {@code d} (of {@code bits} bits, unsigned) raises #DE. */
    public static boolean divFaults(long n, int d, int bits) {
        long v = d & 0xFFFFFFFFL;
        return v == 0 || Long.compareUnsigned(n >>> bits, v) >= 0;
    }

    /** Unsigned quotient. */
    public static int div(long n, int d) {
        return (int) Long.divideUnsigned(n, d & 0xFFFFFFFFL);
    }

    /** Unsigned remainder. */
    public static int rem(long n, int d) {
        return (int) Long.remainderUnsigned(n, d & 0xFFFFFFFFL);
    }

    /** True if IDIV of {@code n} by {@code d}, both sign-extended, raises #DE with a quotient of {@code bits} bits. */
    public static boolean idivFaults(long n, int d, int bits) {
        if (d == 0 || n == Long.MIN_VALUE && d == -1) {
            return true;
        }
        long q = n / d;
        return q << 64 - bits >> 64 - bits != q;
    }

    /** Signed quotient, rounded towards zero. */
    public static int idiv(long n, int d) {
        return (int) (n / d);
    }

    /** Signed remainder, of the dividend's sign. */
    public static int irem(long n, int d) {
        return (int) (n % d);
    }

    // Division of 128 bits by 64.

    /** True if DIV of hi:lo by {@code d} raises #DE. */
    public static boolean div64Faults(long hi, long d) {
        return Long.compareUnsigned(hi, d) >= 0;
    }

    /** Unsigned quotient of hi:lo by {@code d}, with hi below d. */
    public static long div64(long hi, long lo, long d) {
        if (hi == 0) {
            return Long.divideUnsigned(lo, d);
        }
        // Knuth, The Art of Computer Programming vol. 2, 4.3.1, algorithm D, with two digits of 32 bits.
        int s = Long.numberOfLeadingZeros(d);
        long v = d << s;
        long v1 = v >>> 32;
        long v0 = v & 0xFFFFFFFFL;
        long u = s == 0 ? hi : hi << s | lo >>> 64 - s;
        long l = lo << s;
        long q1 = digit(u, l >>> 32, v1, v0);
        long next = (u << 32 | l >>> 32) - q1 * v;
        long q0 = digit(next, l & 0xFFFFFFFFL, v1, v0);
        return (q1 << 32) + q0;
    }

    /** One quotient digit of (u * 2^32 + low) by v1:v0. */
    private static long digit(long u, long low, long v1, long v0) {
        long q = Long.divideUnsigned(u, v1);
        long r = u - q * v1;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * v0, r << 32 | low) > 0) {
            q--;
            r += v1;
            if (r >>> 32 != 0) {
                break;
            }
        }
        return q;
    }

    /** Remainder that belongs to a 64-bit quotient {@code q}, signed or unsigned. */
    public static long rem64(long lo, long d, long q) {
        return lo - q * d;
    }

    /** True if IDIV of hi:lo by {@code d} raises #DE. */
    public static boolean idiv64Faults(long hi, long lo, long d) {
        long h = hi < 0 ? negatedHigh(hi, lo) : hi;
        long v = Math.abs(d);
        if (div64Faults(h, v)) {
            return true;
        }
        long q = div64(h, hi < 0 ? -lo : lo, v);
        // The magnitude may reach 2^63 only with a negative sign.
        return (hi ^ d) < 0 ? Long.compareUnsigned(q, Long.MIN_VALUE) > 0 : q < 0;
    }

    /** Signed quotient of hi:lo by {@code d}, rounded towards zero, if it does not fault. */
    public static long idiv64(long hi, long lo, long d) {
        long q = div64(hi < 0 ? negatedHigh(hi, lo) : hi, hi < 0 ? -lo : lo, Math.abs(d));
        return (hi ^ d) < 0 ? -q : q;
    }

    private static long negatedHigh(long hi, long lo) {
        return lo == 0 ? -hi : ~hi;
    }
}
