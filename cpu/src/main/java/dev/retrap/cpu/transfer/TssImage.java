package dev.retrap.cpu.transfer;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;

/**
 * The task state kept in a TSS (SDM vol. 3, figures 8-2 and 8-10).
 *
 * @param registers EAX ECX EDX EBX ESP EBP ESI EDI
 * @param selectors ES CS SS DS FS GS
 */
record TssImage(long cr3, long ip, int flags, long[] registers, int[] selectors, int ldt, int trap) {
    static TssImage read(Cpu c, long at, boolean wide) {
        long[] regs = new long[8];
        int[] sels = new int[6];
        int word = wide ? 4 : 2;
        int ipAt = wide ? 0x20 : 0x0E;
        long ip = load(c, at + ipAt, word);
        int flags = (int) load(c, at + ipAt + word, word);
        for (int n = 0; n < 8; n++) {
            regs[n] = load(c, at + ipAt + word * (2L + n), word) | (wide ? 0 : 0xFFFF0000L);
        }
        int selAt = wide ? 0x48 : 0x22;
        int count = wide ? 6 : 4;
        for (int n = 0; n < count; n++) {
            sels[n] = (int) load(c, at + selAt + (long) word * n, 2);
        }
        int ldt = (int) load(c, at + (wide ? 0x60 : 0x2A), 2);
        long cr3 = wide ? load(c, at + 0x1C, 4) : c.cr3;
        int trap = wide ? (int) load(c, at + 0x64, 2) & 1 : 0;
        return new TssImage(cr3, ip, flags, regs, sels, ldt, trap);
    }

    static void save(Cpu c, long at, boolean wide, long ip, int flags) {
        int word = wide ? 4 : 2;
        int ipAt = wide ? 0x20 : 0x0E;
        store(c, at + ipAt, ip, word);
        store(c, at + ipAt + word, flags, word);
        for (int n = 0; n < 8; n++) {
            store(c, at + ipAt + word * (2L + n), c.r[n], word);
        }
        int selAt = wide ? 0x48 : 0x22;
        int count = wide ? 6 : 4;
        for (int n = 0; n < count; n++) {
            store(c, at + selAt + (long) word * n, c.sel[n], 2);
        }
    }

    private static long load(Cpu c, long at, int size) {
        return c.mmu.systemLoad(c.paging.wrap(at), size);
    }

    private static void store(Cpu c, long at, long v, int size) {
        c.mmu.systemStore(c.paging.wrap(at), v, size);
    }

    /** Becomes the state of the processor; segment faults are raised in the new task's context (#TS, #NP, #SS). */
    void load(Cpu c, int newFlags, boolean wide) {
        for (int n = 0; n < 8; n++) {
            c.r[n] = registers[n] & 0xFFFFFFFFL;
        }
        c.rip = ip;
        c.setEflags(wide ? newFlags : c.eflags() & ~0xFFFF | newFlags & 0xFFFF);
        for (int n = 0; n < 6; n++) {
            c.sel[n] = selectors[n];
            c.attr[n] = Seg.UNUSABLE;
        }
        loadLdt(c);
        if ((newFlags & Flags.VM) != 0 && wide) {
            for (int n = 0; n < 6; n++) {
                Descriptors.fillReal(c, n, selectors[n]);
            }
            c.setCpl(3);
        } else {
            int cs = selectors[Seg.CS];
            c.cpl = cs & 3;
            loadCode(c, cs);
            loadStack(c, selectors[Seg.SS]);
            for (int n : new int[] {Seg.ES, Seg.DS, Seg.FS, Seg.GS}) {
                loadData(c, n, selectors[n]);
            }
            c.modeChanged();
        }
        if (trap != 0) {
            c.pendingDebug |= 1 << 15;
        }
        if (Long.compareUnsigned(c.rip, c.limit[Seg.CS] & 0xFFFFFFFFL) > 0) {
            throw c.gp(0);
        }
    }

    private void loadLdt(Cpu c) {
        c.sel[Seg.LDTR] = ldt;
        c.attr[Seg.LDTR] = Seg.UNUSABLE;
        if ((ldt & 0xFFFC) != 0) {
            if ((ldt & 4) != 0) {
                throw c.fault(Fault.TS, ldt & 0xFFFC);
            }
            long d = Descriptors.read(c, ldt, Fault.TS, 0);
            int a = Descriptors.attr(d);
            if ((a & (Seg.S | Seg.TYPE)) != 2 || (a & Seg.P) == 0) {
                throw c.fault(Fault.TS, ldt & 0xFFFC);
            }
            Descriptors.fill(c, Seg.LDTR, ldt, d);
        }
    }

    private static void loadCode(Cpu c, int cs) {
        if ((cs & 0xFFFC) == 0) {
            throw c.fault(Fault.TS, 0);
        }
        long d = Descriptors.read(c, cs, Fault.TS, 0);
        int a = Descriptors.attr(d);
        boolean conforming = (a & Seg.DC) != 0;
        if ((a & (Seg.S | Seg.CODE)) != (Seg.S | Seg.CODE)
                || (conforming ? Seg.dpl(a) > (cs & 3) : Seg.dpl(a) != (cs & 3))) {
            throw c.fault(Fault.TS, cs & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, cs & 0xFFFC);
        }
        Descriptors.mark(c, cs, d, Seg.ACCESSED);
        Descriptors.fill(c, Seg.CS, cs, d);
        c.modeChanged();
    }

    private static void loadStack(Cpu c, int ss) {
        if ((ss & 0xFFFC) == 0) {
            throw c.fault(Fault.TS, 0);
        }
        long d = Descriptors.read(c, ss, Fault.TS, 0);
        int a = Descriptors.attr(d);
        if ((ss & 3) != c.cpl || Seg.dpl(a) != c.cpl || (a & (Seg.S | Seg.CODE | Seg.RW)) != (Seg.S | Seg.RW)) {
            throw c.fault(Fault.TS, ss & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.SS, ss & 0xFFFC);
        }
        Descriptors.mark(c, ss, d, Seg.ACCESSED);
        Descriptors.fill(c, Seg.SS, ss, d);
    }

    private static void loadData(Cpu c, int seg, int selector) {
        if ((selector & 0xFFFC) == 0) {
            Descriptors.fillNull(c, seg, selector);
            return;
        }
        long d = Descriptors.read(c, selector, Fault.TS, 0);
        int a = Descriptors.attr(d);
        boolean code = (a & Seg.CODE) != 0;
        boolean conforming = code && (a & Seg.DC) != 0;
        if ((a & Seg.S) == 0 || code && (a & Seg.RW) == 0
                || !conforming && ((selector & 3) > Seg.dpl(a) || c.cpl > Seg.dpl(a))) {
            throw c.fault(Fault.TS, selector & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC);
        }
        Descriptors.mark(c, selector, d, Seg.ACCESSED);
        Descriptors.fill(c, seg, selector, d);
    }
}
