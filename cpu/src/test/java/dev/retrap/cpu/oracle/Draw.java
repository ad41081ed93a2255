package dev.retrap.cpu.oracle;

/**
 * Pseudo-random numbers: SplitMix64. A generator of our own because captured vectors keep seeds, not states: the
 * sequence must never change.
 */
final class Draw {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    Draw(long seed) {
        state = seed;
    }

    /** A seed for part {@code index} of what {@code seed} stands for. */
    static long seed(long seed, long index) {
        return mix(mix(seed + GAMMA) ^ index * GAMMA);
    }

    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }

    long next() {
        state += GAMMA;
        return mix(state);
    }

    /** 0 to n-1. */
    int below(int n) {
        return (int) ((next() >>> 33) * n >>> 31);
    }

    /** From low to high, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    boolean percent(int p) {
        return below(100) < p;
    }

    int pick(int... choices) {
        return choices[below(choices.length)];
    }

    long pick(long... choices) {
        return choices[below(choices.length)];
    }

    void fill(byte[] into, int from, int to) {
        for (int i = from; i < to; i += 8) {
            long v = next();
            for (int k = i; k < Math.min(i + 8, to); k++) {
                into[k] = (byte) v;
                v >>>= 8;
            }
        }
    }
}
