package dev.retrap.cpu;

/**
 * One passage through the user/kernel boundary, or one interrupt or exception taken at CPL 0 and its return, shown to a
 * {@link MachineObserver} while it happens. The machine owns the one instance and overwrites it at the next crossing:
 * an observer copies what it keeps.
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
