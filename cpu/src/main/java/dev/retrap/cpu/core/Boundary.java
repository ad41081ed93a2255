package dev.retrap.cpu.core;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Reg;
import java.util.Arrays;

/**
 * Reports crossings of the user/kernel boundary to the observer, if there is one. Registers are compared with those of
 * the last crossing of the same kind and vector while they are looked at, which costs no more than to copy them, and
 * saves whoever records them from doing so.
 */
public final class Boundary {
    private static final int VECTORS = 257;
    private static final int RSP = Reg.RSP.ordinal();
    private static final int RIP = Reg.RIP.ordinal();
    private static final int RFLAGS = Reg.RFLAGS.ordinal();
    private static final int ES = Reg.ES.ordinal();
    private static final int FS_BASE = Reg.FS_BASE.ordinal();
    private static final int GS_BASE = Reg.GS_BASE.ordinal();
    private static final int KERNEL_GS_BASE = Reg.KERNEL_GS_BASE.ordinal();
    private static final int SS_ATTR = Reg.SS_ATTR.ordinal();
    private static final int CR2 = Reg.CR2.ordinal();
    private static final int CR3 = Reg.CR3.ordinal();
    private static final int CPL = Reg.CPL.ordinal();
    /** What a crossing leaves alone that is no task switch; SYSCALL also loads RCX and R11. */
    private static final long LEFT_ALONE = (1 << 16) - 1 & ~(1L << RSP) | 1L << KERNEL_GS_BASE | 1L << CR3;

    /** By kind, vector and error code, as far as they have been seen. */
    private final Crossing[] crossings = new Crossing[Crossing.Kind.values().length * VECTORS * 2];
    private Crossing crossing;
    private long flagRes;
    private int flagAux;
    private MachineObserver observer;
    /** The observer is told of crossings. */
    private boolean collects;
    private boolean stopAtCrossings;
    private boolean crossed;

    /** Null for none. */
    public void setObserver(MachineObserver o) {
        observer = o;
        collects = o != null && o.wantsCrossings();
        Arrays.fill(crossings, null);
    }

    public MachineObserver observer() {
        return observer;
    }

    /** If on, {@link #takeCrossed} tells of each crossing. */
    public void stopAtCrossings(boolean on) {
        stopAtCrossings = on;
        crossed = false;
    }

    /** True once after a crossing while {@link #stopAtCrossings} is on. */
    public boolean takeCrossed() {
        boolean b = crossed;
        crossed = false;
        return b;
    }

    /** A crossing without vector and error code begins. */
    public void begin(Cpu c, Crossing.Kind kind, long ip, long position) {
        begin(c, kind, -1, false, 0, ip, position);
    }

    /**
     * A crossing begins: keeps the state before. It may still come to nothing.
     *
     * @param ip RIP before, which the engine may already have moved
     * @param position position of the state before
     */
    public void begin(Cpu c, Crossing.Kind kind, int vector, boolean hasError, int error, long ip, long position) {
        if (collects) {
            Crossing x = crossings[(kind.ordinal() * VECTORS + vector + 1) * 2 + (hasError ? 1 : 0)];
            if (x == null) {
                x = first(kind, vector, hasError);
            }
            crossing = x;
            x.position = position;
            x.cycles = c.cycles;
            x.errorCode = error;
            flagRes = c.flagRes;
            flagAux = c.flagAux;
            x.beforeChanged |= before(c, x.before, ip);
        }
    }

    private Crossing first(Crossing.Kind kind, int vector, boolean hasError) {
        Crossing x = new Crossing();
        x.kind = kind;
        x.vector = vector;
        x.hasErrorCode = hasError;
        crossings[(kind.ordinal() * VECTORS + vector + 1) * 2 + (hasError ? 1 : 0)] = x;
        return x;
    }

    /** The crossing is complete: reports it. */
    public void end(Cpu c, Crossing.Kind kind) {
        ended(c, kind);
        if (collects) {
            Crossing x = crossing;
            report(x, x.afterChanged | after(c, x, kind == Crossing.Kind.SYSCALL));
        }
    }

    /** The crossing is complete and has loaded all registers, as a task switch does. */
    public void endTask(Cpu c, Crossing.Kind kind) {
        ended(c, kind);
        if (collects) {
            Crossing x = crossing;
            before(c, x.after, c.rip);
            x.beforeChanged = Crossing.ALL;
            report(x, Crossing.ALL);
            x.beforeChanged = Crossing.ALL; // what was loaded now is left alone next time
            x.afterChanged = Crossing.ALL;
        }
    }

