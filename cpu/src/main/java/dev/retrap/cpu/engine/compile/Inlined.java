package dev.retrap.cpu.engine.compile;

import dev.retrap.cpu.isa.Insn;

/**
 * How an instruction that has no handler call is written.
 *
 * @param writer writes it
 * @param faults it may raise an exception, or must be run again alone: the state before it must be at hand
 * @param reads set of {@link #RES} and {@link #AUX} that it depends on
 * @param sets set of those that it replaces whatever they were
 */
record Inlined(Writer writer, boolean faults, int reads, int sets) {
    static final int RES = 1, AUX = 2, BOTH = 3;

    /** Writes an instruction. Changes no local variable of the guest's state before the last access that may fault. */
    interface Writer {
        /** @param live set of RES and AUX that something after the instruction may depend on */
        void write(Code code, Insn i, int live);
    }

    static Inlined plain(Insn i, Writer w) {
        return new Inlined(w, i.mem(), 0, 0);
    }
}
