package dev.retrap.cpu.engine;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.engine.compile.Piece;
import dev.retrap.cpu.engine.compile.Plan;
import dev.retrap.cpu.isa.Insn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** Chooses the blocks that are compiled together: those reached from a hot one, the hottest first. */
final class RegionPlanner {
    private static final int MAX_BLOCKS = 32;
    private static final int MAX_INSNS = 320;
    /** Blocks that run less often than the first by this factor are left to the interpreter. */
    private static final int COLD = 64;

    private final Cpu c;
    private final CodeCache cache;
    private final EngineMode mode;

    RegionPlanner(Cpu c, CodeCache cache, EngineMode mode) {
        this.c = c;
        this.cache = cache;
        this.mode = mode;
    }

    /** True if a region may hold the block. */
    boolean eligible(Block b) {
        return b.epoch >= 0 && !b.breakpoint && !b.alone && b.pfn < c.memory.pageCount() && b.pfn2 < c.memory.pageCount();
    }

    /** The blocks of a region that begins at {@code seed}, which comes first. */
    List<Block> blocks(Block seed) {
        List<Block> chosen = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        PriorityQueue<Block> open = new PriorityQueue<>((a, b) -> b == seed ? 1 : a == seed ? -1 : b.heat - a.heat);
        int coldest = mode == EngineMode.TIERED ? seed.heat / COLD : Integer.MIN_VALUE;
        int insns = 0;
        open.add(seed);
        seen.add(seed.ip);
        while (!open.isEmpty() && chosen.size() < MAX_BLOCKS && insns < MAX_INSNS) {
            Block b = open.remove();
            chosen.add(b);
            insns += b.count();
            for (Block next : new Block[] {b.next0, b.next1, cache.neighbour(b, b.end), branchTarget(b)}) {
                if (next != null && next.mode == seed.mode && next.limit == seed.limit
                        && next.linear - next.ip == seed.linear - seed.ip && eligible(next)
                        && (next.heat >= coldest || next.heat < 0) && seen.add(next.ip)) {
                    open.add(next);
                }
            }
        }
        return chosen;
    }

    private Block branchTarget(Block b) {
        Insn last = b.insns[b.count() - 1];
        return switch (last.op) {
            case JCC, JMP, CALL, LOOP, LOOPE, LOOPNE, JCXZ -> cache.neighbour(b, last.imm);
            default -> null;
        };
    }

    /** The plan for blocks in the present context. */
    Plan plan(List<Block> blocks) {
        List<Piece> pieces = new ArrayList<>(blocks.size());
        for (Block b : blocks) {
            int[] costs = new int[b.count()];
            for (int n = 0; n < costs.length; n++) {
                costs[n] = c.model.costs().cost(b.insns[n].op);
            }
            pieces.add(new Piece(b.linear, b.ip, b.pfn, b.pfn2, b.insns, b.execs, costs, successors(b), b.probes));
        }
        Block seed = blocks.getFirst();
        return new Plan(c.model, seed.mode, c.longMode(), c.codeContext(), seed.limit, pieces);
    }

    private static long[] successors(Block b) {
        return b.next0 == null ? new long[0] : b.next1 == null ? new long[] {b.next0.ip}
                : new long[] {b.next0.ip, b.next1.ip};
    }
}
