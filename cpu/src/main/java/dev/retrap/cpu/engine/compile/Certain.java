package dev.retrap.cpu.engine.compile;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Which blocks of a region have run for certain when another ends: all that lie on each way to it from the start. */
final class Certain {
    private final List<Piece> pieces;
    /** By number of a block: those that have run when it ends, itself among them. */
    private final long[] ran;

    /**
     * @param pieces at most 64; the first is where a run begins
     * @param ways offsets at which control may go on after a block, or more
     */
    Certain(List<Piece> pieces, Function<Piece, Set<Long>> ways) {
        this.pieces = pieces;
        int n = pieces.size();
        long[] before = new long[n];
        ran = new long[n];
        Arrays.fill(before, -1L);
        before[0] = 0;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = 0; i < n; i++) {
                ran[i] = before[i] | 1L << i;
                Set<Long> to = ways.apply(pieces.get(i));
                for (int k = 0; k < n; k++) {
                    if ((before[k] & ~ran[i]) != 0 && to.contains(pieces.get(k).ip())) {
                        before[k] &= ran[i];
                        changed = true;
                    }
                }
            }
        }
    }

    /** True if {@code which} has run whenever {@code now} ends. */
    boolean ranBefore(Piece which, Piece now) {
        return (ran[pieces.indexOf(now)] >>> pieces.indexOf(which) & 1) != 0;
    }
}
