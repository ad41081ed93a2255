package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;

/**
 * XSAVE and its kin for the components that there are, x87 and SSE, both in the legacy region (SDM vol. 1, chapter 13).
 * A component is in use if it differs from its initial state, whatever was done to it. IA32_XSS has no bits, so XSAVES
 * and XRSTORS have no more components than XSAVEC and XRSTOR.
 */
final class XsaveArea {
    static final long X87 = 1, SSE = 2;

    private static final int HEADER = FxArea.SIZE;
    private static final int XCOMP_BV = HEADER + 8;
    private static final int SIZE = HEADER + 64;
    private static final long COMPACT = Long.MIN_VALUE;

    private XsaveArea() {}

    static void checkTaskSwitched(Cpu c) {
        if ((c.cr0 & Cpu.CR0_TS) != 0) {
            throw c.fault(Fault.NM);
        }
    }

    private static void checkEnabled(Cpu c) {
        if ((c.cr4 & Cpu.CR4_OSXSAVE) == 0) {
            throw c.ud();
        }
    }

    /** Linear address of an area that can be written. */
    private static long target(Cpu c, Insn n) {
        checkEnabled(c);
        checkTaskSwitched(c);
        long la = Access.aligned(c, c.writable(n.seg, c.ea(n), SIZE), 64);
        c.mmu.checkWrite(la, 1);
        c.mmu.checkWrite(FxArea.at(c, la, SIZE - 1), 1);
        return la;
    }

    /** Linear address of an area that can be read. */
    private static long source(Cpu c, Insn n) {
        checkEnabled(c);
        checkTaskSwitched(c);
        long la = Access.aligned(c, c.readable(n.seg, c.ea(n), SIZE), 64);
        c.mmu.load8(la);
        c.mmu.load8(FxArea.at(c, la, HEADER));
        return la;
    }

    private static void checkPrivileged(Cpu c) {
        checkEnabled(c);
        if (c.cpl != 0) {
            throw c.gp(0);
        }
    }

    /** The components asked for: EDX:EAX of those that XCR0 enables. */
    private static long requested(Cpu c) {
        return c.fpu.xcr0 & (c.r[2] << 32 | c.r[0] & 0xFFFFFFFFL);
    }

    private static long inUse(Cpu c) {
        return (FxArea.x87InUse(c.fpu) ? X87 : 0) | (FxArea.xmmInUse(c) ? SSE : 0);
    }

    static void save(Cpu c, Insn n) {
        save(c, n, -1L);
    }

    /** XSAVEOPT: components that are in their initial state are not written. */
    static void saveOptimized(Cpu c, Insn n) {
        save(c, n, inUse(c));
    }

    private static void save(Cpu c, Insn n, long wanted) {
        long la = target(c, n);
        long requested = requested(c);
        long header = c.mmu.load64(FxArea.at(c, la, HEADER)) & ~requested | inUse(c) & requested;
        components(c, n, la, requested & wanted);
        if ((requested & SSE) != 0) {
            FxArea.saveMxcsr(c, la);
        }
        c.mmu.store64(FxArea.at(c, la, HEADER), header);
    }

    private static void components(Cpu c, Insn n, long la, long which) {
        if ((which & X87) != 0) {
            FxArea.saveX87(c, la, FxArea.wide(n));
        }
        if ((which & SSE) != 0) {
            FxArea.saveXmm(c, la);
        }
    }

    /** XSAVEC, and XSAVES at CPL 0. */
    static void saveCompacted(Cpu c, Insn n) {
        long la = target(c, n);
        long requested = requested(c);
        // MXCSR is part of the component here.
        long used = (inUse(c) | (c.fpu.mxcsr != Mxcsr.INITIAL ? SSE : 0)) & requested;
        components(c, n, la, used);
        if ((used & SSE) != 0) {
            FxArea.saveMxcsr(c, la);
        }
        c.mmu.store64(FxArea.at(c, la, HEADER), used);
        c.mmu.store64(FxArea.at(c, la, XCOMP_BV), requested | COMPACT);
    }

    static void saveSupervisor(Cpu c, Insn n) {
        checkPrivileged(c);
        saveCompacted(c, n);
    }

    static void restore(Cpu c, Insn n) {
        long la = source(c, n);
        long layout = c.mmu.load64(FxArea.at(c, la, XCOMP_BV));
        if ((layout & COMPACT) != 0 && !compacts(c)) {
            throw c.gp(0);
        }
        restore(c, n, la, layout);
    }

    static void restoreSupervisor(Cpu c, Insn n) {
        checkPrivileged(c);
        long la = source(c, n);
        long layout = c.mmu.load64(FxArea.at(c, la, XCOMP_BV));
        if ((layout & COMPACT) == 0) {
            throw c.gp(0);
        }
        restore(c, n, la, layout);
    }

    private static boolean compacts(Cpu c) {
        return c.model.has(Feature.XSAVEC) || c.model.has(Feature.XSAVES);
    }

    private static void restore(Cpu c, Insn n, long la, long layout) {
        boolean compact = (layout & COMPACT) != 0;
        long present = c.mmu.load64(FxArea.at(c, la, HEADER));
        checkHeader(c, la, layout, present, compact);
        long requested = requested(c);
        if ((requested & SSE) != 0) {
            // The standard form loads MXCSR whether the rest of the component is there or not.
            if (!compact || (present & SSE) != 0) {
                FxArea.restoreMxcsr(c, la);
            } else {
                c.fpu.mxcsr = Mxcsr.INITIAL;
            }
            if ((present & SSE) != 0) {
                FxArea.restoreXmm(c, la);
            } else {
                FxArea.initXmm(c);
            }
        }
        if ((requested & X87) != 0) {
            if ((present & X87) != 0) {
                FxArea.restoreX87(c, la, FxArea.wide(n));
            } else {
                FxArea.initX87(c.fpu);
            }
        }
    }

    private static void checkHeader(Cpu c, long la, long layout, long present, boolean compact) {
        boolean good;
        if (compact) {
            boolean rest = true;
            for (int at = XCOMP_BV + 8; at < SIZE; at += 8) {
                rest &= c.mmu.load64(FxArea.at(c, la, at)) == 0;
            }
            good = rest && (layout & ~COMPACT & ~c.fpu.xcr0) == 0 && (present & ~layout) == 0 && present >= 0;
        } else {
            good = layout == 0 && c.mmu.load64(FxArea.at(c, la, XCOMP_BV + 8)) == 0 && (present & ~c.fpu.xcr0) == 0;
        }
        if (!good) {
            throw c.gp(0);
        }
    }

    // ---- XCR0

    static void getRegister(Cpu c, Insn n) {
        checkEnabled(c);
        int index = (int) c.r[1];
        long v;
        if (index == 0) {
            v = c.fpu.xcr0;
        } else if (index == 1 && c.model.has(Feature.XSAVEC)) {
            v = c.fpu.xcr0 & inUse(c);
        } else {
            throw c.gp(0);
        }
        c.r[0] = v & 0xFFFFFFFFL;
        c.r[2] = v >>> 32;
    }

    static void setRegister(Cpu c, Insn n) {
        checkPrivileged(c);
        long v = c.r[2] << 32 | c.r[0] & 0xFFFFFFFFL;
        // x87 cannot be left out; there is nothing beyond SSE.
        if ((int) c.r[1] != 0 || (v & X87) == 0 || (v & ~supported(c)) != 0) {
            throw c.gp(0);
        }
        c.fpu.xcr0 = v;
    }

    private static long supported(Cpu c) {
        return X87 | (c.model.has(Feature.SSE) ? SSE : 0);
    }
}
