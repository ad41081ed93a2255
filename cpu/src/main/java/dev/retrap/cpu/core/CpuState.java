package dev.retrap.cpu.core;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/** Saving and loading the processor's state. Equal states give equal bytes, however they were reached. */
public final class CpuState {
    private CpuState() {}

    public static void save(Cpu c, StateWriter w) {
        w.tag("CPU1");
        for (int n = 0; n < 16; n++) {
            w.u64(c.r[n]);
        }
        w.u64(c.rip).u32(c.eflags());
        w.ints(c.sel).longs(c.base).ints(c.limit).ints(c.attr);
        w.u8(c.cpl).u64(c.cr0).u64(c.cr2).u64(c.cr3).u64(c.cr4).u64(c.cr8).u64(c.efer);
        w.u64(c.gdtrBase).u32(c.gdtrLimit).u64(c.idtrBase).u32(c.idtrLimit).longs(c.dr);
        w.u64(c.sysenterCs).u64(c.sysenterEsp).u64(c.sysenterEip);
        w.u64(c.star).u64(c.lstar).u64(c.cstar).u64(c.fmask).u64(c.kernelGsBase).u64(c.tscAux).u64(c.tscOffset);
        w.longs(c.paging.pdptes());
        c.fpu.save(w);
        w.u64(c.position).u64(c.cycles).u64(c.idleNanos).bool(c.halted).bool(c.shutdown);
        boolean inhibited = c.inhibitAt == c.position;
        w.bool(inhibited).bool(inhibited && c.inhibitDebug).u32(c.pendingDebug);
    }

    public static void load(Cpu c, StateReader in) {
        in.tag("CPU1");
        for (int n = 0; n < 16; n++) {
            c.r[n] = in.u64();
        }
        c.rip = in.u64();
        int flags = in.u32();
        in.ints(c.sel).longs(c.base).ints(c.limit).ints(c.attr);
        c.cpl = in.u8UpTo(3);
        long cr0 = in.u64();
        c.cr2 = in.u64();
        long cr3 = in.u64();
        long cr4 = in.u64();
        c.cr8 = in.u64();
        long efer = in.u64();
        c.gdtrBase = in.u64();
        c.gdtrLimit = in.u32();
        c.idtrBase = in.u64();
        c.idtrLimit = in.u32();
        in.longs(c.dr);
        c.sysenterCs = in.u64();
        c.sysenterEsp = in.u64();
        c.sysenterEip = in.u64();
        c.star = in.u64();
        c.lstar = in.u64();
        c.cstar = in.u64();
        c.fmask = in.u64();
        c.kernelGsBase = in.u64();
        c.tscAux = in.u64();
        c.tscOffset = in.u64();
        in.longs(c.paging.pdptes());
        c.fpu.load(in);
        c.position = in.u64();
        c.cycles = in.u64();
        c.idleNanos = in.u64();
        c.halted = in.bool();
        c.shutdown = in.bool();
        boolean inhibited = in.bool();
        c.inhibitDebug = in.bool();
        c.inhibitAt = inhibited ? c.position : -1;
        c.pendingDebug = in.u32();
        c.setArith(flags);
        c.flagRest = flags & 0x3F7700;
        c.setControl(cr0, cr3, cr4, efer);
    }
}
