package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Moves between XMM registers, MM registers, general registers and memory. */
final class SimdMoves {
    private static final long LOW = 0xFFFFFFFFL;

    private SimdMoves() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case MOVAPS, MOVAPD, MOVDQA, MOVNTPS, MOVNTPD, MOVNTDQ, MOVNTDQA -> switch (i.memAt) {
                case 0 -> SimdMoves::storeAligned;
                case 1 -> SimdMoves::loadAligned;
                default -> SimdMoves::copy;
            };
            case MOVUPS, MOVUPD, MOVDQU, LDDQU -> switch (i.memAt) {
                case 0 -> SimdMoves::store;
                case 1 -> SimdMoves::load;
                default -> SimdMoves::copy;
            };
            case MOVSS -> switch (i.memAt) {
                case 0 -> SimdMoves::storeSingle;
                case 1 -> SimdMoves::loadSingle;
                default -> SimdMoves::copySingle;
            };
            case MOVSD -> switch (i.memAt) {
                case 0 -> SimdMoves::storeLow;
                case 1 -> SimdMoves::loadZeroing;
                default -> SimdMoves::copyLow;
            };
            case MOVNTSS -> SimdMoves::storeSingle;
            case MOVNTSD -> SimdMoves::storeLow;
            case MOVLPS, MOVLPD -> i.memAt == 0 ? SimdMoves::storeLow : SimdMoves::loadLow;
            case MOVHPS, MOVHPD -> i.memAt == 0 ? SimdMoves::storeHigh : SimdMoves::loadHigh;
            case MOVHLPS -> half(0, 1);
            case MOVLHPS -> half(1, 0);
            case MOVD, MOVQ -> quadwords(op, i);
            case MOVNTQ -> SimdMoves::storeMm;
            case MOVQ2DQ -> SimdMoves::toXmm;
            case MOVDQ2Q -> SimdMoves::toMm;
            default -> null;
        };
    }

    private static void copy(Cpu c, Insn n) {
        Access.sse(c);
        long[] x = c.fpu.xmm;
        int d = n.r0 << 1;
        int s = n.r1 << 1;
        x[d] = x[s];
        x[d + 1] = x[s + 1];
    }

    private static void loadAligned(Cpu c, Insn n) {
        Access.sse(c);
        load(c, n.r0 << 1, Access.aligned(c, n));
    }

    private static void load(Cpu c, Insn n) {
        Access.sse(c);
        load(c, n.r0 << 1, c.readable(n.seg, c.ea(n), 16));
    }

    private static void load(Cpu c, int d, long linear) {
        long lo = c.mmu.load64(linear);
        long hi = c.mmu.load64(Access.second(c, linear));
        c.fpu.xmm[d] = lo;
        c.fpu.xmm[d + 1] = hi;
    }

    private static void storeAligned(Cpu c, Insn n) {
        Access.sse(c);
        long la = Access.alignedTarget(c, n);
        Access.store(c, la, c.fpu.xmm[n.r1 << 1], c.fpu.xmm[(n.r1 << 1) + 1]);
    }

    private static void store(Cpu c, Insn n) {
        Access.sse(c);
        long la = c.writable(n.seg, c.ea(n), 16);
        Access.store(c, la, c.fpu.xmm[n.r1 << 1], c.fpu.xmm[(n.r1 << 1) + 1]);
    }

    // ---- MOVSS

    private static void copySingle(Cpu c, Insn n) {
        Access.sse(c);
        long[] x = c.fpu.xmm;
        x[n.r0 << 1] = x[n.r0 << 1] & ~LOW | x[n.r1 << 1] & LOW;
    }

    private static void loadSingle(Cpu c, Insn n) {
        Access.sse(c);
        set(c, n, c.ld32(n.seg, c.ea(n)) & LOW);
    }

    private static void storeSingle(Cpu c, Insn n) {
        Access.sse(c);
        c.st32(n.seg, c.ea(n), (int) c.fpu.xmm[n.r1 << 1]);
    }

    // ---- halves

    /** Writes the low quadword and clears the high one. */
    private static void set(Cpu c, Insn n, long v) {
        c.fpu.xmm[n.r0 << 1] = v;
        c.fpu.xmm[(n.r0 << 1) + 1] = 0;
    }

    private static void copyLow(Cpu c, Insn n) {
        Access.sse(c);
        c.fpu.xmm[n.r0 << 1] = c.fpu.xmm[n.r1 << 1];
    }

    private static void loadLow(Cpu c, Insn n) {
        Access.sse(c);
        c.fpu.xmm[n.r0 << 1] = c.ld64(n.seg, c.ea(n));
    }

    private static void loadHigh(Cpu c, Insn n) {
        Access.sse(c);
        c.fpu.xmm[(n.r0 << 1) + 1] = c.ld64(n.seg, c.ea(n));
    }

    /** The low quadword of register or memory, the high one cleared. */
    private static void loadZeroing(Cpu c, Insn n) {
        Access.sse(c);
        set(c, n, Access.source64(c, n));
    }

    private static void storeLow(Cpu c, Insn n) {
        Access.sse(c);
        c.st64(n.seg, c.ea(n), c.fpu.xmm[n.r1 << 1]);
    }

    private static void storeHigh(Cpu c, Insn n) {
        Access.sse(c);
        c.st64(n.seg, c.ea(n), c.fpu.xmm[(n.r1 << 1) + 1]);
    }

    private static Exec half(int to, int from) {
        return (c, n) -> {
            Access.sse(c);
            c.fpu.xmm[(n.r0 << 1) + to] = c.fpu.xmm[(n.r1 << 1) + from];
        };
    }

    // ---- MOVD, MOVQ

    private static Exec quadwords(Op op, Insn i) {
        return switch (i.form.operands().get(0).place()) {
            case MMX -> switch (i.form.operands().get(1).place()) {
                case RM -> i.opSize == 64 ? SimdMoves::quadwordToMm : SimdMoves::dwordToMm;
                default -> SimdMoves::loadMm;
            };
            case MMX_RM -> i.mem() ? SimdMoves::storeMm : SimdMoves::loadMm;
            case XMM -> switch (i.form.operands().get(1).place()) {
                case RM -> i.opSize == 64 ? SimdMoves::quadwordToXmm : SimdMoves::dwordToXmm;
                default -> SimdMoves::loadZeroing;
            };
            case XMM_RM -> i.mem() ? SimdMoves::storeLow : SimdMoves::loadZeroing;
            case RM -> Access.onMm(i) ? op == Op.MOVQ ? SimdMoves::fromMm64 : SimdMoves::fromMm32
                    : op == Op.MOVQ ? SimdMoves::fromXmm64 : SimdMoves::fromXmm32;
            default -> null;
        };
    }

    private static void dwordToXmm(Cpu c, Insn n) {
        Access.sse(c);
        set(c, n, (n.memAt < 0 ? c.r[n.r1] : c.ld32(n.seg, c.ea(n))) & LOW);
    }

    private static void quadwordToXmm(Cpu c, Insn n) {
        Access.sse(c);
        set(c, n, n.memAt < 0 ? c.r[n.r1] : c.ld64(n.seg, c.ea(n)));
    }

    private static void fromXmm32(Cpu c, Insn n) {
        Access.sse(c);
        put32(c, n, c.fpu.xmm[n.r1 << 1]);
    }

    private static void fromXmm64(Cpu c, Insn n) {
        Access.sse(c);
        put64(c, n, c.fpu.xmm[n.r1 << 1]);
    }

    private static void put32(Cpu c, Insn n, long v) {
        if (n.memAt < 0) {
            c.r[n.r0] = v & LOW;
        } else {
            c.st32(n.seg, c.ea(n), (int) v);
        }
    }

    private static void put64(Cpu c, Insn n, long v) {
        if (n.memAt < 0) {
            c.r[n.r0] = v;
        } else {
            c.st64(n.seg, c.ea(n), v);
        }
    }

    private static void dwordToMm(Cpu c, Insn n) {
        Access.mmx(c);
        Access.setMm(c.fpu, n.r0, (n.memAt < 0 ? c.r[n.r1] : c.ld32(n.seg, c.ea(n))) & LOW);
    }

    private static void quadwordToMm(Cpu c, Insn n) {
        Access.mmx(c);
        Access.setMm(c.fpu, n.r0, n.memAt < 0 ? c.r[n.r1] : c.ld64(n.seg, c.ea(n)));
    }

    private static void fromMm32(Cpu c, Insn n) {
        Access.mmx(c);
        put32(c, n, c.fpu.significand[n.r1]);
        Access.toMmx(c.fpu);
    }

    private static void fromMm64(Cpu c, Insn n) {
        Access.mmx(c);
        put64(c, n, c.fpu.significand[n.r1]);
        Access.toMmx(c.fpu);
    }

    private static void loadMm(Cpu c, Insn n) {
        Access.mmx(c);
        Access.setMm(c.fpu, n.r0, Access.sourceMm(c, n));
    }

    private static void storeMm(Cpu c, Insn n) {
        Access.mmx(c);
        c.st64(n.seg, c.ea(n), c.fpu.significand[n.r1]);
        Access.toMmx(c.fpu);
    }

    private static void toXmm(Cpu c, Insn n) {
        Access.sse(c);
        Access.mmx(c);
        set(c, n, c.fpu.significand[n.r1]);
        Access.toMmx(c.fpu);
    }

    private static void toMm(Cpu c, Insn n) {
        Access.sse(c);
        Access.mmx(c);
        Access.setMm(c.fpu, n.r0, c.fpu.xmm[n.r1 << 1]);
    }
}