    private void ended(Cpu c, Crossing.Kind kind) {
        c.cycles += c.model.costs().crossing(kind);
        if (stopAtCrossings) {
            crossed = true;
            c.attention();
        }
    }

    private void report(Crossing x, long afterChanged) {
        x.afterChanged = afterChanged;
        observer.crossing(x);
        x.beforeChanged = 0;
        x.afterChanged = 0;
    }

    /** Copies the registers of now; a bit for each slot that was another. */
    private static long before(Cpu c, long[] b, long ip) {
        long[] r = c.r;
        long m = put(b, 0, r[0]) | put(b, 1, r[1]) | put(b, 2, r[2]) | put(b, 3, r[3])
                | put(b, 4, r[4]) | put(b, 5, r[5]) | put(b, 6, r[6]) | put(b, 7, r[7])
                | put(b, RIP, ip) | put(b, RFLAGS, c.eflags() & 0xFFFFFFFFL);
        if (stackDiffers(c, b) | dataDiffers(c, b) | (c.kernelGsBase ^ b[KERNEL_GS_BASE] | c.cr3 ^ b[CR3]) != 0) {
            m |= loaded(c, b) | put(b, KERNEL_GS_BASE, c.kernelGsBase) | put(b, CR3, c.cr3);
        }
        return c.registers64 ? m | high(r, b) : m;
    }

    /** Likewise the registers after, of which those left alone are as before. */
    private long after(Cpu c, Crossing x, boolean syscall) {
        long[] a = x.after;
        long m = put(a, RSP, c.r[4]) | put(a, RIP, c.rip) | put(a, RFLAGS, flagsAfter(c, x.before[RFLAGS]));
        if (stackDiffers(c, a) | dataDiffers(c, a)) {
            m |= loaded(c, a);
        }
        long changed = x.beforeChanged;
        for (long left = changed & LEFT_ALONE; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            a[i] = x.before[i];
        }
        if (syscall) {
            m |= put(a, 1, c.r[1]) | put(a, 11, c.r[11]) | changed & (1 << 1 | 1 << 11);
        }
        return m | changed & ~LEFT_ALONE;
    }

    /** EFLAGS; most crossings leave the arithmetic flags as they were, which need not be made of their lazy form again. */
    private long flagsAfter(Cpu c, long before) {
        int f = c.flagRes == flagRes && c.flagAux == flagAux ? (int) before & Flags.ARITH | 2 | c.flagRest : c.eflags();
        return f & 0xFFFFFFFFL;
    }

    private static long high(long[] r, long[] b) {
        return put(b, 8, r[8]) | put(b, 9, r[9]) | put(b, 10, r[10]) | put(b, 11, r[11])
                | put(b, 12, r[12]) | put(b, 13, r[13]) | put(b, 14, r[14]) | put(b, 15, r[15]);
    }

    private static boolean stackDiffers(Cpu c, long[] b) {
        return (c.sel[Seg.CS] ^ b[ES + Seg.CS] | c.sel[Seg.SS] ^ b[ES + Seg.SS] | c.attr[Seg.SS] ^ b[SS_ATTR]
                | c.cpl ^ b[CPL] | c.cr2 ^ b[CR2]) != 0;
    }

    private static boolean dataDiffers(Cpu c, long[] b) {
        int[] sel = c.sel;
        return (sel[Seg.ES] ^ b[ES] | sel[Seg.DS] ^ b[ES + Seg.DS] | sel[Seg.FS] ^ b[ES + Seg.FS]
                | sel[Seg.GS] ^ b[ES + Seg.GS] | c.base[Seg.FS] ^ b[FS_BASE] | c.base[Seg.GS] ^ b[GS_BASE]) != 0;
    }

    private static long loaded(Cpu c, long[] b) {
        long m = 0;
        for (int s = 0; s < 6; s++) {
            m |= put(b, ES + s, c.sel[s]);
        }
        return m | put(b, FS_BASE, c.base[Seg.FS]) | put(b, GS_BASE, c.base[Seg.GS]) | put(b, SS_ATTR, c.attr[Seg.SS])
                | put(b, CR2, c.cr2) | put(b, CPL, c.cpl);
    }

    private static long put(long[] into, int slot, long v) {
        if (into[slot] == v) {
            return 0;
        }
        into[slot] = v;
        return 1L << slot;
    }
}
