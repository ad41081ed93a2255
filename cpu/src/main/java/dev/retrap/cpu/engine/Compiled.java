package dev.retrap.cpu.engine;

import dev.retrap.cpu.engine.compile.Region;
import java.util.List;

/** A compiled region and the blocks it was made of, the first of which it begins at; good as long as these are. */
final class Compiled {
    final Region region;
    final List<Block> blocks;
    /** The code that begins at the same block under another context, or null. */
    Compiled other;
    /** How often it was entered since code was last evicted. */
    int entries;
    /** Still to be tried out, see {@link Trial}; null when it is used whenever control gets to it. */
    Trial trial;

    Compiled(Region region, List<Block> blocks) {
        this.region = region;
        this.blocks = blocks;
    }

    Block seed() {
        return blocks.getFirst();
    }

    boolean valid() {
        for (Block b : blocks) {
            if (b.epoch < 0 || b.breakpoint) {
                return false;
            }
        }
        return true;
    }
}
