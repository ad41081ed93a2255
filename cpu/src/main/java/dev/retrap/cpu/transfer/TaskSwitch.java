package dev.retrap.cpu.transfer;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/** Hardware task switches, 16- and 32-bit TSS (SDM vol. 3, chapter 8). Not available in long mode (#GP). */
final class TaskSwitch {
    private static final int BUSY = 2;

    private enum Cause { JUMP, CALL, RETURN, GATE }

    private TaskSwitch() {}

    /** Far JMP to a TSS or task gate. */
    static void jump(Cpu c, Insn i, int selector, long descriptor) {
        direct(c, i, selector, descriptor, Cause.JUMP);
    }

    /** Far CALL to a TSS or task gate. */
    static void call(Cpu c, Insn i, int selector, long descriptor) {
        direct(c, i, selector, descriptor, Cause.CALL);
    }

    /** IRET with NT set: back to the task in the link field. */
    static void back(Cpu c, Insn i) {
        int link = (int) c.mmu.systemLoad(c.paging.wrap(c.base[Seg.TR]), 2);
        if ((link & 4) != 0) {
            throw c.fault(Fault.TS, link & 0xFFFC);
        }
        long d = Descriptors.read(c, link, Fault.TS, 0);
        int a = Descriptors.attr(d);
        if ((a & Seg.S) != 0 || (a & 7) != 3) {
            throw c.fault(Fault.TS, link & 0xFFFC);
        }
        switchTo(c, link, d, Cause.RETURN, 0, i.next, c.eflags());
    }

    /** Through a task gate in the IDT. */
    static void toGate(Cpu c, int tssSelector, int ext, long returnIp, int savedFlags) {
        switchTo(c, tssSelector, available(c, tssSelector, ext), Cause.GATE, ext, returnIp, savedFlags);
    }

    private static void direct(Cpu c, Insn i, int selector, long descriptor, Cause cause) {
        if (c.longMode()) {
            throw c.gp(selector & 0xFFFC);
        }
        int a = Descriptors.attr(descriptor);
        if (Seg.dpl(a) < c.cpl || Seg.dpl(a) < (selector & 3)) {
            throw c.gp(selector & 0xFFFC);
        }
        if ((a & Seg.TYPE) == 5) {
            if ((a & Seg.P) == 0) {
                throw c.fault(Fault.NP, selector & 0xFFFC);
            }
            int tss = (int) (descriptor >>> 16) & 0xFFFF;
            switchTo(c, tss, available(c, tss, 0), cause, 0, i.next, c.eflags());
        } else {
            switchTo(c, selector, descriptor, cause, 0, i.next, c.eflags());
        }
    }

    private static long available(Cpu c, int selector, int ext) {
        if ((selector & 4) != 0) {
            throw c.gp(selector & 0xFFFC | ext);
        }
        long d = Descriptors.read(c, selector, Fault.GP, ext);
        int type = Descriptors.attr(d) & (Seg.S | Seg.TYPE);
        if (type != 1 && type != 9) {
            throw c.gp(selector & 0xFFFC | ext);
        }
        return d;
    }

    private static void switchTo(Cpu c, int selector, long d, Cause cause, int ext, long nextIp, int flags) {
        if (!c.alone) {
            // Too much is written on the way to be taken back.
            throw c.resync();
        }
        int a = Descriptors.attr(d);
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC | ext);
        }
        boolean wide = (a & 8) != 0;
        int limit = Seg.limitOf((int) d, (int) (d >>> 32));
        if (Integer.compareUnsigned(limit, wide ? 0x67 : 0x2B) < 0) {
            throw c.fault(Fault.TS, selector & 0xFFFC | ext);
        }
        long to = Seg.baseOf((int) d, (int) (d >>> 32));
        long from = c.base[Seg.TR];
        boolean oldWide = (c.attr[Seg.TR] & 8) != 0;
        c.mmu.checkWrite(c.paging.wrap(from), oldWide ? 0x68 : 0x2C, false);
        TssImage in = TssImage.read(c, to, wide);
        int saved = flags;
        if (cause == Cause.JUMP || cause == Cause.RETURN) {
            setBusy(c, c.sel[Seg.TR], false);
        }
        if (cause == Cause.RETURN) {
            saved &= ~Flags.NT;
        }
        TssImage.save(c, from, oldWide, nextIp, saved);
        int newFlags = in.flags();
        if (cause == Cause.CALL || cause == Cause.GATE) {
            c.mmu.systemStore(c.paging.wrap(to), c.sel[Seg.TR], 2);
            newFlags |= Flags.NT;
        }
        if (cause != Cause.RETURN) {
            setBusy(c, selector, true);
        }
        // From here on faults belong to the new task.
        Descriptors.fill(c, Seg.TR, selector, d);
        c.attr[Seg.TR] |= BUSY;
        c.cr0 |= Cpu.CR0_TS;
        if ((c.cr0 & Cpu.CR0_PG) != 0 && wide && in.cr3() != c.cr3) {
            c.setControl(c.cr0, in.cr3(), c.cr4, c.efer);
        }
        in.load(c, newFlags, wide);
        c.dr[7] &= ~0x155L;
        c.debugChanged();
        c.attention();
    }

    private static void setBusy(Cpu c, int selector, boolean busy) {
        long d = Descriptors.read(c, selector, Fault.TS, 0);
        int type = (int) (d >>> 40) & 0xFF;
        Descriptors.storeType(c, selector, busy ? type | BUSY : type & ~BUSY);
    }
}
