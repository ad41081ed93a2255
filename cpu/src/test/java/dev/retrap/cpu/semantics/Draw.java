package dev.retrap.cpu.semantics;

import java.util.Random;

/** Random operands with a liking for the edges; the seed belongs into every failure message. */
final class Draw {
    final long seed;
    private final Random random;

    Draw() {
        seed = Long.getLong("retrap.semantics.seed", System.nanoTime());
        random = new Random(seed);
    }

    int below(int n) {
        return random.nextInt(n);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    void fill(byte[] b) {
        random.nextBytes(b);
    }

    /** A value of a width in bits, zero-extended. */
    long value(int bits) {
        long v = switch (random.nextInt(5)) {
            case 0 -> random.nextInt(5) - 2;
            case 1 -> (1L << random.nextInt(64)) - random.nextInt(3);
            case 2 -> random.nextLong() >>> random.nextInt(64);
            case 3 -> ~(random.nextLong() >>> random.nextInt(64));
            default -> random.nextLong();
        };
        return bits == 64 ? v : v & (1L << bits) - 1;
    }

    /** Any combination of the arithmetic flags. */
    int flags() {
        return random.nextInt() & dev.retrap.cpu.core.Flags.ARITH;
    }
}
