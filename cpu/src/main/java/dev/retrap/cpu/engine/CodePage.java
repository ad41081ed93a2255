package dev.retrap.cpu.engine;

import dev.retrap.cpu.isa.CodeMode;
import java.util.ArrayList;
import java.util.List;

/** The blocks decoded from one page frame. */
final class CodePage {
    private final Block[] byOffset = new Block[128];
    /** Blocks of the page before whose only instruction reaches into this page. */
    private final List<Block> reachingIn = new ArrayList<>(1);

    Block find(long linear, long ip, CodeMode mode, int limit) {
        for (Block b = byOffset[(int) linear >>> 5 & 127]; b != null; b = b.inPage) {
            if (b.linear == linear && b.ip == ip && b.mode == mode && b.limit == limit) {
                return b;
            }
        }
        return null;
    }

    void add(Block b) {
        int h = (int) b.linear >>> 5 & 127;
        b.inPage = byOffset[h];
        byOffset[h] = b;
    }

    void addReachingIn(Block b) {
        reachingIn.add(b);
    }

    /** Takes a block out; it is not valid any more. */
    void remove(Block gone) {
        gone.epoch = -1;
        int h = (int) gone.linear >>> 5 & 127;
        Block previous = null;
        for (Block b = byOffset[h]; b != null; previous = b, b = b.inPage) {
            if (b == gone) {
                if (previous == null) {
                    byOffset[h] = b.inPage;
                } else {
                    previous.inPage = b.inPage;
                }
                return;
            }
        }
    }

    /** All blocks that hold bytes of this page. */
    List<Block> all() {
        List<Block> list = new ArrayList<>(reachingIn);
        for (Block head : byOffset) {
            for (Block b = head; b != null; b = b.inPage) {
                list.add(b);
            }
        }
        return list;
    }
}
