package dev.retrap.cpu.simd;

/**
 * Functions of two quadwords that give one: packing with saturation, interleaving, sums and differences of neighbours.
 * In a pack or a horizontal sum the results of {@code a} are the low half.
 */
final class Packing {
    private Packing() {}

    /** PACKSSWB. */
    static long wordsToBytes(long a, long b) {
        return wordsToBytes(a, Byte.MIN_VALUE, Byte.MAX_VALUE) | wordsToBytes(b, Byte.MIN_VALUE, Byte.MAX_VALUE) << 32;
    }

    /** PACKUSWB. */
    static long wordsToUnsignedBytes(long a, long b) {
        return wordsToBytes(a, 0, 0xFF) | wordsToBytes(b, 0, 0xFF) << 32;
    }

    private static long wordsToBytes(long v, int min, int max) {
        long r = 0;
        for (int n = 0; n < 4; n++) {
            r |= (Math.clamp((short) (v >>> 16 * n), min, max) & 0xFFL) << 8 * n;
        }
        return r;
    }

    /** PACKSSDW. */
    static long dwordsToWords(long a, long b) {
        return dwordsToWords(a, Short.MIN_VALUE, Short.MAX_VALUE)
                | dwordsToWords(b, Short.MIN_VALUE, Short.MAX_VALUE) << 32;
    }

    /** PACKUSDW. */
    static long dwordsToUnsignedWords(long a, long b) {
        return dwordsToWords(a, 0, 0xFFFF) | dwordsToWords(b, 0, 0xFFFF) << 32;
    }

    private static long dwordsToWords(long v, int min, int max) {
        return Math.clamp((int) v, min, max) & 0xFFFFL | (Math.clamp((int) (v >> 32), min, max) & 0xFFFFL) << 16;
    }

    /** The low four bytes of each, alternating. */
    static long interleaveBytes(long a, long b) {
        return spreadBytes(a) | spreadBytes(b) << 8;
    }

    private static long spreadBytes(long v) {
        long w = spreadWords(v);
        return (w | w << 8) & 0x00FF00FF00FF00FFL;
    }

    /** The low two words of each, alternating. */
    static long interleaveWords(long a, long b) {
        return spreadWords(a) | spreadWords(b) << 16;
    }

    private static long spreadWords(long v) {
        long d = v & 0xFFFFFFFFL;
        return (d | d << 16) & 0x0000FFFF0000FFFFL;
    }

    /** The low doubleword of each. */
    static long interleaveDwords(long a, long b) {
        return a & 0xFFFFFFFFL | b << 32;
    }

    /** PHADDW. */
    static long addWords(long a, long b) {
        return Lane.WORD.add(evenWords(a, b), oddWords(a, b));
    }

    /** PHADDSW. */
    static long addWordsSaturated(long a, long b) {
        return Lane.WORD.addSigned(evenWords(a, b), oddWords(a, b));
    }

    /** PHADDD. */
    static long addDwords(long a, long b) {
        return Lane.DWORD.add(a & 0xFFFFFFFFL | b << 32, a >>> 32 | b & ~0xFFFFFFFFL);
    }

    /** PHSUBW: of each pair the low word less the high one. */
    static long subtractWords(long a, long b) {
        return Lane.WORD.subtract(evenWords(a, b), oddWords(a, b));
    }

    /** PHSUBSW. */
    static long subtractWordsSaturated(long a, long b) {
        return Lane.WORD.subtractSigned(evenWords(a, b), oddWords(a, b));
    }

    /** PHSUBD. */
    static long subtractDwords(long a, long b) {
        return Lane.DWORD.subtract(a & 0xFFFFFFFFL | b << 32, a >>> 32 | b & ~0xFFFFFFFFL);
    }

    private static long evenWords(long a, long b) {
        return gatherWords(a) | gatherWords(b) << 32;
    }

    private static long oddWords(long a, long b) {
        return gatherWords(a >>> 16) | gatherWords(b >>> 16) << 32;
    }

    /** Words 0 and 2. */
    private static long gatherWords(long v) {
        return v & 0xFFFF | v >>> 16 & 0xFFFF0000L;
    }
}
