package dev.retrap.cpu.engine.compile;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;

/**
 * A decoded block as the compiler takes it.
 *
 * @param linear linear address of the first instruction
 * @param ip its offset in CS
 * @param pfn page frame of the code
 * @param pfn2 page frame of the second page of an instruction across two pages, or -1
 * @param insns instructions
 * @param execs their handlers
 * @param costs their modelled cycles
 * @param successors offsets in CS at which execution went on after it
 * @param probes numbers of the probes at the first instruction, null for none
 */
public record Piece(long linear, long ip, int pfn, int pfn2, Insn[] insns, Exec[] execs, int[] costs,
        long[] successors, int[] probes) {
    int count() {
        return insns.length;
    }

    Insn last() {
        return insns[insns.length - 1];
    }

    /** RIP after the last instruction if it is not taken elsewhere. */
    long end() {
        return last().next;
    }

    /** Cycles beyond one per instruction. */
    int extraCycles() {
        int sum = -costs.length;
        for (int cost : costs) {
            sum += cost;
        }
        return sum;
    }

    /** True if control can pass from here to {@code to} without a look at where its page is mapped. */
    boolean samePage(Piece to) {
        return to.pfn == pfn && (to.linear ^ linear) >>> 12 == 0 && to.pfn2 < 0;
    }
}
