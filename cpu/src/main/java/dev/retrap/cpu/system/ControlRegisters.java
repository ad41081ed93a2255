package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;

/** MOV CRn, LMSW, SMSW, CLTS, INVLPG, cache control (SDM vol. 2; vol. 3, 2.5). */
final class ControlRegisters {
    private static final long CR0_DEFINED = 0xE005003FL;

    private ControlRegisters() {}

    private static void supervisor(Cpu c) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
    }

    static void movFrom(Cpu c, Insn i) {
        supervisor(c);
        long v = switch (i.r1) {
            case 0 -> c.cr0;
            case 2 -> c.cr2;
            case 3 -> c.cr3;
            case 4 -> cr4(c);
            case 8 -> cr8(c);
            default -> throw c.ud();
        };
        c.r[i.r0] = c.mode64() ? v : v & 0xFFFFFFFFL;
    }

    private static long cr4(Cpu c) {
        if (!c.model.has(Feature.CPUID)) {
            throw c.ud();
        }
        return c.cr4;
    }

    private static long cr8(Cpu c) {
        if (!c.mode64()) {
            throw c.ud();
        }
        return c.cr8;
    }

    static void movTo(Cpu c, Insn i) {
        supervisor(c);
        long v = c.mode64() ? c.r[i.r1] : c.r[i.r1] & 0xFFFFFFFFL;
        switch (i.r0) {
            case 0 -> setCr0(c, v);
            case 2 -> c.cr2 = v;
            case 3 -> setCr3(c, v);
            case 4 -> setCr4(c, v);
            case 8 -> {
                if (!c.mode64()) {
                    throw c.ud();
                }
                if ((v & ~15L) != 0) {
                    throw c.gp(0);
                }
                c.cr8 = v;
            }
            default -> throw c.ud();
        }
    }

    private static void setCr0(Cpu c, long v) {
        if ((v & Cpu.CR0_PG) != 0 && (v & Cpu.CR0_PE) == 0
                || (v & 1 << 29) != 0 && (v & 1 << 30) == 0
                || v >>> 32 != 0) {
            throw c.gp(0);
        }
        long value = v & CR0_DEFINED | Cpu.CR0_ET;
        long newEfer = c.efer;
        boolean on = (value & ~c.cr0 & Cpu.CR0_PG) != 0;
        boolean off = (c.cr0 & ~value & Cpu.CR0_PG) != 0;
        if (on && (c.efer & Cpu.EFER_LME) != 0) {
            if ((c.cr4 & Cpu.CR4_PAE) == 0 || (c.attr[Seg.CS] & Seg.L) != 0) {
                throw c.gp(0);
            }
            newEfer |= Cpu.EFER_LMA;
        }
        if (off) {
            if (c.mode64()) {
                throw c.gp(0);
            }
            newEfer &= ~Cpu.EFER_LMA;
        }
        if ((value & Cpu.CR0_PG) != 0 && (c.cr4 & Cpu.CR4_PAE) != 0 && (newEfer & Cpu.EFER_LMA) == 0
                && ((value ^ c.cr0) & (Cpu.CR0_PG | 3 << 29)) != 0
                && !c.paging.loadPdptes(c.cr3)) {
            throw c.gp(0);
        }
        boolean toReal = (c.cr0 & ~value & Cpu.CR0_PE) != 0;
        c.setControl(value, c.cr3, c.cr4, newEfer);
        if (toReal) {
            c.setCpl(0);
        }
    }

    private static void setCr3(Cpu c, long v) {
        if (c.longMode() ? (v & 0xFFF0000000000000L) != 0 : v >>> 32 != 0) {
            throw c.gp(0);
        }
        if (c.paging.pae() && !c.paging.loadPdptes(v)) {
            throw c.gp(0);
        }
        c.setControl(c.cr0, v, c.cr4, c.efer);
    }

    private static void setCr4(Cpu c, long v) {
        if ((v & ~c.model.cr4Bits()) != 0 || c.longMode() && (v & Cpu.CR4_PAE) == 0) {
            throw c.gp(0);
        }
        long changed = v ^ c.cr4;
        if ((c.cr0 & Cpu.CR0_PG) != 0 && (v & Cpu.CR4_PAE) != 0 && !c.longMode()
                && (changed & (Cpu.CR4_PAE | Cpu.CR4_PSE | Cpu.CR4_PGE)) != 0
                && !c.paging.loadPdptes(c.cr3)) {
            throw c.gp(0);
        }
        c.setControl(c.cr0, c.cr3, v, c.efer);
    }

    static void lmsw(Cpu c, Insn i) {
        supervisor(c);
        int v = i.mem() ? c.ld16(i.seg, c.ea(i)) : c.r16(i.r0);
        // PE can be set but not cleared.
        setCr0(c, c.cr0 & ~14L | v & 15);
    }

    static void smsw(Cpu c, Insn i) {
        DescriptorTables.checkUmip(c);
        if (i.mem()) {
            c.st16(i.seg, c.ea(i), (int) c.cr0);
        } else {
            switch (i.opSize) {
                case 16 -> c.r16(i.r0, (int) c.cr0);
                case 32 -> c.r32(i.r0, (int) c.cr0);
                default -> c.r[i.r0] = c.cr0;
            }
        }
    }

    static void clts(Cpu c, Insn i) {
        supervisor(c);
        c.cr0 &= ~Cpu.CR0_TS;
    }

    static void invlpg(Cpu c, Insn i) {
        supervisor(c);
        // Translations never go stale (see Mmu); dropping them all has no other effect.
        c.mmu.flush();
    }

    static void cache(Cpu c, Insn i) {
        supervisor(c);
    }
}
