package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import java.util.Optional;

/**
 * One recorded crossing of the user/kernel boundary (or an interrupt or exception within the kernel, or the return from
 * one): an <em>entry</em> or an <em>exit</em>, see {@link Crossing.Kind#isEntry()}.
 *
 * @param index number in the recording, from 0
 * @param kind how
 * @param position position before the crossing step; the state after it is at {@code position + 1}
 * @param cycles modelled cycles at {@code position}
 * @param vector vector 0..255 of an interrupt, exception or INT n; -1 where there is none
 * @param hasErrorCode whether an error code was pushed
 * @param errorCode the error code, 0 if none
 * @param before registers before, by {@link Reg#slot()}, {@link Reg#CROSSING_SLOTS} of them; not to be changed
 * @param after registers after, likewise
 * @param pair index of the exit that ends this entry, or of the entry that this exit ends; -1 if there is none (yet)
 * @param depth how many entries were open around this one: 0 for one from user mode
 * @param steps steps from the entry to its exit: those in the kernel, the exit instruction included, the entry's own
 *     step not; -1 without a pair
 * @param nestedSteps how many of {@code steps} belong to entries nested in between (their delivery and their return
 *     included)
 * @param spentCycles modelled cycles from before the entry to before its exit; -1 without a pair
 * @param nestedCycles how many of {@code spentCycles} belong to nested entries
 * @param systemCall system call number: EAX at a system call's entry, also given at its exit; -1 if it is none
 * @param ptRegs of an entry: {@code pt_regs} as the kernel's C handler was given it, if the kernel has a probe there
 * @param decision of an exit: how it was chosen, if the kernel has a probe there
 */
public record Event(
        long index,
        Crossing.Kind kind,
        long position,
        long cycles,
        int vector,
        boolean hasErrorCode,
        int errorCode,
        long[] before,
        long[] after,
        long pair,
        int depth,
        long steps,
        long nestedSteps,
        long spentCycles,
        long nestedCycles,
        long systemCall,
        Optional<PtRegs> ptRegs,
        Optional<ExitDecision> decision) {

    /** Value of a register before the crossing, zero-extended. */
    public long before(Reg r) {
        return before[r.slot()];
    }

    /** Value of a register after the crossing, zero-extended. */
    public long after(Reg r) {
        return after[r.slot()];
    }

    /** True for a way into the kernel or a nested event. */
    public boolean isEntry() {
        return kind.isEntry();
    }

    /** True if the CPU was in user mode (CPL 3) before. */
    public boolean fromUser() {
        return before(Reg.CPL) == 3;
    }

    /** True if the CPU is in user mode (CPL 3) after. */
    public boolean toUser() {
        return after(Reg.CPL) == 3;
    }

    /** True for the entry of a system call: SYSENTER, SYSCALL or INT 80h from user mode. */
    public boolean isSystemCallEntry() {
        return isSystemCall(kind, vector) && fromUser();
    }

    /** Linear address of page fault, meaningful with vector 14. */
    public long cr2() {
        return after(Reg.CR2);
    }

    /** Steps of the kernel itself for this entry, nested ones not counted; -1 without a pair. */
    public long ownSteps() {
        return steps < 0 ? -1 : steps - nestedSteps;
    }

    /** Modelled cycles of the kernel itself for this entry, nested ones not counted; -1 without a pair. */
    public long ownCycles() {
        return spentCycles < 0 ? -1 : spentCycles - nestedCycles;
    }

    /** Name as reports print it: {@code SYSENTER}, {@code INT 0x80}, {@code #PF}, {@code IRQ 0x20}, {@code IRET}. */
    public String name() {
        return name(kind, vector);
    }

    /** Name of events of a kind and vector, see {@link #name()}. */
    public static String name(Crossing.Kind kind, int vector) {
        return EventNames.name(kind, vector);
    }

    static boolean isSystemCall(Crossing.Kind kind, int vector) {
        return kind == Crossing.Kind.SYSENTER
                || kind == Crossing.Kind.SYSCALL
                || kind == Crossing.Kind.INT_N && vector == 0x80;
    }
}
