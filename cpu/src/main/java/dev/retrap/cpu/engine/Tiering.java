package dev.retrap.cpu.engine;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.engine.compile.Plan;
import dev.retrap.cpu.engine.compile.RegionCompiler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Decides which blocks are compiled, and takes what is compiled in and out of use. Only the machine's own thread changes
 * blocks; the compiling thread gets copies and hands its results over in a queue. When that happens is a matter of
 * chance, and of speed only: compiled code leaves the state that the interpreter leaves.
 */
final class Tiering {
    /** Runs between two looks at a block in tiered mode, a power of two; it is compiled at the threshold. */
    private static final int LOOK = 4096;
    private static final int THRESHOLD = 12_288;
    /** Bytes of bytecode in use at most. */
    private static final int CAPACITY = 8 << 20;
    /**
     * Regions after which the threshold has doubled. HotSpot needs some 20 ms of another processor for each, and runs it
     * slower than the interpreter here does until then: of code that is warm all over only the hottest is worth it.
     */
    private static final int DOUBLING = 96;
    /** The {@link Block#heat} of blocks in a region that is not in full use yet. */
    private static final int COLD = Integer.MIN_VALUE / 2;
    /** Thresholds after which a region is used even if it does not seem fast. */
    private static final int PATIENCE = 16;
    /** Contexts for which one block has code at most. */
    private static final int CONTEXTS = 3;

    private final Cpu c;
    private final EngineMode mode;
    private final int threshold;
    private final Queue<Compiled> done = new ConcurrentLinkedQueue<>();
    private final List<Compiled> inUse = new ArrayList<>();
    private final Path path = new Path();
    /** What the interpreter runs is written down: nothing compiled runs meanwhile. */
    boolean recording;
    /** {@link Cpu#codeContext} of the block that the path begins at. */
    private int context;
    private RegionPlanner planner;
    private CodeCache cache;
    private int bytes;
    private int compiled;
    /** A block is {@link #hot} when its {@link Block#heat} has none of these bits. */
    final int mask;

    /** Runs after which a block is compiled, about: the system property {@code retrap.engine.threshold}. */
    static int threshold() {
        return Math.max(1, Integer.getInteger("retrap.engine.threshold", THRESHOLD));
    }

    Tiering(Cpu c, EngineMode mode, int threshold) {
        this.c = c;
        this.mode = mode;
        this.threshold = threshold;
        mask = switch (mode) {
            case INTERPRETER -> -1;
            case TIERED -> Math.min(LOOK, Integer.highestOneBit(threshold)) - 1;
            case COMPILED_AT_ONCE -> 0;
        };
    }

    /** Regions taken into use so far. */
    int compiledRegions() {
        return compiled;
    }

    void attach(CodeCache of) {
        cache = of;
        planner = new RegionPlanner(c, of, mode);
    }

    /** The code of a block that has some, if it is for the present context. */
    Compiled of(Block b) {
        if (mode == EngineMode.COMPILED_AT_ONCE && regrown(++b.heat) && Plan.compiles(c.mode(), c.codeContext())) {
            compile(b);
        }
        Compiled x = b.code;
        while (x != null && !x.region.suits(c)) {
            x = x.other;
        }
        return x;
    }

    /** Runs after which a region made at once is made again, with the blocks seen since. */
    private static boolean regrown(int runs) {
        return runs == 3 || runs == 20 || runs == 200;
    }

    /** A block has run often; its code if there is some by now. */
    Compiled hot(Block b) {
        if (mode == EngineMode.INTERPRETER || !Plan.compiles(c.mode(), c.codeContext()) || !planner.eligible(b)) {
            return null;
        }
        if (mode == EngineMode.COMPILED_AT_ONCE) {
            compile(b);
            return of(b);
        }
        takeDone();
        Compiled ready = of(b);
        if (ready != null) {
            return ready;
        }
        if (b.heat >= (long) threshold << Math.min(16, compiled / DOUBLING)) {
            path.begin(b);
            context = c.codeContext();
            recording = true;
        }
        return null;
    }

