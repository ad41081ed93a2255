package dev.retrap.cpu.memory;

import dev.retrap.cpu.Watch;

/** What an access on the {@link Mmu}'s slow path may set off. Each may throw to have the instruction run again alone. */
public interface MemoryEvents {
    /** A watched range was touched, from linear address {@code address}; called before the access is made. */
    void watched(Watch watch, long address, boolean write);

    /** Decoded code in a page is about to be overwritten. */
    void codeWritten(int pfn);

    /** A page that serves cached translations is about to be written. */
    void tableWritten();
}
