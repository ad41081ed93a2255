package dev.retrap.cpu.engine;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.engine.compile.Piece;
import dev.retrap.cpu.engine.compile.Plan;
import dev.retrap.cpu.isa.Insn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/** Chooses the blocks that are compiled together: those run after a hot one, the most frequent first. */
final class RegionPlanner {
    private static final int MAX_BLOCKS = 24;
    /** Blocks of a region up to which such are added as were not on the path. */
    private static final int NEAR = 16;
    /** A block where another region begins is taken if it comes more often than the seed by this factor: it is shared. */
    private static final int SHARED = 2;
    /** Times that the path comes back to the seed at least, for that: else it may have stayed in a loop within the seed's. */
    private static final int ROUNDS = 4;
    /** Ways on from an indirect jump or a return that are tried, beside the last two. */
    private static final int SUCCESSORS = 6;
    private static final int MAX_INSNS = 320;
    /** Blocks that run less often than the first by this factor are left to the interpreter. */
    private static final int COLD = 64;

    private final Cpu c;
    private final CodeCache cache;
    private final EngineMode mode;
    /** Where regions begin that are being made. */
    final Set<Block> making = new HashSet<>();

    RegionPlanner(Cpu c, CodeCache cache, EngineMode mode) {
        this.c = c;
        this.cache = cache;
        this.mode = mode;
    }

    /** True if a region may hold the block. */
    boolean eligible(Block b) {
        return b.epoch >= 0 && !b.breakpoint && !b.alone && b.pfn < c.memory.pageCount() && b.pfn2 < c.memory.pageCount();
    }

    /** A block that may be taken, and how often control came to it on the path; 0: it is only near. */
    private record Open(Block block, int came, int order) {}

    /**
     * The blocks of a region that begins at {@code seed}, which comes first: those on the path, the most frequent first,
     * then hot ones near.
     *
     * @param edges see {@link Path#edges}
     */
    List<Block> blocks(Block seed, Map<Block, Map<Block, Integer>> edges) {
        List<Block> chosen = new ArrayList<>();
        Set<Block> done = new HashSet<>();
        PriorityQueue<Open> open = new PriorityQueue<>(Comparator.comparingInt(Open::came).reversed()
                .thenComparing((a, b) -> a.came == 0 ? Integer.compare(b.block.heat, a.block.heat) : 0)
                .thenComparingInt(Open::order));
        int coldest = mode == EngineMode.TIERED ? seed.heat / COLD : Integer.MIN_VALUE;
        int rounds = edges.values().stream().mapToInt(m -> m.getOrDefault(seed, 0)).sum();
        int shared = rounds < ROUNDS ? 0 : rounds * SHARED;
        int insns = 0;
        int order = 0;
        open.add(new Open(seed, Integer.MAX_VALUE, order));
        while (!open.isEmpty() && chosen.size() < MAX_BLOCKS && insns < MAX_INSNS) {
            Open o = open.remove();
            Block b = o.block;
            if (!done.add(b) || o.came == 0 && chosen.size() >= NEAR) {
                continue;
            }
            chosen.add(b);
            insns += b.count();
            for (Map.Entry<Block, Integer> e : Path.after(edges, b).entrySet()) {
                if (fits(e.getKey(), seed) && !(begun(e.getKey()) && e.getValue() <= shared)) {
                    open.add(new Open(e.getKey(), e.getValue(), ++order));
                }
            }
            for (Block next : new Block[] {b.next0, b.next1, cache.neighbour(b, b.end), branchTarget(b)}) {
                if (next != null && fits(next, seed) && (rounds < ROUNDS || !begun(next))
                        && (next.heat >= coldest || next.heat < 0)) {
                    open.add(new Open(next, 0, ++order));
                }
            }
        }
        return chosen;
    }

    /** True if a region begins at the block, so that control can go on there. */
    private boolean begun(Block b) {
        return b.code != null || making.contains(b);
    }

    /** True if the block can be in one region with the seed. */
    private boolean fits(Block b, Block seed) {
        return b.mode == seed.mode && b.limit == seed.limit && b.linear - b.ip == seed.linear - seed.ip && eligible(b);
    }

    private Block branchTarget(Block b) {
        Insn last = b.insns[b.count() - 1];
        return switch (last.op) {
            case JCC, JMP, CALL, LOOP, LOOPE, LOOPNE, JCXZ -> cache.neighbour(b, last.imm);
            default -> null;
        };
    }

    /** The plan for blocks in a context, of the present mode. */
    Plan plan(List<Block> blocks, Map<Block, Map<Block, Integer>> edges, int context) {
        List<Piece> pieces = new ArrayList<>(blocks.size());
        for (Block b : blocks) {
            int[] costs = new int[b.count()];
            for (int n = 0; n < costs.length; n++) {
                costs[n] = c.model.costs().cost(b.insns[n].op);
            }
            pieces.add(new Piece(b.linear, b.ip, b.pfn, b.pfn2, b.insns, b.execs, costs,
                    successors(b, Path.after(edges, b)), b.probes));
        }
        Block seed = blocks.getFirst();
        return new Plan(c.model, seed.mode, c.longMode(), context, seed.limit, pieces);
    }

    private static long[] successors(Block b, Map<Block, Integer> after) {
        return Stream.concat(Stream.of(b.next0, b.next1).filter(Objects::nonNull),
                after.entrySet().stream().sorted((x, y) -> y.getValue() - x.getValue()).limit(SUCCESSORS)
                        .map(Map.Entry::getKey))
                .mapToLong(x -> x.ip).distinct().toArray();
    }
}
