package dev.retrap.cpu.transfer;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;

/**
 * Delivery of interrupts and exceptions through the IDT in every mode (SDM vol. 3, chapter 6; vol. 2, INT n; 20.1.4 for
 * real mode; 20.3 for virtual-8086).
 *
 * <p>Each {@code deliver} either completes or throws a {@link Fault} with registers unchanged.
 */
public final class Interrupts {
    private Interrupts() {}

    /**
     * Delivers one event.
     *
     * @param kind what it is, for the record; INT_N, INT3 and INTO are checked against the gate's DPL
     * @param ip RIP of the state before the event
     * @param returnIp RIP to save
     * @param savedFlags EFLAGS to save (RF as the event demands)
     * @param position position of the state before
     */
    public static void deliver(Cpu c, Crossing.Kind kind, int vector, boolean hasError, int error, long ip, long returnIp,
            int savedFlags, long position) {
        c.boundary.begin(c, kind, vector, hasError && c.protectedMode(), error, ip, position);
        boolean task = false;
        if (kind == Crossing.Kind.EXCEPTION && vector == Fault.PF) {
            c.cr2 = c.faultAddress;
        }
        if (!c.protectedMode()) {
            real(c, kind, vector, returnIp, savedFlags);
        } else if (c.longMode()) {
            longMode(c, kind, vector, hasError, error, returnIp, savedFlags);
        } else {
            task = protectedMode(c, kind, vector, hasError, error, returnIp, savedFlags);
        }
        if (task) {
            c.boundary.endTask(c, kind);
            c.attention();
        } else {
            c.boundary.end(c, kind);
        }
        c.halted = false;
        c.attentionIfDue();
    }

    private static boolean software(Crossing.Kind kind) {
        return kind == Crossing.Kind.INT_N || kind == Crossing.Kind.INT3 || kind == Crossing.Kind.INTO;
    }

    private static void real(Cpu c, Crossing.Kind kind, int vector, long returnIp, int savedFlags) {
        if (vector * 4 + 3 > c.idtrLimit) {
            throw c.fault(Fault.GP, vector * 8 + 2 | (software(kind) ? 0 : 1));
        }
        long entry = c.mmu.systemLoad(c.paging.wrap(c.idtrBase + vector * 4L), 4);
        long sp = c.sp();
        int[] words = {savedFlags, c.sel[Seg.CS], (int) returnIp};
        for (int w = 0; w < 3; w++) {
            c.st16(Seg.SS, sp - 2 * (w + 1) & c.stackMask(), words[w]);
        }
        c.sp(sp - 6);
        Descriptors.fillReal(c, Seg.CS, (int) (entry >>> 16));
        c.rip = entry & 0xFFFF;
        clearFlags(c, Flags.IF | Flags.TF | Flags.AC | Flags.RF);
        c.modeChanged();
    }

