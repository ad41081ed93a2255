package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** LGDT, LIDT, SGDT, SIDT, LLDT, LTR, SLDT, STR (SDM vol. 2). */
final class DescriptorTables {
    private DescriptorTables() {}

    /** #GP(0) if UMIP forbids the instruction. */
    static void checkUmip(Cpu c) {
        if ((c.cr4 & Cpu.CR4_UMIP) != 0 && c.cpl != 0) {
            throw c.gp(0);
        }
    }

    static void load(Cpu c, Insn i) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        long ea = c.ea(i);
        int limit = c.ld16(i.seg, ea);
        long at = ea + 2;
        long base;
        if (c.mode64()) {
            base = c.ld64(i.seg, at);
            if (base << 16 >> 16 != base) {
                throw c.gp(0);
            }
        } else {
            base = c.ld32(i.seg, at & 0xFFFFFFFFL) & (i.opSize == 16 ? 0xFFFFFFL : 0xFFFFFFFFL);
        }
        if (i.op == Op.LGDT) {
            c.gdtrBase = base;
            c.gdtrLimit = limit;
        } else {
            c.idtrBase = base;
            c.idtrLimit = limit;
        }
    }

    static void store(Cpu c, Insn i) {
        checkUmip(c);
        long ea = c.ea(i);
        boolean gdt = i.op == Op.SGDT;
        long base = gdt ? c.gdtrBase : c.idtrBase;
        int width = c.mode64() ? 8 : 4;
        // Both halves are checked before the first is written.
        c.mmu.checkWrite(c.writable(i.seg, ea + 2, width), width);
        c.st16(i.seg, ea, gdt ? c.gdtrLimit : c.idtrLimit);
        if (width == 8) {
            c.st64(i.seg, ea + 2, base);
        } else {
            c.st32(i.seg, ea + 2, (int) base);
        }
    }

    private static int operand(Cpu c, Insn i) {
        return i.mem() ? c.ld16(i.seg, c.ea(i)) : c.r16(i.r0);
    }

    static void lldt(Cpu c, Insn i) {
        int selector = privileged(c, i);
        if ((selector & 0xFFFC) == 0) {
            c.sel[Seg.LDTR] = selector;
            c.attr[Seg.LDTR] = Seg.UNUSABLE;
            return;
        }
        long d = system(c, selector);
        int a = Descriptors.attr(d);
        if ((a & (Seg.S | Seg.TYPE)) != 2) {
            throw c.gp(selector & 0xFFFC);
        }
        fill(c, Seg.LDTR, selector, d, a);
    }

    static void ltr(Cpu c, Insn i) {
        int selector = privileged(c, i);
        if ((selector & 0xFFFC) == 0) {
            throw c.gp(0);
        }
        long d = system(c, selector);
        int a = Descriptors.attr(d);
        int type = a & (Seg.S | Seg.TYPE);
        if (type != 9 && (type != 1 || c.longMode())) {
            throw c.gp(selector & 0xFFFC);
        }
        fill(c, Seg.TR, selector, d, a);
        c.attr[Seg.TR] |= 2;
        Descriptors.mark(c, selector, d, 2);
    }

    private static int privileged(Cpu c, Insn i) {
        if (!c.isProtected()) {
            throw c.ud();
        }
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        return operand(c, i);
    }

    private static long system(Cpu c, int selector) {
        if ((selector & 4) != 0) {
            throw c.gp(selector & 0xFFFC);
        }
        return Descriptors.read(c, selector, Fault.GP, 0);
    }

    private static void fill(Cpu c, int seg, int selector, long d, int a) {
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC);
        }
        long upper = c.longMode() ? Descriptors.readUpper(c, selector, Fault.GP, 0) : 0;
        if ((upper >>> 40 & 0x1F) != 0) {
            throw c.gp(selector & 0xFFFC);
        }
        Descriptors.fill(c, seg, selector, d);
        c.base[seg] |= upper << 32;
    }

    static void storeSelector(Cpu c, Insn i) {
        if (!c.isProtected()) {
            throw c.ud();
        }
        checkUmip(c);
        int v = c.sel[i.op == Op.SLDT ? Seg.LDTR : Seg.TR];
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
}
