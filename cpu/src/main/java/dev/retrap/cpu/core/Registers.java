package dev.retrap.cpu.core;

import dev.retrap.cpu.Reg;

/** Registers by name, as a debugger sees and sets them, and the state a boot loader leaves. */
public final class Registers {
    private static final int BUSY_TSS_32 = 0xB;
    private static final int TSS_32_LIMIT = 0x67;

    private Registers() {}

    /** As PVH hands over: what Multiboot does, and a 32-bit TSS (Xen docs/misc/pvh.pandoc). */
    public static void pvh(Cpu c, int entry, int ebx) {
        multiboot(c, entry, 0, ebx);
        c.attr[Seg.TR] = Seg.P | BUSY_TSS_32;
        c.limit[Seg.TR] = TSS_32_LIMIT;
    }

    /** 32-bit protected mode with flat segments, paging off, as Multiboot 1 hands over (Multiboot 0.6.96, 3.2). */
    public static void multiboot(Cpu c, int entry, int eax, int ebx) {
        int data = Seg.P | Seg.S | Seg.RW | Seg.ACCESSED | Seg.DB | Seg.G;
        for (int s = 0; s < 6; s++) {
            c.sel[s] = s == Seg.CS ? 8 : 16;
            c.base[s] = 0;
            c.limit[s] = -1;
            c.attr[s] = s == Seg.CS ? data | Seg.CODE : data;
        }
        c.attr[Seg.LDTR] = Seg.UNUSABLE;
        c.attr[Seg.TR] = Seg.UNUSABLE;
        c.r32(0, eax);
        c.r32(3, ebx);
        c.rip = entry & 0xFFFFFFFFL;
        c.setEflags(2);
        c.setControl(Cpu.CR0_PE | Cpu.CR0_ET, 0, 0, 0);
        c.setCpl(0);
    }

    /** Value of a register, zero-extended to 64 bits. */
    public static long get(Cpu c, Reg r) {
        int n = r.ordinal();
        if (n < 16) {
            return c.r[n];
        }
        return switch (r) {
            case RIP -> c.rip;
            case RFLAGS -> c.eflags() & 0xFFFFFFFFL;
            case ES, CS, SS, DS, FS, GS -> c.sel[n - Reg.ES.ordinal()];
            case FS_BASE -> c.base[Seg.FS];
            case GS_BASE -> c.base[Seg.GS];
            case KERNEL_GS_BASE -> c.kernelGsBase;
            case SS_ATTR -> c.attr[Seg.SS];
            case CR0 -> c.cr0;
            case CR2 -> c.cr2;
            case CR3 -> c.cr3;
            case CR4 -> c.cr4;
            case CR8 -> c.cr8;
            case CPL -> c.cpl;
            case EFER -> c.efer;
            case ES_BASE -> c.base[Seg.ES];
            case CS_BASE -> c.base[Seg.CS];
            case SS_BASE -> c.base[Seg.SS];
            case DS_BASE -> c.base[Seg.DS];
            case ES_LIMIT, CS_LIMIT, SS_LIMIT, DS_LIMIT, FS_LIMIT, GS_LIMIT ->
                c.limit[n - Reg.ES_LIMIT.ordinal()] & 0xFFFFFFFFL;
            case ES_ATTR -> c.attr[Seg.ES];
            case CS_ATTR -> c.attr[Seg.CS];
            case DS_ATTR -> c.attr[Seg.DS];
            case FS_ATTR -> c.attr[Seg.FS];
            case GS_ATTR -> c.attr[Seg.GS];
            case LDTR -> c.sel[Seg.LDTR];
            case LDTR_BASE -> c.base[Seg.LDTR];
            case LDTR_LIMIT -> c.limit[Seg.LDTR] & 0xFFFFFFFFL;
            case LDTR_ATTR -> c.attr[Seg.LDTR];
            case TR -> c.sel[Seg.TR];
            case TR_BASE -> c.base[Seg.TR];
            case TR_LIMIT -> c.limit[Seg.TR] & 0xFFFFFFFFL;
            case TR_ATTR -> c.attr[Seg.TR];
            case GDTR_BASE -> c.gdtrBase;
            case GDTR_LIMIT -> c.gdtrLimit;
            case IDTR_BASE -> c.idtrBase;
            case IDTR_LIMIT -> c.idtrLimit;
            case DR0, DR1, DR2, DR3 -> c.dr[n - Reg.DR0.ordinal()];
            case DR6 -> c.dr[6];
            case DR7 -> c.dr[7];
            case SYSENTER_CS -> c.sysenterCs;
            case SYSENTER_ESP -> c.sysenterEsp;
            case SYSENTER_EIP -> c.sysenterEip;
            case STAR -> c.star;
            case LSTAR -> c.lstar;
            case CSTAR -> c.cstar;
            case FMASK -> c.fmask;
            case TSC_AUX -> c.tscAux;
            case TSC -> c.nanos() + c.tscOffset;
            default -> throw new AssertionError(r);
        };
    }

    /** Sets a register without the checks an instruction would make. */
    public static void set(Cpu c, Reg r, long v) {
        int n = r.ordinal();
        if (n < 16) {
            c.r[n] = c.longMode() ? v : v & 0xFFFFFFFFL;
            return;
        }
        switch (r) {
            case RIP -> c.rip = c.mode64() ? v : v & 0xFFFFFFFFL;
            case RFLAGS -> c.setEflags((int) v);
            case ES, CS, SS, DS, FS, GS -> setSelector(c, n - Reg.ES.ordinal(), (int) v & 0xFFFF);
            case FS_BASE -> {
                c.base[Seg.FS] = v;
                c.segmentLoaded(Seg.FS);
            }
            case GS_BASE -> {
                c.base[Seg.GS] = v;
                c.segmentLoaded(Seg.GS);
            }
            case KERNEL_GS_BASE -> c.kernelGsBase = v;
            case CR0 -> c.setControl(v, c.cr3, c.cr4, c.efer);
            case CR2 -> c.cr2 = v;
            case CR3 -> c.setControl(c.cr0, v, c.cr4, c.efer);
            case CR4 -> c.setControl(c.cr0, c.cr3, v, c.efer);
            case EFER -> c.setControl(c.cr0, c.cr3, c.cr4, v);
            case DR0, DR1, DR2, DR3 -> {
                c.dr[n - Reg.DR0.ordinal()] = v;
                c.debugChanged();
            }
            case DR6 -> c.dr[6] = v;
            case DR7 -> {
                c.dr[7] = v;
                c.debugChanged();
            }
            case SYSENTER_CS -> c.sysenterCs = v;
            case SYSENTER_ESP -> c.sysenterEsp = v;
            case SYSENTER_EIP -> c.sysenterEip = v;
            case STAR -> c.star = v;
            case LSTAR -> c.lstar = v;
            case CSTAR -> c.cstar = v;
            case FMASK -> c.fmask = v;
            case TSC_AUX -> c.tscAux = v;
            default -> throw new IllegalArgumentException("register " + r.label() + " cannot be written");
        }
    }

    private static void setSelector(Cpu c, int seg, int selector) {
        if (!c.isProtected()) {
            Descriptors.fillReal(c, seg, selector);
        } else if ((selector & 0xFFFC) == 0) {
            Descriptors.fillNull(c, seg, selector);
        } else {
            try {
                Descriptors.fill(c, seg, selector, Descriptors.read(c, selector, Fault.GP, 0));
            } catch (Fault unreadable) {
                throw new IllegalArgumentException(
                        String.format("selector %04x is outside its descriptor table", selector), unreadable);
            }
        }
        c.segmentLoaded(seg);
    }
}
