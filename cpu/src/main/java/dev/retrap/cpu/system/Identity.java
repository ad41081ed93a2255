package dev.retrap.cpu.system;

import dev.retrap.cpu.CpuModel.CpuidLeaf;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import java.util.List;

/** CPUID, RDTSC, RDTSCP, RDPMC, RDPID. */
final class Identity {
    private Identity() {}

    static void cpuid(Cpu c, Insn i) {
        CpuidLeaf l = leaf(c, (int) c.r[0], (int) c.r[1]);
        c.r32(0, l.eax());
        c.r32(3, l.ebx());
        c.r32(1, l.ecx() | dynamicEcx(c, l));
        c.r32(2, l.edx() & ~hiddenEdx(c, l));
    }

    /** Intel shows SYSCALL in 64-bit mode only (SDM vol. 2, CPUID, leaf 80000001H). */
    private static int hiddenEdx(Cpu c, CpuidLeaf l) {
        return l.leaf() == 0x80000001 && c.model.behaviour().cpuidSyscallIn64BitModeOnly() && !c.mode64() ? 1 << 11 : 0;
    }

    /** Bits that follow the state: OSXSAVE mirrors CR4. */
    private static int dynamicEcx(Cpu c, CpuidLeaf l) {
        return l.leaf() == 1 && (c.cr4 & Cpu.CR4_OSXSAVE) != 0 ? 1 << 27 : 0;
    }

    private static CpuidLeaf leaf(Cpu c, int leaf, int subleaf) {
        List<CpuidLeaf> all = c.model.cpuid();
        CpuidLeaf highest = null;
        boolean known = false;
        for (CpuidLeaf l : all) {
            if (l.leaf() == leaf) {
                known = true;
                if (l.subleaf() == -1 || l.subleaf() == subleaf) {
                    return l;
                }
            }
            if (l.leaf() >= 0) {
                highest = l;
            }
        }
        // Intel answers a leaf above the highest basic one with the data of the highest (SDM vol. 2, CPUID).
        if (!known && c.model.behaviour().cpuidRepeatsHighestLeaf() && highest != null
                && Integer.compareUnsigned(leaf, highest.leaf()) > 0) {
            return highest;
        }
        return new CpuidLeaf(leaf, subleaf, 0, 0, 0, 0);
    }

    static void rdtsc(Cpu c, Insn i) {
        if ((c.cr4 & Cpu.CR4_TSD) != 0 && c.cpl != 0) {
            throw c.gp(0);
        }
        long t = c.nanosInInsn() + c.tscOffset;
        c.r32(0, (int) t);
        c.r32(2, (int) (t >>> 32));
        if (i.op == Op.RDTSCP) {
            c.r32(1, (int) c.tscAux);
        }
    }

    static void rdpmc(Cpu c, Insn i) {
        if ((c.cr4 & Cpu.CR4_PCE) == 0 && c.cpl != 0 || c.r32(1) != 0) {
            throw c.gp(0);
        }
        // Counter 0 counts retired instructions; no event select is modelled.
        c.r32(0, (int) (c.position - 1));
        c.r32(2, (int) (c.position - 1 >>> 32) & 0xFF);
    }

    static void rdpid(Cpu c, Insn i) {
        c.r[i.r0] = c.model.has(Feature.RDPID) ? c.tscAux : 0;
    }
}
