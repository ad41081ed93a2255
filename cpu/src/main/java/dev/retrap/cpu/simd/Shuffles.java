package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Instructions that only rearrange: shuffles, alignments, blends, duplications. */
final class Shuffles {
    private Shuffles() {}

    static Exec bind(Op op, Insn i) {
        int imm = (int) i.imm;
        return switch (op) {
            case PSHUFB -> Access.onMm(i) ? Shapes.mm((a, b) -> bytes(a, a, b)) : Shapes.wide((x, d, lo, hi) -> {
                long a = x[d];
                long b = x[d + 1];
                x[d] = bytes(a, b, lo);
                x[d + 1] = bytes(a, b, hi);
            });
            case PSHUFW -> Shapes.mm((a, b) -> words(b, imm));
            case PSHUFLW -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = words(lo, imm);
                x[d + 1] = hi;
            });
            case PSHUFHW -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = lo;
                x[d + 1] = words(hi, imm);
            });
            case PSHUFD -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = dwords(lo, hi, imm);
                x[d + 1] = dwords(lo, hi, imm >> 4);
            });
            case SHUFPS -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = dwords(x[d], x[d + 1], imm);
                x[d + 1] = dwords(lo, hi, imm >> 4);
            });
            case SHUFPD -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = (imm & 1) == 0 ? x[d] : x[d + 1];
                x[d + 1] = (imm & 2) == 0 ? lo : hi;
            });
            case PALIGNR -> align(i, imm);
            case MOVSLDUP -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = Packing.interleaveDwords(lo, lo);
                x[d + 1] = Packing.interleaveDwords(hi, hi);
            });
            case MOVSHDUP -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = Packing.interleaveDwords(lo >>> 32, lo >>> 32);
                x[d + 1] = Packing.interleaveDwords(hi >>> 32, hi >>> 32);
            });
            case MOVDDUP -> (c, n) -> {
                Access.sse(c);
                long v = Access.source64(c, n);
                c.fpu.xmm[n.r0 << 1] = v;
                c.fpu.xmm[(n.r0 << 1) + 1] = v;
            };
            case BLENDPS -> blend(mask(imm & 3, 32), mask(imm >> 2 & 3, 32));
            case BLENDPD -> blend(mask(imm & 1, 64), mask(imm >> 1 & 1, 64));
            case PBLENDW -> blend(mask(imm & 15, 16), mask(imm >> 4, 16));
            case PBLENDVB -> blendByXmm0(Lane.BYTE);
            case BLENDVPS -> blendByXmm0(Lane.DWORD);
            case BLENDVPD -> blendByXmm0(Lane.QWORD);
            default -> null;
        };
    }

    private static Exec align(Insn i, int imm) {
        return Access.onMm(i) ? Shapes.mm((a, b) -> window(b, a, 0, 0, imm)) : Shapes.wide((x, d, lo, hi) -> {
            long a = x[d];
            long b = x[d + 1];
            x[d] = window(lo, hi, a, b, imm);
            x[d + 1] = window(lo, hi, a, b, imm + 8);
        });
    }

    /** Eight bytes at an offset into four quadwords, with zeros behind. */
    static long window(long q0, long q1, long q2, long q3, int offset) {
        int n = offset >> 3;
        int shift = (offset & 7) << 3;
        long low = quadword(q0, q1, q2, q3, n);
        return shift == 0 ? low : low >>> shift | quadword(q0, q1, q2, q3, n + 1) << 64 - shift;
    }

    private static long quadword(long q0, long q1, long q2, long q3, int n) {
        return switch (n) {
            case 0 -> q0;
            case 1 -> q1;
            case 2 -> q2;
            case 3 -> q3;
            default -> 0;
        };
    }

    /** Of 16 bytes those that the bytes of a mask name; 0 where the mask's top bit is set. */
    private static long bytes(long lo, long hi, long mask) {
        long r = 0;
        for (int s = 0; s < 64; s += 8) {
            int m = (int) (mask >>> s);
            if ((m & 0x80) == 0) {
                r |= (((m & 8) == 0 ? lo : hi) >>> ((m & 7) << 3) & 0xFF) << s;
            }
        }
        return r;
    }

    private static long words(long v, int selectors) {
        long r = 0;
        for (int n = 0; n < 4; n++) {
            r |= (v >>> ((selectors >> 2 * n & 3) << 4) & 0xFFFF) << 16 * n;
        }
        return r;
    }

    /** Two of four doublewords. */
    private static long dwords(long lo, long hi, int selectors) {
        return Packing.interleaveDwords(dword(lo, hi, selectors), dword(lo, hi, selectors >> 2));
    }

    /** One of four doublewords, in the low half. */
    static long dword(long lo, long hi, int n) {
        return ((n & 2) == 0 ? lo : hi) >>> ((n & 1) << 5);
    }

    /** Ones in the lanes whose bit is set. */
    private static long mask(int lanes, int width) {
        long r = 0;
        for (int n = 0; n < 64 / width; n++) {
            if ((lanes >> n & 1) != 0) {
                r |= -1L >>> 64 - width << n * width;
            }
        }
        return r;
    }

    private static Exec blend(long maskLo, long maskHi) {
        return Shapes.wide((x, d, lo, hi) -> {
            x[d] = x[d] & ~maskLo | lo & maskLo;
            x[d + 1] = x[d + 1] & ~maskHi | hi & maskHi;
        });
    }

    /** Takes the source's lane where the top bit of XMM0's is set. */
    private static Exec blendByXmm0(Lane lane) {
        return Shapes.wide((x, d, lo, hi) -> {
            // XMM0 may be the destination.
            long maskLo = lane.shiftRightSigned(x[0], lane.bits() - 1);
            long maskHi = lane.shiftRightSigned(x[1], lane.bits() - 1);
            x[d] = x[d] & ~maskLo | lo & maskLo;
            x[d + 1] = x[d + 1] & ~maskHi | hi & maskHi;
        });
    }
}
