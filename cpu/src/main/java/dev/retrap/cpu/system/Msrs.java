package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;

/** RDMSR, WRMSR (SDM vol. 4; AMD APM vol. 2, appendix A). A register the model does not have raises #GP(0). */
final class Msrs {
    private static final int TSC = 0x10, SYSENTER_CS = 0x174, SYSENTER_ESP = 0x175, SYSENTER_EIP = 0x176,
            EFER = 0xC0000080, STAR = 0xC0000081, LSTAR = 0xC0000082, CSTAR = 0xC0000083, FMASK = 0xC0000084,
            FS_BASE = 0xC0000100, GS_BASE = 0xC0000101, KERNEL_GS_BASE = 0xC0000102, TSC_AUX = 0xC0000103,
            XSS = 0xDA0;

    private Msrs() {}

    private static void require(Cpu c, Feature f) {
        if (!c.model.has(f)) {
            throw c.gp(0);
        }
    }

    private static long canonical(Cpu c, long v) {
        if (v << 16 >> 16 != v) {
            throw c.gp(0);
        }
        return v;
    }

    static void read(Cpu c, Insn i) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        long v = value(c, (int) c.r[1]);
        c.r32(0, (int) v);
        c.r32(2, (int) (v >>> 32));
    }

    private static long value(Cpu c, int msr) {
        switch (msr) {
            case TSC -> {
                require(c, Feature.TSC);
                return c.nanosInInsn() + c.tscOffset;
            }
            case SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP -> {
                require(c, Feature.SEP);
                return msr == SYSENTER_CS ? c.sysenterCs : msr == SYSENTER_ESP ? c.sysenterEsp : c.sysenterEip;
            }
            case EFER -> {
                require(c, Feature.SYSCALL);
                return c.efer;
            }
            case STAR -> {
                require(c, Feature.SYSCALL);
                return c.star;
            }
            case LSTAR, CSTAR, FMASK, FS_BASE, GS_BASE, KERNEL_GS_BASE -> {
                require(c, Feature.LM);
                return switch (msr) {
                    case LSTAR -> c.lstar;
                    case CSTAR -> c.cstar;
                    case FMASK -> c.fmask;
                    case FS_BASE -> c.base[Seg.FS];
                    case GS_BASE -> c.base[Seg.GS];
                    default -> c.kernelGsBase;
                };
            }
            case TSC_AUX -> {
                require(c, Feature.RDTSCP);
                return c.tscAux;
            }
            case XSS -> {
                require(c, Feature.XSAVES);
                return 0;
            }
            default -> throw c.gp(0);
        }
    }

    static void write(Cpu c, Insn i) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        long v = c.r[0] & 0xFFFFFFFFL | c.r[2] << 32;
        int msr = (int) c.r[1];
        switch (msr) {
            case TSC -> {
                require(c, Feature.TSC);
                c.tscOffset = v - c.nanosInInsn();
            }
            case SYSENTER_CS -> {
                require(c, Feature.SEP);
                c.sysenterCs = v & 0xFFFFFFFFL;
            }
            case SYSENTER_ESP, SYSENTER_EIP -> {
                require(c, Feature.SEP);
                boolean wide = c.model.has(Feature.LM) && c.model.behaviour().sysenterMsrs64();
                long kept = wide ? canonical(c, v) : v & 0xFFFFFFFFL;
                if (msr == SYSENTER_ESP) {
                    c.sysenterEsp = kept;
                } else {
                    c.sysenterEip = kept;
                }
            }
            case EFER -> writeEfer(c, v);
            case STAR -> {
                require(c, Feature.SYSCALL);
                c.star = v;
            }
            case LSTAR -> {
                require(c, Feature.LM);
                c.lstar = canonical(c, v);
            }
            case CSTAR -> {
                require(c, Feature.LM);
                c.cstar = canonical(c, v);
            }
            case FMASK -> {
                require(c, Feature.LM);
                c.fmask = v & 0xFFFFFFFFL;
            }
            case FS_BASE, GS_BASE -> {
                require(c, Feature.LM);
                int seg = msr == FS_BASE ? Seg.FS : Seg.GS;
                c.base[seg] = canonical(c, v);
                c.segmentLoaded(seg);
            }
            case KERNEL_GS_BASE -> {
                require(c, Feature.LM);
                c.kernelGsBase = canonical(c, v);
            }
            case TSC_AUX -> {
                require(c, Feature.RDTSCP);
                c.tscAux = v & 0xFFFFFFFFL;
            }
            case XSS -> {
                // There are no supervisor states.
                require(c, Feature.XSAVES);
                if (v != 0) {
                    throw c.gp(0);
                }
            }
            default -> throw c.gp(0);
        }
    }

    private static void writeEfer(Cpu c, long v) {
        require(c, Feature.SYSCALL);
        // LMA is read-only and may be written as anything.
        long allowed = c.model.eferBits() | Cpu.EFER_LMA;
        boolean lmeChanges = ((v ^ c.efer) & Cpu.EFER_LME) != 0;
        if ((v & ~allowed) != 0 || lmeChanges && (c.cr0 & Cpu.CR0_PG) != 0) {
            throw c.gp(0);
        }
        c.setControl(c.cr0, c.cr3, c.cr4, v & ~Cpu.EFER_LMA | c.efer & Cpu.EFER_LMA);
    }
}
