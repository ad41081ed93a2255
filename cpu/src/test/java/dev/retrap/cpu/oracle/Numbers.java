package dev.retrap.cpu.oracle;

/** Values at which instructions are likely to differ. */
final class Numbers {
    private static final int[] EDGES = {7, 8, 15, 16, 31, 32, 63};

    private Numbers() {}

    /** A 64-bit integer: anything, small, next to a power of two, sign- or zero-extended, patterned. */
    static long integer(Draw d) {
        return switch (d.below(16)) {
            case 0, 1, 2, 3 -> d.next();
            case 4, 5 -> d.between(-17, 17);
            case 6, 7 -> (1L << EDGES[d.below(EDGES.length)]) + d.between(-2, 2);
            case 8 -> -(1L << EDGES[d.below(EDGES.length)]) + d.between(-2, 2);
            case 9, 10 -> (int) d.next();
            case 11 -> d.next() & 0xFFFFFFFFL;
            case 12 -> d.next() & 0xFFFF;
            case 13 -> 1L << d.below(64);
            case 14 -> -1L >>> d.below(64) << d.below(32);
            default -> 0x0101010101010101L * (d.next() & 0xFF);
        };
    }

    /** Bits of a single-precision number. */
    static int float32(Draw d) {
        int sign = d.below(2) << 31;
        return sign | switch (d.below(12)) {
            case 0 -> 0;
            case 1 -> 0x7F800000;
            case 2 -> 0x7FC00000 | d.below(4);
            case 3 -> 0x7F800001 + d.below(0x3FFFFF);
            case 4 -> 1 + d.below(0x7FFFFF);
            case 5 -> Float.floatToRawIntBits(d.below(20));
            case 6 -> 0x3F800000 + d.between(-3, 3);
            case 7 -> 0x7F7FFFFF - d.below(3);
            case 8 -> Float.floatToRawIntBits((float) (1L << d.pick(7, 8, 15, 16, 31, 32, 62, 63)) + d.between(-1, 1));
            default -> d.between(0x70, 0x8E) << 23 | (int) d.next() & 0x7FFFFF;
        };
    }

    /** Bits of a double-precision number. */
    static long float64(Draw d) {
        long sign = (long) d.below(2) << 63;
        return sign | switch (d.below(12)) {
            case 0 -> 0;
            case 1 -> 0x7FF0000000000000L;
            case 2 -> 0x7FF8000000000000L | d.below(4);
            case 3 -> 0x7FF0000000000001L + (d.next() >>> 14);
            case 4 -> 1 + (d.next() >>> 13);
            case 5 -> Double.doubleToRawLongBits(d.below(20));
            case 6 -> 0x3FF0000000000000L + d.between(-3, 3);
            case 7 -> 0x7FEFFFFFFFFFFFFFL - d.below(3);
            case 8 -> Double.doubleToRawLongBits(
                    (double) (1L << d.pick(7, 8, 15, 16, 31, 32, 62)) + d.between(-1, 1) * 0.5);
            case 9 -> (long) d.between(0x370, 0x48F) << 52 | d.next() >>> 12;
            default -> (long) d.between(0x3E0, 0x43F) << 52 | d.next() >>> 12;
        };
    }

    /** Sign and exponent of an extended-precision number. */
    static int exponent80(Draw d) {
        int sign = d.below(2) << 15;
        return sign | switch (d.below(8)) {
            case 0 -> 0;
            case 1 -> 0x7FFF;
            case 2 -> d.below(0x8000);
            case 3 -> 0x3FFF + d.between(-2, 2);
            default -> 0x3FFF + d.between(-70, 70);
        };
    }

    /** Significand of an extended-precision number, with the integer bit mostly set. */
    static long significand80(Draw d) {
        long integer = d.percent(92) ? Long.MIN_VALUE : 0;
        return integer | switch (d.below(6)) {
            case 0 -> 0;
            case 1 -> 0x4000000000000000L;
            case 2 -> d.next() >>> 1 & -1L << d.below(63);
            case 3 -> -1L >>> 1 & -1L << d.below(40);
            default -> d.next() >>> 1;
        };
    }
}
