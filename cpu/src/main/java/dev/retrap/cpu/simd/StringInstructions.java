package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of PCMPESTRI, PCMPESTRM, PCMPISTRI and PCMPISTRM. Memory need not be aligned. */
final class StringInstructions {
    private static final int CF = 1, ZF = 0x40, SF = 0x80, OF = 0x800;
    private static final int AX = 0, CX = 1, DX = 2;

    private StringInstructions() {}

    static Exec bind(Op op) {
        return switch (op) {
            case PCMPESTRI -> (c, n) -> run(c, n, true, true);
            case PCMPESTRM -> (c, n) -> run(c, n, true, false);
            case PCMPISTRI -> (c, n) -> run(c, n, false, true);
            case PCMPISTRM -> (c, n) -> run(c, n, false, false);
            default -> null;
        };
    }

    private static void run(Cpu c, Insn n, boolean explicit, boolean index) {
        Access.sse(c);
        long[] x = c.fpu.xmm;
        long bLo;
        long bHi;
        if (n.memAt < 0) {
            bLo = x[n.r1 << 1];
            bHi = x[(n.r1 << 1) + 1];
        } else {
            long la = c.readable(n.seg, c.ea(n), 16);
            bLo = c.mmu.load64(la);
            bHi = c.mmu.load64(Access.second(c, la));
        }
        long aLo = x[n.r0 << 1];
        long aHi = x[(n.r0 << 1) + 1];
        int imm = (int) n.imm;
        int aLength;
        int bLength;
        if (explicit) {
            boolean wide = (n.rex & 8) != 0;
            aLength = StringCompare.explicitLength(wide ? c.r[AX] : (int) c.r[AX], imm);
            bLength = StringCompare.explicitLength(wide ? c.r[DX] : (int) c.r[DX], imm);
        } else {
            aLength = StringCompare.implicitLength(aLo, aHi, imm);
            bLength = StringCompare.implicitLength(bLo, bHi, imm);
        }
        int result = StringCompare.compare(aLo, aHi, aLength, bLo, bHi, bLength, imm);
        int all = StringCompare.elements(imm);
        c.setArith((result != 0 ? CF : 0) | (bLength < all ? ZF : 0) | (aLength < all ? SF : 0)
                | ((result & 1) != 0 ? OF : 0));
        if (index) {
            c.r[CX] = StringCompare.index(result, imm);
        } else if ((imm & 0x40) != 0) {
            x[0] = StringCompare.expanded(result, imm, 0);
            x[1] = StringCompare.expanded(result, imm, 1);
        } else {
            x[0] = result;
            x[1] = 0;
        }
    }
}
