package dev.retrap.cpu.memory;

import dev.retrap.cpu.Watch;

/** What an access on the {@link Mmu}'s slow path may set off. Each may throw to have the instruction run again alone. */
public interface MemoryEvents {
    /** A watched range was touched, from linear address {@code address}; called before the access is made. */
    void watched(Watch watch, long address, boolean write);

    /** The guest's own watches were touched, bit n for DRn. */
    void debugged(int registers);

    /** An access is not aligned although EFLAGS.AC and CR0.AM ask for it: raises #AC. */
    void misaligned();

    /** Decoded code in a page is about to be overwritten. */
    void codeWritten(int pfn);

    /** A page that serves cached translations is about to be written. */
    void tableWritten();
}
