package dev.retrap.cpu.engine;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.engine.compile.Region;

/**
 * The time until HotSpot has compiled a region well. Its first runs are by the JVM's own interpreter, several times
 * slower than the interpreter here; so they are made only now and then, as often as HotSpot needs to become aware of it.
 * And they are short, of different lengths, so that the profile that HotSpot compiles by has seen every block's way out: one
 * that it has not seen it leaves out, and throws the code away when it comes to it. When a run is fast the trial is over.
 * What is timed decides about speed alone.
 */
final class Trial {
    /** One in so many chances is taken. */
    private static final int SHARE = 4;
    private static final int SHORTEST_TIMED = 32;
    /** Nanoseconds a step that code needs at most if HotSpot has optimized it, the measuring included. */
    private static final int FAST = 9;
    /** Fast runs in a row that are no chance. */
    private static final int ENOUGH = 4;

    private final Compiled code;
    private final int patience;
    private final int spread;
    private final Runnable over;
    private int chances;
    private int fast;

    /**
     * @param patience chances after which the trial is over whatever came out
     * @param over run when the trial is over
     */
    Trial(Compiled code, int patience, Runnable over) {
        this.over = over;
        this.code = code;
        this.patience = patience;
        int steps = 0;
        for (Block b : code.blocks) {
            steps += b.count();
        }
        spread = 2 * steps + 64;
    }

    /** Control is at the region's start: true to enter it now. */
    boolean enters() {
        if (++chances > patience) {
            end();
            return true;
        }
        return chances % SHARE == 0;
    }

    /** A short run, as {@link Region#enter}. */
    boolean enter(Cpu c) {
        int most = code.seed().count() + Integer.remainderUnsigned(chances * 0x9E3779B1, spread);
        long before = c.position;
        long start = System.nanoTime();
        boolean whole = code.region.enter(c, most);
        long time = System.nanoTime() - start;
        long steps = c.position - before;
        if (steps >= SHORTEST_TIMED) {
            fast = time < FAST * steps ? fast + 1 : 0;
            if (fast == ENOUGH) {
                end();
            }
        }
        return whole;
    }

    private void end() {
        over.run();
    }
}
