package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Moves to and from segment registers and their bases (SDM vol. 2, MOV, PUSH, POP, LDS..., WRFSBASE, SWAPGS). */
final class SegmentMoves {
    private SegmentMoves() {}

    static void movTo(Cpu c, Insn i) {
        if (i.r0 == Seg.CS || i.r0 > Seg.GS) {
            throw c.ud();
        }
        int selector = i.mem() ? c.ld16(i.seg, c.ea(i)) : c.r16(i.r1);
        Descriptors.load(c, i.r0, selector);
        if (i.r0 == Seg.SS) {
            inhibit(c);
        }
    }

    /** Interrupts and debug traps wait for the instruction after a load of SS (SDM vol. 3, 6.8.3). */
    private static void inhibit(Cpu c) {
        if (c.inhibitAt != c.position - 1) {
            c.inhibitAt = c.position;
            c.inhibitDebug = true;
        }
        c.attention();
    }

    static void movFrom(Cpu c, Insn i) {
        int v = c.sel[i.r1];
        if (i.mem()) {
            c.st16(i.seg, c.ea(i), v);
        } else {
            switch (i.opSize) {
                case 16 -> c.r16(i.r0, v);
                case 32 -> c.r32(i.r0, v);
                default -> c.r[i.r0] = v;
            }
        }
    }

    static void push(Cpu c, Insn i) {
        c.push(i.opSize, c.sel[i.r0]);
    }

    static void pop(Cpu c, Insn i) {
        int selector = (int) c.peek(i.opSize, 0) & 0xFFFF;
        long sp = c.r[4];
        if (i.r0 == Seg.SS) {
            long mask = c.stackMask();
            Descriptors.load(c, Seg.SS, selector);
            // The pointer moves by the old stack's width.
            c.r[4] = mask == 0xFFFF ? sp & ~0xFFFFL | sp + (i.opSize >> 3) & 0xFFFF : sp + (i.opSize >> 3) & mask;
            inhibit(c);
        } else {
            Descriptors.load(c, i.r0, selector);
            c.sp(sp + (i.opSize >> 3));
        }
    }

    static void loadPointer(Cpu c, Insn i) {
        int seg = switch (i.op) {
            case LDS -> Seg.DS;
            case LES -> Seg.ES;
            case LSS -> Seg.SS;
            case LFS -> Seg.FS;
            default -> Seg.GS;
        };
        long ea = c.ea(i);
        int size = i.opSize == 64 && !c.model.behaviour().farPointer64() ? 32 : i.opSize;
        int n = size >> 3;
        long at = i.addrSize == 64 ? ea + n : ea + n & (i.addrSize == 32 ? 0xFFFFFFFFL : 0xFFFF);
        long offset = switch (size) {
            case 16 -> c.ld16(i.seg, ea);
            case 32 -> c.ld32(i.seg, ea) & 0xFFFFFFFFL;
            default -> c.ld64(i.seg, ea);
        };
        int selector = c.ld16(i.seg, at);
        Descriptors.load(c, seg, selector);
        switch (i.opSize) {
            case 16 -> c.r16(i.r0, (int) offset);
            case 32 -> c.r32(i.r0, (int) offset);
            default -> c.r[i.r0] = offset;
        }
    }

    private static void checkBase(Cpu c) {
        if (!c.mode64() || (c.cr4 & Cpu.CR4_FSGSBASE) == 0) {
            throw c.ud();
        }
    }

    static void readBase(Cpu c, Insn i) {
        checkBase(c);
        long v = c.base[i.op == Op.RDFSBASE ? Seg.FS : Seg.GS];
        c.r[i.r0] = i.opSize == 64 ? v : v & 0xFFFFFFFFL;
    }

    static void writeBase(Cpu c, Insn i) {
        checkBase(c);
        long v = i.opSize == 64 ? c.r[i.r0] : c.r[i.r0] & 0xFFFFFFFFL;
        if (v << 16 >> 16 != v) {
            throw c.gp(0);
        }
        int seg = i.op == Op.WRFSBASE ? Seg.FS : Seg.GS;
        c.base[seg] = v;
        c.segmentLoaded(seg);
    }

    static void swapgs(Cpu c, Insn i) {
        if (!c.mode64()) {
            throw c.ud();
        }
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        long t = c.base[Seg.GS];
        c.base[Seg.GS] = c.kernelGsBase;
        c.kernelGsBase = t;
        c.segmentLoaded(Seg.GS);
    }
}
