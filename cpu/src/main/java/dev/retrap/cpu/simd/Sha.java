package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * The SHA extensions (SDM vol. 2; FIPS 180-4). In a register the first word of a message or state stands highest.
 * Memory need not be aligned: that is what Zen 5 does, and of the models only an AMD one has them.
 */
final class Sha {
    private static final int[] K1 = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};

    private Sha() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case SHA1MSG1 -> Shapes.wideUnaligned((x, d, lo, hi) -> {
                long a = x[d + 1];
                x[d + 1] = a ^ x[d];
                x[d] ^= hi;
            });
            case SHA1MSG2 -> Shapes.wideUnaligned(Sha::message1);
            case SHA1NEXTE -> Shapes.wideUnaligned((x, d, lo, hi) -> {
                long e = (hi >>> 32) + Integer.rotateLeft((int) (x[d + 1] >>> 32), 30);
                x[d] = lo;
                x[d + 1] = hi & 0xFFFFFFFFL | e << 32;
            });
            case SHA1RNDS4 -> rounds1((int) i.imm & 3);
            case SHA256MSG1 -> Shapes.wideUnaligned((x, d, lo, hi) -> {
                long a = x[d];
                long b = x[d + 1];
                x[d] = pair((int) a + sigma0((int) (a >>> 32)), (int) (a >>> 32) + sigma0((int) b));
                x[d + 1] = pair((int) b + sigma0((int) (b >>> 32)), (int) (b >>> 32) + sigma0((int) lo));
            });
            case SHA256MSG2 -> Shapes.wideUnaligned((x, d, lo, hi) -> {
                int w16 = (int) x[d] + sigma1((int) hi);
                int w17 = (int) (x[d] >>> 32) + sigma1((int) (hi >>> 32));
                long b = x[d + 1];
                x[d] = pair(w16, w17);
                x[d + 1] = pair((int) b + sigma1(w16), (int) (b >>> 32) + sigma1(w17));
            });
            case SHA256RNDS2 -> Shapes.wideUnaligned(Sha::rounds256);
            default -> null;
        };
    }

    private static long pair(int low, int high) {
        return low & 0xFFFFFFFFL | (long) high << 32;
    }

    private static void message1(long[] x, int d, long lo, long hi) {
        int w16 = Integer.rotateLeft((int) (x[d + 1] >>> 32) ^ (int) hi, 1);
        int w17 = Integer.rotateLeft((int) x[d + 1] ^ (int) (lo >>> 32), 1);
        int w18 = Integer.rotateLeft((int) (x[d] >>> 32) ^ (int) lo, 1);
        int w19 = Integer.rotateLeft((int) x[d] ^ w16, 1);
        x[d] = pair(w19, w18);
        x[d + 1] = pair(w17, w16);
    }

    private static Exec rounds1(int function) {
        return Shapes.wideUnaligned((x, d, lo, hi) -> {
            int a = (int) (x[d + 1] >>> 32);
            int b = (int) x[d + 1];
            int c = (int) (x[d] >>> 32);
            int dd = (int) x[d];
            int e = 0;
            for (int k = 0; k < 4; k++) {
                // The first word has E added already (SHA1NEXTE).
                int w = (int) ((k < 2 ? hi : lo) >>> (~k & 1) * 32);
                int t = f(function, b, c, dd) + Integer.rotateLeft(a, 5) + w + e + K1[function];
                e = dd;
                dd = c;
                c = Integer.rotateLeft(b, 30);
                b = a;
                a = t;
            }
            x[d + 1] = pair(b, a);
            x[d] = pair(dd, c);
        });
    }

    private static int f(int function, int b, int c, int d) {
        return switch (function) {
            case 0 -> b & c ^ ~b & d;
            case 2 -> b & c ^ b & d ^ c & d;
            default -> b ^ c ^ d;
        };
    }

    private static int sigma0(int w) {
        return Integer.rotateRight(w, 7) ^ Integer.rotateRight(w, 18) ^ w >>> 3;
    }

    private static int sigma1(int w) {
        return Integer.rotateRight(w, 17) ^ Integer.rotateRight(w, 19) ^ w >>> 10;
    }

    /** Destination C D G H, source A B E F, XMM0 the two words with their constants added. */
    private static void rounds256(long[] x, int d, long lo, long hi) {
        int a = (int) (hi >>> 32);
        int b = (int) hi;
        int c = (int) (x[d + 1] >>> 32);
        int dd = (int) x[d + 1];
        int e = (int) (lo >>> 32);
        int f = (int) lo;
        int g = (int) (x[d] >>> 32);
        int h = (int) x[d];
        long words = x[0];
        for (int k = 0; k < 2; k++) {
            int wk = (int) (words >>> 32 * k);
            int t = (e & f ^ ~e & g) + (Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11)
                    ^ Integer.rotateRight(e, 25)) + wk + h;
            int s = (a & b ^ a & c ^ b & c) + (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13)
                    ^ Integer.rotateRight(a, 22));
            h = g;
            g = f;
            f = e;
            e = t + dd;
            dd = c;
            c = b;
            b = a;
            a = t + s;
        }
        x[d + 1] = pair(b, a);
        x[d] = pair(f, e);
    }
}
