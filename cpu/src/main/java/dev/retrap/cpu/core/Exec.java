package dev.retrap.cpu.core;

import dev.retrap.cpu.isa.Insn;

/** The meaning of one decoded instruction: what both engines run. Chosen once, when the instruction is decoded. */
@FunctionalInterface
public interface Exec {
    /**
     * Executes {@code i}. {@link Cpu#rip} already holds the address after the instruction's block; a control transfer
     * sets it. Throws {@link Fault} with no architectural change made, unless the manuals say otherwise (REP).
     */
    void exec(Cpu c, Insn i);
}
