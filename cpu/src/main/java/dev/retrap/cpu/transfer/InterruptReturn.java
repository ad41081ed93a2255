package dev.retrap.cpu.transfer;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/** IRET in every mode (SDM vol. 2, IRET/IRETD/IRETQ). */
public final class InterruptReturn {
    private InterruptReturn() {}

    public static void iret(Cpu c, Insn i) {
        if (!c.protectedMode()) {
            real(c, i);
            c.attention();
        } else if (c.v86()) {
            v86(c, i);
            c.attention();
        } else {
            protectedMode(c, i);
        }
    }

    private static void real(Cpu c, Insn i) {
        int size = i.opSize;
        int n = size >> 3;
        long ip = c.peek(size, 0);
        int cs = (int) c.peek(size, n) & 0xFFFF;
        int flags = (int) c.peek(size, 2 * n);
        if (ip > 0xFFFF) {
            throw c.gp(0);
        }
        c.boundary.begin(c, Crossing.Kind.IRET, i.ip, c.position - 1);
        c.sp(c.r[4] + 3 * n);
        Descriptors.fillReal(c, Seg.CS, cs);
        c.modeChanged();
        c.rip = ip;
        int kept = Flags.VM | Flags.VIF | Flags.VIP;
        c.setEflags(size == 16 ? c.eflags() & ~0xFFFF | flags & 0xFFFF : flags & ~kept | c.eflags() & kept);
        c.boundary.end(c, Crossing.Kind.IRET);
    }

    private static void v86(Cpu c, Insn i) {
        if (c.iopl() < 3) {
            throw c.gp(0);
        }
        int size = i.opSize;
        int n = size >> 3;
        long ip = c.peek(size, 0);
        int cs = (int) c.peek(size, n) & 0xFFFF;
        int flags = (int) c.peek(size, 2 * n);
        if (ip > 0xFFFF) {
            throw c.gp(0);
        }
        c.sp(c.r[4] + 3 * n);
        Descriptors.fillReal(c, Seg.CS, cs);
        c.modeChanged();
        c.rip = ip;
        int kept = Flags.VM | Flags.IOPL | Flags.VIF | Flags.VIP;
        int mask = (size == 16 ? 0xFFFF : -1) & ~kept;
        c.setEflags(c.eflags() & ~mask | flags & mask);
    }

    private static void protectedMode(Cpu c, Insn i) {
        if (c.flag(Flags.NT)) {
            if (c.longMode()) {
                throw c.gp(0);
            }
            c.boundary.begin(c, Crossing.Kind.IRET, i.ip, c.position - 1);
            TaskSwitch.back(c, i);
            c.boundary.endTask(c, Crossing.Kind.IRET);
            c.attention();
            return;
        }
        int size = i.opSize;
        int n = size >> 3;
        // The order in which a Zen reads the slots; a fault's CR2 shows it.
        int flags = (int) c.peek(size, 2 * n);
        int cs = (int) c.peek(size, n) & 0xFFFF;
        long ip = c.peek(size, 0);
        boolean stackRead = c.mode64();
        int ss = stackRead ? (int) c.peek(size, 4 * n) & 0xFFFF : 0;
        long sp = stackRead ? c.peek(size, 3 * n) : 0;
        if (size == 32 && (flags & Flags.VM) != 0 && c.cpl == 0 && !c.longMode()) {
            toV86(c, i, ip, cs, flags);
            return;
        }
        if ((cs & 0xFFFC) == 0) {
            throw c.gp(0);
        }
        long code = Descriptors.read(c, cs, Fault.GP, 0);
        int a = Descriptors.attr(code);
        int rpl = cs & 3;
        boolean conforming = (a & Seg.DC) != 0;
        if ((a & (Seg.S | Seg.CODE)) != (Seg.S | Seg.CODE)
                || rpl < c.cpl
                || (conforming ? Seg.dpl(a) > rpl : Seg.dpl(a) != rpl)
                || c.longMode() && (a & (Seg.L | Seg.DB)) == (Seg.L | Seg.DB)) {
            throw c.gp(cs & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, cs & 0xFFFC);
        }
        boolean to64 = c.longMode() && (a & Seg.L) != 0;
        if (to64 && ip << 16 >> 16 != ip) {
            // Zen looks at this before the stack segment.
            throw c.gp(0);
        }
        boolean withStack = rpl > c.cpl || c.mode64();
        long stack = 0;
        boolean nullStack = false;
        if (withStack) {
            if (!stackRead) {
                ss = (int) c.peek(size, 4 * n) & 0xFFFF;
                sp = c.peek(size, 3 * n);
            }
            if ((ss & 0xFFFC) == 0) {
                nullStack = to64 && rpl < 3 && (ss & 3) == rpl;
                if (!nullStack) {
                    throw c.gp(0);
                }
            } else {
                stack = checkStack(c, ss, rpl);
            }
        }
        checkLimit(c, ip, code, to64);
        c.boundary.begin(c, Crossing.Kind.IRET, i.ip, c.position - 1);
        int old = c.cpl;
        int newFlags = popped(c, flags, size);
        Descriptors.mark(c, cs, code, Seg.ACCESSED);
        if (withStack) {
            if (!nullStack) {
                Descriptors.mark(c, ss, stack, Seg.ACCESSED);
            }
            c.cpl = rpl;
            if (nullStack) {
                Descriptors.nullStack(c, ss);
            } else {
                Descriptors.fill(c, Seg.SS, ss, stack);
            }
            Descriptors.setCode(c, cs, code, rpl);
            loadSp(c, sp, size);
        } else {
            c.sp(c.r[4] + 3 * n);
            Descriptors.setCode(c, cs, code, rpl);
        }
        c.rip = ip;
        if (rpl > old) {
            Outer.dropDataSegments(c);
        }
        c.setEflags(newFlags);
        if (old != 3) {
            c.boundary.end(c, Crossing.Kind.IRET);
        }
    }

