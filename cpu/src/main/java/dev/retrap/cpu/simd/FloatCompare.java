package dev.retrap.cpu.simd;

/** Comparisons, minimum and maximum in a {@link BinaryFormat} (SDM vol. 2, CMPPS, COMISS, MAXPS, MINPS). */
final class FloatCompare {
    /** Results of {@link #compare}. */
    static final int LESS = 0, EQUAL = 1, GREATER = 2, UNORDERED = 3;

    private FloatCompare() {}

    /**
     * Compares two numbers.
     *
     * @param quiet a quiet NaN is not invalid
     */
    static int compare(BinaryFormat f, long u, long v, boolean quiet, FloatContext x) {
        long a = f.operand(u, x);
        long b = f.operand(v, x);
        if (f.nan(a) || f.nan(b)) {
            if (!quiet || f.signaling(a) || f.signaling(b)) {
                x.raise(FloatContext.IE);
            }
            return UNORDERED;
        }
        f.noteDenormal(a, x);
        f.noteDenormal(b, x);
        return 1 + Long.compare(order(f, a), order(f, b));
    }

    /** A number that orders as the float does; both zeros are 0. */
    private static long order(BinaryFormat f, long v) {
        return f.negative(v) ? -f.magnitude(v) : f.magnitude(v);
    }

    /** CMPxx: all ones or zeros in the format's width. */
    static long mask(BinaryFormat f, int predicate, long a, long b, FloatContext x) {
        // Less and less-or-equal and their negations are invalid on any NaN.
        boolean quiet = (predicate & 3) == 0 || (predicate & 3) == 3;
        int relation = compare(f, a, b, quiet, x);
        boolean holds = switch (predicate & 3) {
            case 0 -> relation == EQUAL;
            case 1 -> relation == LESS;
            case 2 -> relation == LESS || relation == EQUAL;
            default -> relation == UNORDERED;
        };
        return holds != ((predicate & 4) != 0) ? f.signBit() - 1 | f.signBit() : 0;
    }

    static long min(BinaryFormat f, long u, long v, FloatContext x) {
        return chosen(f, u, v, LESS, x);
    }

    static long max(BinaryFormat f, long u, long v, FloatContext x) {
        return chosen(f, u, v, GREATER, x);
    }

    /** The first operand if it compares as wanted, else, so also if one is a NaN, the second as it is. */
    private static long chosen(BinaryFormat f, long u, long v, int wanted, FloatContext x) {
        return f.operand(compare(f, u, v, false, x) == wanted ? u : v, x);
    }
}
