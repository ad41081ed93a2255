package dev.retrap.cpu.engine;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blocks that the interpreter runs one after the other from a hot one on, through calls and returns: what belongs in
 * one region with it. Counts of runs alone do not tell that, as of a function that is called from everywhere.
 */
final class Path {
    private static final int LENGTH = 1024;

    private final Block[] blocks = new Block[LENGTH];
    private int length;

    /** Starts anew at a block, which is about to run. */
    void begin(Block seed) {
        blocks[0] = seed;
        length = 1;
    }

    /** A block is about to run; true if no more are wanted. */
    boolean add(Block b) {
        blocks[length++] = b;
        return length == LENGTH;
    }

    Block seed() {
        return blocks[0];
    }

    /** By block: those that came next, each with how often it did. */
    Map<Block, Map<Block, Integer>> edges() {
        Map<Block, Map<Block, Integer>> all = new IdentityHashMap<>();
        for (int n = 1; n < length; n++) {
            all.computeIfAbsent(blocks[n - 1], b -> new LinkedHashMap<>()).merge(blocks[n], 1, Integer::sum);
        }
        return all;
    }

    /** Drops what it holds. */
    void clear() {
        Arrays.fill(blocks, null);
        length = 0;
    }

    /** What came after a block. */
    static Map<Block, Integer> after(Map<Block, Map<Block, Integer>> edges, Block b) {
        return edges.getOrDefault(b, Map.of());
    }
}