    /** RSP after a return that popped it: only SP if the new stack is a 16-bit one, the rest keeps the kernel's bits. */
    private static void loadSp(Cpu c, long sp, int size) {
        if (c.mode64() || size == 64 && c.longMode() && c.stackMask() != 0xFFFF) {
            c.r[4] = c.mode64() ? sp : sp & 0xFFFFFFFFL;
        } else {
            c.sp(sp);
        }
    }

    private static long checkStack(Cpu c, int ss, int rpl) {
        long stack = Descriptors.read(c, ss, Fault.GP, 0);
        int a = Descriptors.attr(stack);
        if ((ss & 3) != rpl || Seg.dpl(a) != rpl || (a & (Seg.S | Seg.CODE | Seg.RW)) != (Seg.S | Seg.RW)) {
            throw c.gp(ss & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.SS, ss & 0xFFFC);
        }
        return stack;
    }

    private static void checkLimit(Cpu c, long ip, long code, boolean to64) {
        long limit = Seg.limitOf((int) code, (int) (code >>> 32)) & 0xFFFFFFFFL;
        if (!to64 && Long.compareUnsigned(ip, limit) > 0) {
            throw c.gp(0);
        }
    }

    /** EFLAGS after popping an image at the present privilege. */
    private static int popped(Cpu c, int image, int size) {
        int mask = Flags.ARITH | Flags.TF | Flags.DF | Flags.NT;
        if (size != 16) {
            mask |= Flags.RF | Flags.AC | Flags.ID;
        }
        if (c.cpl <= c.iopl()) {
            mask |= Flags.IF;
        }
        if (c.cpl == 0) {
            mask |= Flags.IOPL;
            if (size != 16) {
                mask |= Flags.VIF | Flags.VIP;
            }
        }
        return c.eflags() & ~mask | image & mask;
    }

    private static void toV86(Cpu c, Insn i, long ip, int cs, int flags) {
        long sp = c.peek(32, 12);
        int[] selectors = new int[6];
        for (int w = 4; w < 9; w++) {
            selectors[w - 4] = (int) c.peek(32, 4 * w) & 0xFFFF;
        }
        if (ip > 0xFFFF) {
            throw c.gp(0);
        }
        c.boundary.begin(c, Crossing.Kind.IRET, i.ip, c.position - 1);
        c.setEflags(flags);
        Descriptors.fillReal(c, Seg.CS, cs);
        Descriptors.fillReal(c, Seg.SS, selectors[0]);
        Descriptors.fillReal(c, Seg.ES, selectors[1]);
        Descriptors.fillReal(c, Seg.DS, selectors[2]);
        Descriptors.fillReal(c, Seg.FS, selectors[3]);
        Descriptors.fillReal(c, Seg.GS, selectors[4]);
        c.r[4] = sp;
        c.rip = ip & 0xFFFF;
        c.setCpl(3);
        c.boundary.end(c, Crossing.Kind.IRET);
        c.attention();
    }
}
