package dev.retrap.cpu.simd;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.core.Cpu;

/** Where makers part in what this package does. */
final class Vendors {
    private Vendors() {}

    private static boolean amd(Cpu c) {
        return c.model.vendor() == CpuModel.Vendor.AMD;
    }

    /**
     * FXSAVE and XSAVE store the x87 pointers and opcode as 0 unless FSW.ES is set (Zen 5); if false they are always
     * stored (SDM vol. 2, FXSAVE).
     */
    static boolean savesPointersOnError(Cpu c) {
        return amd(c);
    }

    /**
     * CVTPI2PS with a source in memory leaves the x87 state alone, as CVTPI2PD does for all (Zen 5); if false it is a
     * change to MMX like any (SDM vol. 2, CVTPI2PS).
     */
    static boolean convertsFromMemoryWithoutMmx(Cpu c) {
        return amd(c);
    }
}
