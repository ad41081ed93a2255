package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** MASKMOVQ and MASKMOVDQU: the bytes whose mask has its top bit set go to seg:rDI. */
final class MaskedStores {
    private static final int DI = 7;

    private MaskedStores() {}

    static Exec bind(Op op) {
        return op == Op.MASKMOVQ ? MaskedStores::quadword : MaskedStores::doubleQuadword;
    }

    private static long address(Cpu c, Insn n, int size) {
        long mask = n.addrSize == 64 ? -1L : n.addrSize == 32 ? 0xFFFFFFFFL : 0xFFFFL;
        return c.writable(n.seg, c.r[DI] & mask, size);
    }

    private static void quadword(Cpu c, Insn n) {
        Access.mmx(c);
        // Stays if the store faults (Zen 5).
        Access.toMmx(c.fpu);
        long la = address(c, n, 8);
        long mask = c.fpu.significand[n.r1];
        c.mmu.checkWrite(la, 8);
        store(c, la, c.fpu.significand[n.r0], mask);
    }

    private static void doubleQuadword(Cpu c, Insn n) {
        Access.sse(c);
        long la = address(c, n, 16);
        long[] x = c.fpu.xmm;
        int d = n.r0 << 1;
        int s = n.r1 << 1;
        c.mmu.checkWrite(la, 16);
        store(c, la, x[d], x[s]);
        store(c, la + 8, x[d + 1], x[s + 1]);
    }

    private static void store(Cpu c, long la, long v, long mask) {
        for (int k = 0; k < 8; k++) {
            if ((mask >>> 8 * k & 0x80) != 0) {
                c.mmu.store8(c.paging.wrap(la + k), (int) (v >>> 8 * k));
            }
        }
    }
}