    /** A block is about to run while {@link #recording}. */
    void ran(Block b) {
        if (!path.add(b)) {
            return;
        }
        recording = false;
        Block seed = path.seed();
        if (Plan.sameMode(context, c.codeContext()) && planner.eligible(seed)) {
            Map<Block, Map<Block, Integer>> edges = path.edges();
            List<Block> blocks = planner.blocks(seed, edges);
            Plan plan = planner.plan(blocks, edges, context);
            if (Background.submit(() -> done.add(new Compiled(RegionCompiler.compile(plan), blocks)))) {
                // No other region for the same blocks while this one is made and on trial.
                for (Block x : blocks) {
                    x.heat = COLD;
                }
                planner.making.add(seed);
            }
        }
        path.clear();
    }

    /** Tells of all compiled code in use. */
    void forEach(Consumer<Compiled> action) {
        inUse.forEach(action);
    }

    private void compile(Block b) {
        List<Block> blocks = planner.blocks(b, Map.of());
        use(new Compiled(RegionCompiler.compile(planner.plan(blocks, Map.of(), c.codeContext())), blocks));
    }

    private void takeDone() {
        for (Compiled x = done.poll(); x != null; x = done.poll()) {
            planner.making.remove(x.seed());
            if (x.valid()) {
                use(x);
            } else {
                ready(x);
            }
        }
    }

    /** A region is not on trial any more. */
    private void ready(Compiled x) {
        x.trial = null;
        reheat(x);
    }

    private void use(Compiled x) {
        Block seed = x.seed();
        int contexts = 0;
        for (Compiled y = seed.code; y != null; y = y.other) {
            contexts++;
        }
        if (contexts >= CONTEXTS || mode == EngineMode.COMPILED_AT_ONCE) {
            for (Compiled old : List.copyOf(seed.users)) {
                if (old.seed() == seed) {
                    retire(old);
                }
            }
        }
        x.other = seed.code;
        seed.code = x;
        for (Block b : x.blocks) {
            if (b.users.isEmpty()) {
                b.users = new ArrayList<>(2);
            }
            b.users.add(x);
        }
        inUse.add(x);
        if (mode == EngineMode.TIERED) {
            x.trial = new Trial(x, PATIENCE * threshold, () -> ready(x));
        }
        compiled++;
        bytes += x.region.size();
        if (bytes > CAPACITY) {
            evict();
        }
    }

    /** A block is not valid any more. */
    void dropped(Block b) {
        for (Compiled x : List.copyOf(b.users)) {
            retire(x);
        }
    }

    private void retire(Compiled x) {
        if (!inUse.remove(x)) {
            return;
        }
        cache.addExecuted(x);
        bytes -= x.region.size();
        for (Block b : x.blocks) {
            b.users.remove(x);
        }
        Block seed = x.seed();
        if (seed.code == x) {
            seed.code = x.other;
        } else {
            for (Compiled y = seed.code; y != null; y = y.other) {
                if (y.other == x) {
                    y.other = x.other;
                    break;
                }
            }
        }
        if (x.trial != null) {
            ready(x);
        } else if (mode == EngineMode.TIERED) {
            reheat(x);
        }
        seed.heat = 0;
    }

    /** The blocks may begin regions of their own, later. */
    private void reheat(Compiled x) {
        for (Block b : x.blocks) {
            b.heat = -8 * (mask + 1);
        }
    }

    /** Takes the half out of use that was entered least since the last time. */
    private void evict() {
        List<Compiled> byUse = new ArrayList<>(inUse);
        byUse.sort(Comparator.comparingInt(x -> x.entries));
        for (Compiled x : byUse.subList(0, byUse.size() / 2)) {
            retire(x);
        }
        for (Compiled x : inUse) {
            x.entries = 0;
        }
    }
}
