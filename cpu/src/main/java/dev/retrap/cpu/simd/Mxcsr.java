package dev.retrap.cpu.simd;

import dev.retrap.cpu.SystemFeature;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;

/** MXCSR: which of its bits exist, LDMXCSR, STMXCSR (SDM vol. 1, 10.2.3 and 11.6.6). */
final class Mxcsr {
    /** Value after power-on, and the initial state of XRSTOR. */
    static final int INITIAL = 0x1F80;
    private static final int ALL = 0xFFFF;
    /** Misaligned exception mask (APM vol. 1, 4.2.2). */
    static final int MM = 1 << 17;
    private static final int WITHOUT_DAZ = 0xFFBF;

    private Mxcsr() {}

    /** The bits that software may set. DAZ came with SSE2, MM is AMD's. */
    static int mask(Cpu c) {
        if (!c.model.has(Feature.SSE2)) {
            return WITHOUT_DAZ;
        }
        return c.model.has(SystemFeature.MISALIGN_SSE) ? ALL | MM : ALL;
    }

    /** MXCSR_MASK as FXSAVE stores it: processors without DAZ say 0. */
    static int savedMask(Cpu c) {
        return c.model.has(Feature.SSE2) ? mask(c) : 0;
    }

    /** #GP(0) if a reserved bit is set. */
    static int checked(Cpu c, int v) {
        if ((v & ~mask(c)) != 0) {
            throw c.gp(0);
        }
        return v;
    }

    static void load(Cpu c, Insn n) {
        Access.sse(c);
        c.fpu.mxcsr = checked(c, c.ld32(n.seg, c.ea(n)));
    }

    static void store(Cpu c, Insn n) {
        Access.sse(c);
        c.st32(n.seg, c.ea(n), c.fpu.mxcsr);
    }
}
