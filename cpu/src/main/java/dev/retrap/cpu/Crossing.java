package dev.retrap.cpu;

/**
 * One passage through the user/kernel boundary, or one interrupt or exception taken at CPL 0 and its return, shown to a
 * {@link MachineObserver} while it happens. The machine owns one instance for each kind, vector and presence of an error
 * code, and overwrites it at the next crossing like it: an observer copies what it keeps. So the instance also remembers
 * the crossing before it of its like, and tells an observer that keeps only differences where to look.
 *
 * <p>{@link #position} is that of the state <em>before</em> the crossing step, so seeking there shows the instruction
 * that is about to cross (or, for an external interrupt, the instruction before which it was taken). The state after is
 * at {@code position + 1}.
 */
public final class Crossing {
    /** How the boundary is crossed. Ordinals are part of the recording format: append, never reorder. */
    public enum Kind {
        /** INT n, incl. INT 80h. */
        INT_N(true),
        /** INT3 (CCh). */
        INT3(true),
        /** INTO with OF set. */
        INTO(true),
        /** INT1 / ICEBP (F1h). */
        ICEBP(true),
        SYSENTER(true),
        SYSCALL(true),
        /** Fault, trap or abort raised by the processor. */
        EXCEPTION(true),
        /** External, maskable interrupt. */
        INTERRUPT(true),
        NMI(true),
        /** Far CALL through a call gate to more privilege. */
        CALL_GATE(true),
        IRET(false),
        SYSEXIT(false),
        SYSRET(false),
        /** Far RET to less privilege. */
        RETF(false);

        private final boolean entry;

        Kind(boolean entry) {
            this.entry = entry;
        }

        /** True for a way into the kernel (or a nested event), false for a way out. */
        public boolean isEntry() {
            return entry;
        }
    }

    /** For the machine that reports it. */
    public Crossing() {}

    /** How. */
    public Kind kind;
    /** Steps completed before this one. */
    public long position;
    /** Modelled cycles at {@link #position}; a model, see the CPU model's cost table. */
    public long cycles;
    /** Vector 0..255 of an interrupt, exception or INT n; -1 where there is none. */
    public int vector;
    /** True if an error code was pushed. */
    public boolean hasErrorCode;
    /** The error code, 0 if none. */
    public int errorCode;
    /** Registers before, {@link Reg#CROSSING_SLOTS} of them valid, by {@link Reg#slot()}. */
    public final long[] before = new long[Reg.CROSSING_SLOTS];
    /** Registers after, likewise. */
    public final long[] after = new long[Reg.CROSSING_SLOTS];
    /**
     * Bit i is set if slot i of {@link #before} may differ from the crossing that this instance reported before; all
     * bits are set at the first after {@link Machine#setObserver}.
     */
    public long beforeChanged = ALL;
    /**
     * Bit i is clear if slot i of {@link #after} follows from the crossing that this instance reported before: equal to
     * the value {@link #before} now, if it was then, else the same as then.
     */
    public long afterChanged = ALL;

    /** A bit for each slot. */
    public static final long ALL = (1L << Reg.CROSSING_SLOTS) - 1;

    /** CR2 after the crossing (meaningful with vector 14). */
    public long cr2() {
        return after[Reg.CR2.ordinal()];
    }

    /** Value of a register before the crossing. */
    public long before(Reg r) {
        return before[r.ordinal()];
    }

    /** Value of a register after the crossing. */
    public long after(Reg r) {
        return after[r.ordinal()];
    }
}
