package dev.retrap.cpu.simd;

/** Multiplications and sums of differences of lanes; {@code a} is the destination, {@code b} the source. */
final class Products {
    private Products() {}

    /** PMULLW. */
    static long lowWords(long a, long b) {
        long r = 0;
        for (int s = 0; s < 64; s += 16) {
            r |= ((a >>> s) * (b >>> s) & 0xFFFF) << s;
        }
        return r;
    }

    /** PMULHW. */
    static long highWords(long a, long b) {
        long r = 0;
        for (int s = 0; s < 64; s += 16) {
            r |= ((short) (a >>> s) * (short) (b >>> s) >> 16 & 0xFFFFL) << s;
        }
        return r;
    }

    /** PMULHUW. */
    static long highWordsUnsigned(long a, long b) {
        long r = 0;
        for (int s = 0; s < 64; s += 16) {
            r |= ((a >>> s & 0xFFFF) * (b >>> s & 0xFFFF) >>> 16) << s;
        }
        return r;
    }

    /** PMULHRSW: the product of fractions, rounded. */
    static long roundedWords(long a, long b) {
        long r = 0;
        for (int s = 0; s < 64; s += 16) {
            r |= (((short) (a >>> s) * (short) (b >>> s) >> 14) + 1 >> 1 & 0xFFFFL) << s;
        }
        return r;
    }

    /** PMADDWD: sums of pairs of products; they wrap if all four words are -32768. */
    static long addPairs(long a, long b) {
        long r = 0;
        for (int s = 0; s < 64; s += 32) {
            int sum = (short) (a >>> s) * (short) (b >>> s) + (short) (a >>> s + 16) * (short) (b >>> s + 16);
            r |= (sum & 0xFFFFFFFFL) << s;
        }
        return r;
    }

    /** PMADDUBSW: unsigned bytes of {@code a} by signed ones of {@code b}; sums of pairs, saturated. */
    static long addBytePairs(long a, long b) {
        long r = 0;
        for (int s = 0; s < 64; s += 16) {
            int sum = (int) (a >>> s & 0xFF) * (byte) (b >>> s) + (int) (a >>> s + 8 & 0xFF) * (byte) (b >>> s + 8);
            r |= (Math.clamp(sum, Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFFL) << s;
        }
        return r;
    }

    /** PMULUDQ. */
    static long dwordsUnsigned(long a, long b) {
        return (a & 0xFFFFFFFFL) * (b & 0xFFFFFFFFL);
    }

    /** PMULDQ. */
    static long dwords(long a, long b) {
        return (long) (int) a * (int) b;
    }

    /** PMULLD. */
    static long lowDwords(long a, long b) {
        return a * b & 0xFFFFFFFFL | (a >>> 32) * (b >>> 32) << 32;
    }

    /** PSADBW: the sum of the absolute differences of unsigned bytes. */
    static long sumOfDifferences(long a, long b) {
        int sum = 0;
        for (int s = 0; s < 64; s += 8) {
            sum += Math.abs((int) (a >>> s & 0xFF) - (int) (b >>> s & 0xFF));
        }
        return sum;
    }

    /** Half of MPSADBW: four bytes of {@code b} against those of {@code a} at offsets 0 to 3; {@code a} holds seven. */
    static long slidingDifferences(long a, long b) {
        long r = 0;
        for (int w = 0; w < 4; w++) {
            r |= sumOfDifferences(a >>> 8 * w & 0xFFFFFFFFL, b & 0xFFFFFFFFL) << 16 * w;
        }
        return r;
    }
}
