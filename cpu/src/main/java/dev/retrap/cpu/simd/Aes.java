package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * AES-NI (SDM vol. 2; FIPS 197). The state is two quadwords, byte 0 lowest; column {@code n} is bytes {@code 4n} to
 * {@code 4n + 3}. The S-box is computed, not listed.
 */
final class Aes {
    private static final byte[] SBOX = new byte[256];
    private static final byte[] INVERSE = new byte[256];
    /** The column that MixColumns makes of an S-box output in row 0: 2, 1, 1, 3 times it. */
    private static final int[] MIXED = new int[256];
    /** The column that InvMixColumns makes of a byte in row 0: 14, 9, 13, 11 times it. */
    private static final int[] UNMIXED = new int[256];

    static {
        for (int v = 0; v < 256; v++) {
            int inverse = power(v, 254);
            int s = inverse ^ rotate(inverse, 1) ^ rotate(inverse, 2) ^ rotate(inverse, 3) ^ rotate(inverse, 4) ^ 0x63;
            SBOX[v] = (byte) s;
            INVERSE[s] = (byte) v;
            MIXED[v] = column(s, 2, 1, 1, 3);
            UNMIXED[v] = column(v, 14, 9, 13, 11);
        }
    }

    private Aes() {}

    /** The product of two polynomials modulo x^8 + x^4 + x^3 + x + 1. */
    private static int multiply(int a, int b) {
        int r = 0;
        for (int x = a, y = b; y != 0; y >>= 1) {
            r ^= (y & 1) != 0 ? x : 0;
            x = x << 1 ^ ((x & 0x80) != 0 ? 0x11B : 0);
        }
        return r;
    }

    private static int power(int v, int n) {
        int r = 1;
        for (int i = 0; i < n; i++) {
            r = multiply(r, v);
        }
        return r;
    }

    private static int rotate(int b, int n) {
        return (b << n | b >> 8 - n) & 0xFF;
    }

    private static int column(int v, int r0, int r1, int r2, int r3) {
        return multiply(v, r0) | multiply(v, r1) << 8 | multiply(v, r2) << 16 | multiply(v, r3) << 24;
    }

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case AESENC -> Shapes.wide((x, d, lo, hi) -> {
                long a = x[d];
                long b = x[d + 1];
                x[d] = encrypted(a, b, 0) ^ lo;
                x[d + 1] = encrypted(a, b, 2) ^ hi;
            });
            case AESENCLAST -> Shapes.wide((x, d, lo, hi) -> {
                long a = x[d];
                long b = x[d + 1];
                x[d] = shifted(a, b, 0, 5, SBOX) ^ lo;
                x[d + 1] = shifted(a, b, 8, 5, SBOX) ^ hi;
            });
            case AESDEC -> Shapes.wide((x, d, lo, hi) -> {
                long a = x[d];
                long b = x[d + 1];
                x[d] = unmixed(shifted(a, b, 0, 13, INVERSE)) ^ lo;
                x[d + 1] = unmixed(shifted(a, b, 8, 13, INVERSE)) ^ hi;
            });
            case AESDECLAST -> Shapes.wide((x, d, lo, hi) -> {
                long a = x[d];
                long b = x[d + 1];
                x[d] = shifted(a, b, 0, 13, INVERSE) ^ lo;
                x[d + 1] = shifted(a, b, 8, 13, INVERSE) ^ hi;
            });
            case AESIMC -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = unmixed(lo);
                x[d + 1] = unmixed(hi);
            });
            case AESKEYGENASSIST -> keyAssist((int) i.imm);
            default -> null;
        };
    }

    /** Byte {@code n} of the state. */
    private static int at(long lo, long hi, int n) {
        return (int) (((n & 8) == 0 ? lo : hi) >>> ((n & 7) << 3)) & 0xFF;
    }

    /**
     * Eight bytes of the state after ShiftRows and SubBytes (or their inverses).
     *
     * @param first 0 or 8
     * @param step distance in the state from one row to the next: 5, or 13 for the inverse
     */
    private static long shifted(long lo, long hi, int first, int step, byte[] box) {
        long r = 0;
        for (int k = 0; k < 8; k++) {
            int n = first + (k & 4) + (k & 3) * step & 15;
            r |= (box[at(lo, hi, n)] & 0xFFL) << 8 * k;
        }
        return r;
    }

    /** Two columns, {@code first} and the next, after ShiftRows, SubBytes and MixColumns. */
    private static long encrypted(long lo, long hi, int first) {
        return encryptedColumn(lo, hi, first) & 0xFFFFFFFFL | (long) encryptedColumn(lo, hi, first + 1) << 32;
    }

    private static int encryptedColumn(long lo, long hi, int column) {
        int r = 0;
        for (int row = 0; row < 4; row++) {
            r ^= Integer.rotateLeft(MIXED[at(lo, hi, 4 * column + 5 * row & 15)], 8 * row);
        }
        return r;
    }

    /** InvMixColumns of two columns. */
    private static long unmixed(long v) {
        return unmixedColumn((int) v) & 0xFFFFFFFFL | (long) unmixedColumn((int) (v >>> 32)) << 32;
    }

    private static int unmixedColumn(int v) {
        int r = 0;
        for (int row = 0; row < 4; row++) {
            r ^= Integer.rotateLeft(UNMIXED[v >>> 8 * row & 0xFF], 8 * row);
        }
        return r;
    }

    private static Exec keyAssist(int rcon) {
        return Shapes.wide((x, d, lo, hi) -> {
            x[d] = assisted((int) (lo >>> 32), rcon);
            x[d + 1] = assisted((int) (hi >>> 32), rcon);
        });
    }

    /** SubWord of a doubleword, and above it the same rotated right by a byte with the round constant added. */
    private static long assisted(int v, int rcon) {
        int s = 0;
        for (int k = 0; k < 32; k += 8) {
            s |= (SBOX[v >>> k & 0xFF] & 0xFF) << k;
        }
        return s & 0xFFFFFFFFL | (long) (Integer.rotateRight(s, 8) ^ rcon) << 32;
    }
}
