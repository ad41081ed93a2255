package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Single elements and masks: PINSRx, PEXTRx, EXTRACTPS, INSERTPS, PMOVMSKB, MOVMSKPx, PMOVSXxx, PMOVZXxx, PTEST. */
final class Elements {
    private static final int ZF = 0x40;
    private static final int CF = 1;

    private Elements() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case PINSRB -> insert(8);
            case PINSRW -> Access.onMm(i) ? Elements::insertWordMm : insert(16);
            case PINSRD -> insert(i.opSize == 64 ? 64 : 32);
            case PEXTRB -> extract(8);
            case PEXTRW -> Access.onMm(i) ? Elements::extractWordMm : extract(16);
            case PEXTRD -> extract(i.opSize == 64 ? 64 : 32);
            case EXTRACTPS -> extract(32);
            case INSERTPS -> Elements::insertSingle;
            case PMOVMSKB -> Access.onMm(i) ? Elements::byteMaskMm : Elements::byteMask;
            case MOVMSKPS -> Elements::singleMask;
            case MOVMSKPD -> Elements::doubleMask;
            case PMOVSXBW -> extend(8, 16, true);
            case PMOVSXBD -> extend(8, 32, true);
            case PMOVSXBQ -> extend(8, 64, true);
            case PMOVSXWD -> extend(16, 32, true);
            case PMOVSXWQ -> extend(16, 64, true);
            case PMOVSXDQ -> extend(32, 64, true);
            case PMOVZXBW -> extend(8, 16, false);
            case PMOVZXBD -> extend(8, 32, false);
            case PMOVZXBQ -> extend(8, 64, false);
            case PMOVZXWD -> extend(16, 32, false);
            case PMOVZXWQ -> extend(16, 64, false);
            case PMOVZXDQ -> extend(32, 64, false);
            case PTEST -> Elements::test;
            default -> null;
        };
    }

    /** {@code v} with one element replaced. */
    private static long replaced(long v, long element, int n, int bits) {
        int shift = n * bits & 63;
        long mask = -1L >>> 64 - bits << shift;
        return v & ~mask | element << shift & mask;
    }

    private static Exec insert(int bits) {
        int last = 128 / bits - 1;
        return (c, n) -> {
            Access.sse(c);
            long v = n.memAt < 0 ? c.r[n.r1] : load(c, n, bits);
            int element = (int) n.imm & last;
            int at = (n.r0 << 1) + element * bits / 64;
            c.fpu.xmm[at] = replaced(c.fpu.xmm[at], v, element, bits);
        };
    }

    private static long load(Cpu c, Insn n, int bits) {
        long ea = c.ea(n);
        return switch (bits) {
            case 8 -> c.ld8(n.seg, ea);
            case 16 -> c.ld16(n.seg, ea);
            case 32 -> c.ld32(n.seg, ea);
            default -> c.ld64(n.seg, ea);
        };
    }

    private static void insertWordMm(Cpu c, Insn n) {
        Access.mmx(c);
        long v = n.memAt < 0 ? c.r[n.r1] : c.ld16(n.seg, c.ea(n));
        Access.setMm(c.fpu, n.r0, replaced(c.fpu.significand[n.r0], v, (int) n.imm & 3, 16));
    }

    private static Exec extract(int bits) {
        int last = 128 / bits - 1;
        return (c, n) -> {
            Access.sse(c);
            int element = (int) n.imm & last;
            long v = c.fpu.xmm[(n.r1 << 1) + element * bits / 64] >>> (element * bits & 63) & -1L >>> 64 - bits;
            if (n.memAt < 0) {
                c.r[n.r0] = v;
            } else {
                long ea = c.ea(n);
                switch (bits) {
                    case 8 -> c.st8(n.seg, ea, (int) v);
                    case 16 -> c.st16(n.seg, ea, (int) v);
                    case 32 -> c.st32(n.seg, ea, (int) v);
                    default -> c.st64(n.seg, ea, v);
                }
            }
        };
    }

    private static void extractWordMm(Cpu c, Insn n) {
        Access.mmx(c);
        c.r[n.r0] = c.fpu.significand[n.r1] >>> (((int) n.imm & 3) << 4) & 0xFFFF;
        Access.toMmx(c.fpu);
    }

    /** INSERTPS: immediate 7:6 source (a register's), 5:4 destination, 3:0 elements to clear. */
    private static void insertSingle(Cpu c, Insn n) {
        Access.sse(c);
        long[] x = c.fpu.xmm;
        int imm = (int) n.imm;
        int s = n.r1 << 1;
        long v = n.memAt < 0 ? Shuffles.dword(x[s], x[s + 1], imm >> 6) : c.ld32(n.seg, c.ea(n));
        int d = n.r0 << 1;
        int at = d + (imm >> 5 & 1);
        x[at] = replaced(x[at], v, imm >> 4 & 1, 32);
        x[d] &= keep(imm);
        x[d + 1] &= keep(imm >> 2);
    }

    private static long keep(int clear) {
        return ((clear & 1) != 0 ? 0 : 0xFFFFFFFFL) | ((clear & 2) != 0 ? 0 : 0xFFFFFFFF00000000L);
    }

    /** The top bits of eight bytes. */
    private static long topBits(long v) {
        // Each bit is moved to its place in the top byte; no two meet.
        return ((v & 0x8080808080808080L) >>> 7) * 0x0102040810204080L >>> 56;
    }

    private static void byteMask(Cpu c, Insn n) {
        Access.sse(c);
        int s = n.r1 << 1;
        c.r[n.r0] = topBits(c.fpu.xmm[s]) | topBits(c.fpu.xmm[s + 1]) << 8;
    }

    private static void byteMaskMm(Cpu c, Insn n) {
        Access.mmx(c);
        c.r[n.r0] = topBits(c.fpu.significand[n.r1]);
        Access.toMmx(c.fpu);
    }

    private static void singleMask(Cpu c, Insn n) {
        Access.sse(c);
        long lo = c.fpu.xmm[n.r1 << 1];
        long hi = c.fpu.xmm[(n.r1 << 1) + 1];
        c.r[n.r0] = lo >>> 31 & 1 | lo >>> 63 << 1 | (hi >>> 31 & 1) << 2 | hi >>> 63 << 3;
    }

    private static void doubleMask(Cpu c, Insn n) {
        Access.sse(c);
        c.r[n.r0] = c.fpu.xmm[n.r1 << 1] >>> 63 | c.fpu.xmm[(n.r1 << 1) + 1] >>> 63 << 1;
    }

    /** The low elements of the source, widened to fill the destination. */
    private static Exec extend(int from, int to, boolean signed) {
        int half = 64 * from / to;
        int total = 2 * half;
        return (c, n) -> {
            Access.sse(c);
            long v = n.memAt < 0 ? c.fpu.xmm[n.r1 << 1] : load(c, n, total);
            long[] x = c.fpu.xmm;
            x[n.r0 << 1] = widened(v, from, to, signed);
            x[(n.r0 << 1) + 1] = widened(v >>> half, from, to, signed);
        };
    }

    private static long widened(long v, int from, int to, boolean signed) {
        long r = 0;
        for (int at = 0; at < 64; at += to) {
            long e = v << 64 - from;
            e = signed ? e >> 64 - from : e >>> 64 - from;
            r |= (e & -1L >>> 64 - to) << at;
            v >>>= from;
        }
        return r;
    }

    private static void test(Cpu c, Insn n) {
        Access.sse(c);
        long[] x = c.fpu.xmm;
        long lo;
        long hi;
        if (n.memAt < 0) {
            lo = x[n.r1 << 1];
            hi = x[(n.r1 << 1) + 1];
        } else {
            long la = Access.operand(c, n);
            lo = c.mmu.load64(la);
            hi = c.mmu.load64(Access.second(c, la));
        }
        long dlo = x[n.r0 << 1];
        long dhi = x[(n.r0 << 1) + 1];
        c.setArith(((lo & dlo | hi & dhi) == 0 ? ZF : 0) | ((lo & ~dlo | hi & ~dhi) == 0 ? CF : 0));
    }
}
