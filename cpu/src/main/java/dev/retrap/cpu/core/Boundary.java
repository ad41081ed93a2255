package dev.retrap.cpu.core;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Reg;

/** Reports crossings of the user/kernel boundary to the observer, if there is one. */
public final class Boundary {
    private final Crossing crossing = new Crossing();
    private MachineObserver observer;
    private boolean stopAtCrossings;
    private boolean crossed;

    /** Null for none. */
    public void setObserver(MachineObserver o) {
        observer = o;
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

    /**
     * A crossing begins: keeps the state before.
     *
     * @param ip RIP before, which the engine may already have moved
     * @param position position of the state before
     */
    public void begin(Cpu c, long ip, long position) {
        if (observer != null) {
            capture(c, crossing.before);
            crossing.before[Reg.RIP.ordinal()] = ip;
            crossing.position = position;
            crossing.cycles = c.cycles;
        }
    }

    /** The crossing is complete: reports it. */
    public void end(Cpu c, Crossing.Kind kind, int vector, boolean hasError, int error) {
        c.cycles += c.model.costs().crossing(kind);
        if (stopAtCrossings) {
            crossed = true;
            c.attention();
        }
        if (observer != null) {
            capture(c, crossing.after);
            crossing.kind = kind;
            crossing.vector = vector;
            crossing.hasErrorCode = hasError;
            crossing.errorCode = error;
            observer.crossing(crossing);
        }
    }

    /** The registers that every crossing records, by {@link Reg} slot. */
    public static void capture(Cpu c, long[] into) {
        System.arraycopy(c.r, 0, into, 0, 16);
        into[Reg.RIP.ordinal()] = c.rip;
        into[Reg.RFLAGS.ordinal()] = c.eflags() & 0xFFFFFFFFL;
        int at = Reg.ES.ordinal();
        for (int s = 0; s < 6; s++) {
            into[at + s] = c.sel[s];
        }
        into[Reg.FS_BASE.ordinal()] = c.base[Seg.FS];
        into[Reg.GS_BASE.ordinal()] = c.base[Seg.GS];
        into[Reg.KERNEL_GS_BASE.ordinal()] = c.kernelGsBase;
        into[Reg.SS_ATTR.ordinal()] = c.attr[Seg.SS];
        into[Reg.CR2.ordinal()] = c.cr2;
        into[Reg.CR3.ordinal()] = c.cr3;
        into[Reg.CPL.ordinal()] = c.cpl;
    }
}
