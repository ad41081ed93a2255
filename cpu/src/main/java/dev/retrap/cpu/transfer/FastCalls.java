package dev.retrap.cpu.transfer;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/**
 * SYSENTER, SYSEXIT, SYSCALL, SYSRET (SDM vol. 2; AMD APM vol. 3). They load fixed flat segments without reading
 * descriptors.
 */
public final class FastCalls {
    private static final int CODE_ATTR = Seg.P | Seg.S | Seg.CODE | Seg.RW | Seg.ACCESSED;
    private static final int DATA_ATTR = Seg.P | Seg.S | Seg.RW | Seg.ACCESSED;

    private FastCalls() {}

    public static void sysenter(Cpu c, Insn i) {
        if (c.longMode() && !c.model.behaviour().sysenterInLongMode()) {
            throw c.ud();
        }
        if (!c.protectedMode() || (c.sysenterCs & 0xFFFC) == 0) {
            throw c.gp(0);
        }
        c.boundary.begin(c, Crossing.Kind.SYSENTER, i.ip, c.position - 1);
        boolean lm = c.longMode();
        c.flagRest &= ~(Flags.VM | Flags.IF);
        flat(c, Seg.CS, (int) c.sysenterCs & 0xFFFC, CODE_ATTR | Seg.G | (lm ? Seg.L : Seg.DB), 0);
        flat(c, Seg.SS, ((int) c.sysenterCs & 0xFFFC) + 8, DATA_ATTR | Seg.G | Seg.DB, 0);
        c.r[4] = lm ? c.sysenterEsp : c.sysenterEsp & 0xFFFFFFFFL;
        c.rip = lm ? c.sysenterEip : c.sysenterEip & 0xFFFFFFFFL;
        c.cpl = 0;
        c.codeAndStackChanged();
        c.boundary.end(c, Crossing.Kind.SYSENTER);
        c.attentionIfDue();
    }

    public static void sysexit(Cpu c, Insn i) {
        if (c.longMode() && !c.model.behaviour().sysenterInLongMode()) {
            throw c.ud();
        }
        if (!c.protectedMode() || (c.sysenterCs & 0xFFFC) == 0 || c.cpl != 0) {
            throw c.gp(0);
        }
        boolean wide = i.opSize == 64 && c.mode64();
        if (wide && (!canonical(c.r[1]) || !canonical(c.r[2]))) {
            throw c.gp(0);
        }
        c.boundary.begin(c, Crossing.Kind.SYSEXIT, i.ip, c.position - 1);
        int selector = ((int) c.sysenterCs & 0xFFFC) + (wide ? 32 : 16);
        flat(c, Seg.CS, selector | 3, CODE_ATTR | Seg.G | Seg.DPL | (wide ? Seg.L : Seg.DB), 3);
        flat(c, Seg.SS, selector + 8 | 3, DATA_ATTR | Seg.G | Seg.DB | Seg.DPL, 3);
        c.r[4] = wide ? c.r[1] : c.r[1] & 0xFFFFFFFFL;
        c.rip = wide ? c.r[2] : c.r[2] & 0xFFFFFFFFL;
        c.cpl = 3;
        c.codeAndStackChanged();
        c.boundary.end(c, Crossing.Kind.SYSEXIT);
        c.attentionIfDue();
    }

    public static void syscall(Cpu c, Insn i) {
        if ((c.efer & Cpu.EFER_SCE) == 0
                || !c.mode64() && !c.model.behaviour().syscallOutside64BitMode()
                || !c.protectedMode()) {
            throw c.ud();
        }
        c.boundary.begin(c, Crossing.Kind.SYSCALL, i.ip, c.position - 1);
        boolean lm = c.longMode();
        int selector = (int) (c.star >>> 32) & 0xFFFC;
        if (lm) {
            boolean from64 = c.mode64();
            c.r[1] = i.next;
            c.r[11] = c.eflags() & ~Flags.RF & 0xFFFFFFFFL;
            c.rip = from64 ? c.lstar : c.cstar;
            int f = c.eflags() & ~(int) c.fmask & ~Flags.RF;
            c.setArith(f);
            c.flagRest = f & 0x3F7700 & ~Flags.VM;
        } else {
            c.r[1] = i.next & 0xFFFFFFFFL;
            c.rip = c.star & 0xFFFFFFFFL;
            c.flagRest &= ~(Flags.IF | Flags.VM | Flags.RF);
        }
        flat(c, Seg.CS, selector, CODE_ATTR | Seg.G | (lm ? Seg.L : Seg.DB), 0);
        flat(c, Seg.SS, selector + 8, DATA_ATTR | Seg.G | Seg.DB, 0);
        c.cpl = 0;
        c.codeAndStackChanged();
        c.boundary.end(c, Crossing.Kind.SYSCALL);
        c.attentionIfDue();
    }

    public static void sysret(Cpu c, Insn i) {
        if ((c.efer & Cpu.EFER_SCE) == 0
                || !c.mode64() && !c.model.behaviour().syscallOutside64BitMode()) {
            throw c.ud();
        }
        if (!c.protectedMode() || c.cpl != 0) {
            throw c.gp(0);
        }
        boolean wide = i.opSize == 64 && c.mode64();
        if (wide && !canonical(c.r[1]) && c.model.behaviour().sysretChecksRcx()) {
            throw c.gp(0);
        }
        c.boundary.begin(c, Crossing.Kind.SYSRET, i.ip, c.position - 1);
        int selector = (int) (c.star >>> 48);
        int ssAttr = c.attr[Seg.SS];
        long ssBase = c.base[Seg.SS];
        int ssLimit = c.limit[Seg.SS];
        int cs = wide ? selector + 16 : selector;
        flat(c, Seg.CS, cs | 3, CODE_ATTR | Seg.G | Seg.DPL | (wide ? Seg.L : Seg.DB), 3);
        flat(c, Seg.SS, selector + 8 | 3, DATA_ATTR | Seg.G | Seg.DB | Seg.DPL, 3);
        if (!c.model.behaviour().sysretLoadsSsAttributes()) {
            // AMD sets the selector (and DPL through CPL) only; base, limit and the rest stay as the kernel left them.
            c.attr[Seg.SS] = ssAttr;
            c.base[Seg.SS] = ssBase;
            c.limit[Seg.SS] = ssLimit;
        }
        c.rip = wide ? c.r[1] : c.r[1] & 0xFFFFFFFFL;
        c.cpl = 3;
        if (c.longMode()) {
            c.setEflags((int) c.r[11] & ~(Flags.RF | Flags.VM) & 0x3F7FD7);
            if (c.flag(Flags.TF)) {
                // Unlike after IRET and POPF, the trap comes before the next instruction.
                c.pendingDebug |= 1 << 14;
            }
        } else {
            c.flagRest |= Flags.IF;
        }
        c.cpl = 3;
        c.codeAndStackChanged();
        c.boundary.end(c, Crossing.Kind.SYSRET);
        c.attentionIfDue();
    }

    private static void flat(Cpu c, int seg, int selector, int attr, int dpl) {
        c.sel[seg] = selector & 0xFFFF;
        c.base[seg] = 0;
        c.limit[seg] = -1;
        c.attr[seg] = attr & ~Seg.DPL | dpl << 5;
    }

    private static boolean canonical(long a) {
        return a << 16 >> 16 == a;
    }
}
