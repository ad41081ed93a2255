package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** LAR, LSL, VERR, VERW, ARPL (SDM vol. 2; vol. 3, 5.10). */
final class SelectorQueries {
    /** System types that LAR accepts in legacy mode, by bit; LSL those that have a limit. */
    private static final int LAR_TYPES = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9 | 1 << 0xB | 1 << 0xC;
    private static final int LAR_TYPES_64 = 1 << 2 | 1 << 9 | 1 << 0xB | 1 << 0xC;
    private static final int LSL_TYPES = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 9 | 1 << 0xB;
    private static final int LSL_TYPES_64 = 1 << 2 | 1 << 9 | 1 << 0xB;

    private SelectorQueries() {}

    private static void zf(Cpu c, boolean set) {
        c.setArith(Flags.ZF, set ? Flags.ZF : 0);
    }

    /** The descriptor of a selector if it is within its table, else 0 (which no query accepts). */
    private static long lookup(Cpu c, int selector) {
        boolean local = (selector & 4) != 0;
        if ((selector & 0xFFFC) == 0 || local && (c.attr[Seg.LDTR] & Seg.UNUSABLE) != 0
                || Integer.compareUnsigned((selector & 0xFFF8) + 7, local ? c.limit[Seg.LDTR] : c.gdtrLimit) > 0) {
            return 0;
        }
        return Descriptors.read(c, selector, Fault.GP, 0);
    }

    static void query(Cpu c, Insn i) {
        if (!c.isProtected()) {
            throw c.ud();
        }
        int selector = i.mem() ? c.ld16(i.seg, c.ea(i)) : c.r16(i.r1);
        long d = lookup(c, selector);
        int a = Descriptors.attr(d);
        boolean lar = i.op == Op.LAR;
        boolean ok;
        if (d == 0) {
            ok = false;
        } else if ((a & Seg.S) != 0) {
            boolean conforming = (a & (Seg.CODE | Seg.DC)) == (Seg.CODE | Seg.DC);
            ok = conforming || Seg.dpl(a) >= c.cpl && Seg.dpl(a) >= (selector & 3);
        } else {
            int types = lar ? c.longMode() ? LAR_TYPES_64 : LAR_TYPES : c.longMode() ? LSL_TYPES_64 : LSL_TYPES;
            ok = (types & 1 << (a & Seg.TYPE)) != 0 && Seg.dpl(a) >= c.cpl && Seg.dpl(a) >= (selector & 3);
        }
        if (ok) {
            int high = (int) (d >>> 32);
            long rights = c.model.behaviour().larShowsLimit() ? 0x00FFFF00L : 0x00F0FF00L;
            long v = lar ? high & rights : Seg.limitOf((int) d, high) & 0xFFFFFFFFL;
            if (i.opSize == 16) {
                c.r16(i.r0, (int) v);
            } else {
                c.r[i.r0] = v;
            }
        }
        zf(c, ok);
    }

    static void verify(Cpu c, Insn i) {
        if (!c.isProtected()) {
            throw c.ud();
        }
        int selector = i.mem() ? c.ld16(i.seg, c.ea(i)) : c.r16(i.r0);
        long d = lookup(c, selector);
        int a = Descriptors.attr(d);
        boolean code = (a & Seg.CODE) != 0;
        boolean conforming = code && (a & Seg.DC) != 0;
        boolean ok = d != 0 && (a & Seg.S) != 0
                && (conforming || Seg.dpl(a) >= c.cpl && Seg.dpl(a) >= (selector & 3))
                && (i.op == Op.VERR ? !code || (a & Seg.RW) != 0 : !code && (a & Seg.RW) != 0);
        zf(c, ok);
    }

    static void arpl(Cpu c, Insn i) {
        if (!c.isProtected()) {
            throw c.ud();
        }
        int rpl = c.r16(i.r1) & 3;
        if (i.mem()) {
            long ea = c.ea(i);
            int v = c.rmw16(i.seg, ea);
            boolean raise = (v & 3) < rpl;
            c.st16(i.seg, ea, raise ? v & ~3 | rpl : v);
            zf(c, raise);
        } else {
            int v = c.r16(i.r0);
            boolean raise = (v & 3) < rpl;
            if (raise) {
                c.r16(i.r0, v & ~3 | rpl);
            }
            zf(c, raise);
        }
    }
}
