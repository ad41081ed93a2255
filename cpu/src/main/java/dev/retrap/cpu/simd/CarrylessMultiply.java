package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;

/** PCLMULQDQ: the product of two polynomials over GF(2). */
final class CarrylessMultiply {
    private CarrylessMultiply() {}

    /** Immediate 0 picks the destination's quadword, 4 the source's. */
    static Exec bind(int imm) {
        return Shapes.wide((x, d, lo, hi) -> {
            long a = (imm & 1) == 0 ? x[d] : x[d + 1];
            long b = (imm & 0x10) == 0 ? lo : hi;
            x[d] = low(a, b);
            x[d + 1] = high(a, b);
        });
    }

    static long low(long a, long b) {
        long r = 0;
        for (long rest = b; rest != 0; rest &= rest - 1) {
            r ^= a << Long.numberOfTrailingZeros(rest);
        }
        return r;
    }

    static long high(long a, long b) {
        // The reverse of the low half of the product of the reverses, less the bit in between.
        return Long.reverse(low(Long.reverse(a), Long.reverse(b))) >>> 1;
    }
}
