package dev.retrap.cpu.simd;

/**
 * The comparison of PCMPxSTRx (SDM vol. 2, 4.1): a pure function of two operands, their lengths and the immediate.
 *
 * <p>Immediate: bits 1:0 unsigned bytes, unsigned words, signed bytes, signed words; 3:2 equal any, ranges, equal each,
 * equal ordered; 5:4 polarity; 6 the last index, or a mask of whole elements.
 */
final class StringCompare {
    private StringCompare() {}

    static boolean words(int imm) {
        return (imm & 1) != 0;
    }

    /** Number of elements. */
    static int elements(int imm) {
        return words(imm) ? 8 : 16;
    }

    private static int element(long lo, long hi, int n, int imm) {
        if (words(imm)) {
            int w = (int) ((n < 4 ? lo : hi) >>> ((n & 3) << 4)) & 0xFFFF;
            return (imm & 2) != 0 ? (short) w : w;
        }
        int b = (int) ((n < 8 ? lo : hi) >>> ((n & 7) << 3)) & 0xFF;
        return (imm & 2) != 0 ? (byte) b : b;
    }

    /** Elements before the first that is 0. */
    static int implicitLength(long lo, long hi, int imm) {
        int n = 0;
        while (n < elements(imm) && element(lo, hi, n, imm) != 0) {
            n++;
        }
        return n;
    }

    /** A length in EAX or EDX: its absolute value, at most the number of elements. */
    static int explicitLength(long register, int imm) {
        int max = elements(imm);
        return register <= -max || register >= max ? max : (int) Math.abs(register);
    }

    /**
     * IntRes2: a bit for each element of {@code b}.
     *
     * @param a the first operand (XMM1)
     * @param b the second operand (XMM2 or memory)
     */
    static int compare(long aLo, long aHi, int aLength, long bLo, long bHi, int bLength, int imm) {
        int n = elements(imm);
        int result = 0;
        for (int j = 0; j < n; j++) {
            boolean hit = switch (imm >> 2 & 3) {
                case 0 -> j < bLength && any(aLo, aHi, aLength, element(bLo, bHi, j, imm), imm);
                case 1 -> j < bLength && inRange(aLo, aHi, aLength, element(bLo, bHi, j, imm), imm);
                case 2 -> j < aLength && j < bLength
                        ? element(aLo, aHi, j, imm) == element(bLo, bHi, j, imm) : j >= aLength && j >= bLength;
                default -> begins(aLo, aHi, aLength, bLo, bHi, bLength, j, imm);
            };
            result |= hit ? 1 << j : 0;
        }
        return switch (imm >> 4 & 3) {
            case 1 -> result ^ (1 << n) - 1;
            case 3 -> result ^ (1 << bLength) - 1;
            default -> result;
        };
    }

    private static boolean any(long lo, long hi, int length, int e, int imm) {
        for (int i = 0; i < length; i++) {
            if (element(lo, hi, i, imm) == e) {
                return true;
            }
        }
        return false;
    }

    private static boolean inRange(long lo, long hi, int length, int e, int imm) {
        for (int i = 0; i + 1 < length; i += 2) {
            if (e >= element(lo, hi, i, imm) && e <= element(lo, hi, i + 1, imm)) {
                return true;
            }
        }
        return false;
    }

    /** The first operand, as far as it fits before the end of the register, stands at {@code at} of the second. */
    private static boolean begins(long aLo, long aHi, int aLength, long bLo, long bHi, int bLength, int at, int imm) {
        for (int i = 0; i < aLength && at + i < elements(imm); i++) {
            if (at + i >= bLength || element(aLo, aHi, i, imm) != element(bLo, bHi, at + i, imm)) {
                return false;
            }
        }
        return true;
    }

    /** The result of PCMPxSTRI: the index of the least or greatest bit set, or the number of elements. */
    static int index(int result, int imm) {
        if (result == 0) {
            return elements(imm);
        }
        return (imm & 0x40) != 0 ? 31 - Integer.numberOfLeadingZeros(result) : Integer.numberOfTrailingZeros(result);
    }

    /** A quadword of the result of PCMPxSTRM with whole elements: half 0 or 1. */
    static long expanded(int result, int imm, int half) {
        int perHalf = elements(imm) / 2;
        int width = 64 / perHalf;
        long r = 0;
        for (int i = 0; i < perHalf; i++) {
            if ((result >> half * perHalf + i & 1) != 0) {
                r |= -1L >>> 64 - width << i * width;
            }
        }
        return r;
    }
}
