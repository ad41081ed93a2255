package dev.retrap.cpu.engine;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Insn;
import java.util.List;

/**
 * Instructions that follow each other in one page, decoded and bound. Ends at a control transfer, at an instruction after
 * which the outer loop must look again, before an address with a breakpoint or probe, at the end of the page. An
 * instruction that crosses into the next page is a block of its own.
 */
final class Block {
    /** Linear address of the first instruction. */
    final long linear;
    /** Its offset in CS. */
    final long ip;
    final CodeMode mode;
    /** CS limit at decoding; instructions beyond it were left out. */
    final int limit;
    /** Page frame of the code. */
    final int pfn;
    /** Page frame of the second page of a crossing instruction, or -1. */
    final int pfn2;
    final Insn[] insns;
    final Exec[] execs;
    /** Modelled cycles of the whole. */
    final int cycles;
    /** RIP after the last instruction if it is not taken elsewhere. */
    final long end;
    /** Control stays in the code segment after it. */
    final boolean near;
    /** A breakpoint or probe is at the first instruction. */
    boolean hooked;
    /** A breakpoint is there. */
    boolean breakpoint;
    /** Numbers of the probes there, null for none. */
    int[] probes;
    /** The (only) instruction must be run with the effects of slow-path accesses allowed at once. */
    final boolean alone;
    /** The cache's {@link CodeCache#epoch} in which it was last found by {@link CodeCache#find}; -1: it is not valid. */
    int epoch;
    /** Successors seen, most recent first. */
    Block next0;
    Block next1;
    /** Chain in its {@link CodePage}. */
    Block inPage;
    /** Runs by the interpreter. */
    int heat;
    /** Compiled code that begins here, for one or more contexts; null for none. */
    Compiled code;
    /** The compiled regions that hold this block. */
    List<Compiled> users = List.of();

    Block(long linear, CodeMode mode, int limit, int pfn, int pfn2, Insn[] insns, Exec[] execs, int cycles,
            boolean alone) {
        this.linear = linear;
        this.ip = insns[0].ip;
        this.mode = mode;
        this.limit = limit;
        this.pfn = pfn;
        this.pfn2 = pfn2;
        this.insns = insns;
        this.execs = execs;
        this.cycles = cycles;
        this.end = insns[insns.length - 1].next;
        this.alone = alone;
        Insn last = insns[insns.length - 1];
        near = switch (last.op) {
            case JCC, JMP, JMP_IND, CALL, CALL_IND, RET, LOOP, LOOPE, LOOPNE, JCXZ -> true;
            default -> !last.form.endsBlock();
        };
    }

    int count() {
        return execs.length;
    }

    /** Bytes of code. */
    int bytes() {
        int n = 0;
        for (Insn i : insns) {
            n += i.length;
        }
        return n;
    }
}
