package dev.retrap.trace;

import dev.retrap.cpu.Reg;

/**
 * A link of the way that a value came.
 *
 * @param position of the state before the step that put the value into {@code place}; 0 if it was there at power-on
 * @param ip linear address of the instruction, or before which an interrupt or exception did it
 * @param place what got the value
 * @param kind how
 * @param text the instruction, as objdump prints it, or what it was in words
 */
public record Origin(long position, long ip, Place place, Kind kind, String text) {
    /** Where a value can be. */
    public sealed interface Place {
        /** A general register, RSP or RIP. */
        record Register(Reg reg) implements Place {}

        /**
         * Memory, through the page tables of that moment.
         *
         * @param linear address of the first byte
         * @param size bytes, at least 1
         */
        record Memory(long linear, int size) implements Place {}
    }

    /** How a value got where it was. */
    public enum Kind {
        /** Copied from where the next link says. */
        COPY,
        /** Copied by a kernel entry or exit from where the next link says. */
        CROSSING,
        /** In the instruction itself. The end. */
        CONSTANT,
        /** Made by an instruction from more than one value, or in a way that is no copy. The end. */
        COMPUTED,
        /** Read from a device. The end. */
        INPUT,
        /** Written by a debugger. The end. */
        DEBUGGER,
        /** There since power-on: from the boot image, or zero. The end. */
        START
    }
}
