package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;

/**
 * A register as a target description lists it.
 *
 * @param name gdb's name
 * @param bits width; the value travels as {@code bits / 8} bytes, little-endian
 * @param type type of the description, predefined or defined in its feature
 * @param group gdb's register group, empty for gdb's own choice
 * @param source where its value comes from
 */
record Register(String name, int bits, String type, String group, Source source) {
    /** Where a value comes from. */
    sealed interface Source {
        /** A register of the machine. */
        record Cpu(Reg reg) implements Source {}

        /** Bytes {@code [offset, offset + length)} of the FXSAVE image (SDM vol. 1, table 10-2), zero-extended. */
        record Fx(int offset, int length) implements Source {}

        /** The x87 tag word, two bits a register, which FXSAVE abridges to one. */
        record TagWord() implements Source {}

        /** Number of the system call the user program is in, else -1 (Linux' {@code orig_eax}). */
        record OrigAx() implements Source {}

        /** The time-stamp counter: a register that goes by itself. */
        record TimeStamp() implements Source {}

        /** {@link dev.retrap.trace.Timeline#position()}. */
        record Position() implements Source {}

        /** Number of events before the position, that is, the index of the next one. */
        record NextEvent() implements Source {}
    }

    int bytes() {
        return bits / 8;
    }
}