    /** True if it was a task switch. */
    private static boolean protectedMode(Cpu c, Crossing.Kind kind, int vector, boolean hasError, int error, long returnIp,
            int savedFlags) {
        int ext = software(kind) ? 0 : 1;
        int gateError = vector * 8 + 2 | ext;
        if (vector * 8 + 7 > c.idtrLimit) {
            throw c.gp(gateError);
        }
        long gate = c.mmu.systemLoad(c.paging.wrap(c.idtrBase + vector * 8L), 8);
        int a = Descriptors.attr(gate);
        int type = a & (Seg.S | Seg.TYPE);
        if (type != 5 && type != 6 && type != 7 && type != 0xE && type != 0xF) {
            throw c.gp(gateError);
        }
        if (software(kind) && Seg.dpl(a) < c.cpl) {
            throw c.gp(gateError);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, gateError);
        }
        if (type == 5) {
            TaskSwitch.toGate(c, (int) (gate >>> 16) & 0xFFFF, ext, returnIp, savedFlags);
            if (hasError) {
                c.push((c.attr[Seg.TR] & 8) != 0 ? 32 : 16, error);
            }
            return true;
        }
        boolean wide = (type & 8) != 0;
        long target = wide ? gate & 0xFFFF | gate >>> 32 & 0xFFFF0000L : gate & 0xFFFF;
        int selector = (int) (gate >>> 16) & 0xFFFF;
        if ((selector & 0xFFFC) == 0) {
            throw c.gp(ext);
        }
        long code = Descriptors.read(c, selector, Fault.GP, ext);
        int ca = Descriptors.attr(code);
        int dpl = Seg.dpl(ca);
        if ((ca & (Seg.S | Seg.CODE)) != (Seg.S | Seg.CODE) || dpl > c.cpl) {
            throw c.gp(selector & 0xFFFC | ext);
        }
        if ((ca & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC | ext);
        }
        int size = wide ? 4 : 2;
        boolean v86 = c.v86();
        boolean inner = (ca & Seg.DC) == 0 && dpl < c.cpl;
        if (v86 && !(inner && dpl == 0)) {
            throw c.gp(selector & 0xFFFC | ext);
        }
        checkLimit(c, code, target, ext);
        if (inner) {
            InnerStack s = InnerStack.fromTss(c, dpl, ext);
            int words = 5 + (v86 ? 4 : 0) + (hasError ? 1 : 0);
            Frame f = Frame.at(c, s.esp(), s.mask(), s.base(), s.limit(), s.attr(), words * size, dpl == 3,
                    s.selector() & 0xFFFC | ext);
            if (v86) {
                f.push(size, c.sel[Seg.GS]);
                f.push(size, c.sel[Seg.FS]);
                f.push(size, c.sel[Seg.DS]);
                f.push(size, c.sel[Seg.ES]);
            }
            f.push(size, c.sel[Seg.SS]);
            f.push(size, c.r[4]);
            pushReturn(c, f, size, savedFlags, returnIp, hasError, error);
            Descriptors.mark(c, selector, code, Seg.ACCESSED);
            s.markAccessed(c);
            clearFlags(c, flagsToClear(type));
            if (v86) {
                for (int seg : V86_DATA) {
                    Descriptors.fillNull(c, seg, 0);
                    c.segmentLoaded(seg);
                }
            }
            c.cpl = dpl;
            s.load(c);
            c.r[4] = s.esp() & ~s.mask() | f.sp();
            Descriptors.setCode(c, selector, code, dpl);
        } else {
            Frame f = Frame.onCurrentStack(c, (3 + (hasError ? 1 : 0)) * size);
            pushReturn(c, f, size, savedFlags, returnIp, hasError, error);
            Descriptors.mark(c, selector, code, Seg.ACCESSED);
            clearFlags(c, flagsToClear(type));
            c.sp(f.sp());
            Descriptors.setCode(c, selector, code, c.cpl);
        }
        c.rip = target;
        return false;
    }

    private static final int[] V86_DATA = {Seg.ES, Seg.DS, Seg.FS, Seg.GS};

    private static void pushReturn(Cpu c, Frame f, int size, int savedFlags, long returnIp, boolean hasError, int error) {
        f.push(size, savedFlags);
        f.push(size, c.sel[Seg.CS]);
        f.push(size, returnIp);
        if (hasError) {
            f.push(size, error);
        }
    }

    private static int flagsToClear(int type) {
        int f = Flags.TF | Flags.NT | Flags.RF | Flags.VM;
        return (type & 1) == 0 ? f | Flags.IF : f;
    }

    private static void clearFlags(Cpu c, int bits) {
        c.flagRest &= ~bits;
    }

    private static void checkLimit(Cpu c, long code, long target, int ext) {
        int limit = Seg.limitOf((int) code, (int) (code >>> 32));
        if (Long.compareUnsigned(target, limit & 0xFFFFFFFFL) > 0) {
            throw c.gp(ext);
        }
    }

    private static void longMode(Cpu c, Crossing.Kind kind, int vector, boolean hasError, int error, long returnIp,
            int savedFlags) {
        int ext = software(kind) ? 0 : 1;
        int gateError = vector * 8 + 2 | ext;
        if (vector * 16 + 15 > c.idtrLimit) {
            throw c.gp(gateError);
        }
        long gate = c.mmu.systemLoad(c.idtrBase + vector * 16L, 8);
        long upper = c.mmu.systemLoad(c.idtrBase + vector * 16L + 8, 8);
        int a = Descriptors.attr(gate);
        int type = a & (Seg.S | Seg.TYPE);
        if (type != 0xE && type != 0xF) {
            throw c.gp(gateError);
        }
        if (software(kind) && Seg.dpl(a) < c.cpl) {
            throw c.gp(gateError);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, gateError);
        }
        int selector = (int) (gate >>> 16) & 0xFFFF;
        if ((selector & 0xFFFC) == 0) {
            throw c.gp(ext);
        }
        long code = Descriptors.read(c, selector, Fault.GP, ext);
        int ca = Descriptors.attr(code);
        int dpl = Seg.dpl(ca);
        if ((ca & (Seg.S | Seg.CODE)) != (Seg.S | Seg.CODE) || dpl > c.cpl || (ca & (Seg.L | Seg.DB)) != Seg.L) {
            throw c.gp(selector & 0xFFFC | ext);
        }
        if ((ca & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC | ext);
        }
        long target = gate & 0xFFFF | gate >>> 32 & 0xFFFF0000L | upper << 32;
        int ist = (int) (gate >>> 32) & 7;
        boolean inner = (ca & Seg.DC) == 0 && dpl < c.cpl;
        int newCpl = inner ? dpl : c.cpl;
        long rsp;
        if (ist != 0) {
            rsp = InnerStack.tss64(c, 0x24 + 8 * (ist - 1), ext);
        } else if (inner) {
            rsp = InnerStack.tss64(c, 4 + 8 * dpl, ext);
        } else {
            rsp = c.mode64() ? c.r[4] : c.r[4] & c.stackMask();
        }
        long sp = rsp & ~15L;
        int words = hasError ? 6 : 5;
        long bottom = sp - 8L * words;
        if (bottom << 16 >> 16 != bottom || sp - 1 << 16 >> 16 != sp - 1) {
            throw c.fault(Fault.SS, ext);
        }
        if (target << 16 >> 16 != target) {
            throw c.gp(ext);
        }
        boolean user = newCpl == 3;
        c.mmu.checkWrite(bottom, 8 * words, user);
        long at = sp;
        c.mmu.storeAs(at -= 8, c.sel[Seg.SS], 8, user);
        c.mmu.storeAs(at -= 8, c.mode64() ? c.r[4] : c.r[4] & 0xFFFFFFFFL, 8, user);
        c.mmu.storeAs(at -= 8, savedFlags & 0xFFFFFFFFL, 8, user);
        c.mmu.storeAs(at -= 8, c.sel[Seg.CS], 8, user);
        c.mmu.storeAs(at -= 8, returnIp, 8, user);
        if (hasError) {
            c.mmu.storeAs(at -= 8, error & 0xFFFFFFFFL, 8, user);
        }
        Descriptors.mark(c, selector, code, Seg.ACCESSED);
        clearFlags(c, flagsToClear(type));
        c.cpl = newCpl;
        if (inner || ist != 0) {
            // Also without a change of CPL (SDM vol. 3, 6.14.5).
            Descriptors.nullStack(c, newCpl);
        }
        c.r[4] = at;
        Descriptors.setCode(c, selector, code, newCpl);
        c.rip = target;
    }
}
