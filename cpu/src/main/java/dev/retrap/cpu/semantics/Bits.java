package dev.retrap.cpu.semantics;

/**
 * Bit scans, counts, byte order, and the bit-field instructions BMI1 and BMI2 (SDM vol. 2, by mnemonic). Functions of
 * {@code long} without a width take zero-extended operands.
 *
 * <p>Flags that the manuals leave undefined are those of Zen: BSF and BSR clear CF OF SF AF and take PF from the index,
 * and leave the destination alone if the source is 0; TZCNT and LZCNT clear SF AF PF and keep OF; BT, BTS, BTR, BTC
 * change CF only; AF is clear after BMI1 and BMI2 instructions; BEXTR sets AF and clears SF; BSWAP of 16 bits gives 0.
 */
public final class Bits {
    /** {@code aux} of POPCNT: all clear, and PF is not that of the result. */
    public static final int AUX_POPCNT = 0x100;

    private Bits() {}

    /** BSF: index of the lowest bit set; {@code s} is not 0. */
    public static int scanForward(long s) {
        return Long.numberOfTrailingZeros(s);
    }

    /** BSR: index of the highest bit set; {@code s} is not 0. */
    public static int scanReverse(long s) {
        return 63 - Long.numberOfLeadingZeros(s);
    }

    /** {@code flagRes} of BSF and BSR that found {@code index}, or of a zero source; {@code aux} is 0. */
    public static int resScan(long s, int index) {
        return s == 0 ? 0 : index | 0x100;
    }

    /** TZCNT. */
    public static int tzcnt(long s, int bits) {
        return s == 0 ? bits : Long.numberOfTrailingZeros(s);
    }

    /** LZCNT. */
    public static int lzcnt(long s, int bits) {
        return Long.numberOfLeadingZeros(s) - (64 - bits);
    }

    /** {@code flagRes} of TZCNT, LZCNT and POPCNT. */
    public static int resCount(int count) {
        return count == 0 ? 0 : 0x100;
    }

    /** {@code aux} of TZCNT and LZCNT of {@code s}. */
    public static int auxCount(int old, long s) {
        int of = (old ^ old << 1) >>> 31;
        return Alu.withCfOf(0x100, s == 0 ? 1 : 0, of);
    }

    /** POPCNT. */
    public static int popcnt(long s) {
        return Long.bitCount(s);
    }

    /** BSWAP. */
    public static int bswap32(int a) {
        return Integer.reverseBytes(a);
    }

    /** BSWAP. */
    public static long bswap64(long a) {
        return Long.reverseBytes(a);
    }

    /** MOVBE. */
    public static int bswap16(int a) {
        return Short.reverseBytes((short) a) & 0xFFFF;
    }

    /** BT: the bit, of an index already reduced to the operand's width. */
    public static int bt(long a, int index) {
        return (int) (a >>> index) & 1;
    }

    /** BTS. */
    public static long bts(long a, int index) {
        return a | 1L << index;
    }

    /** BTR. */
    public static long btr(long a, int index) {
        return a & ~(1L << index);
    }

    /** BTC. */
    public static long btc(long a, int index) {
        return a ^ 1L << index;
    }

    /** ANDN. */
    public static int andn(int a, int b) {
        return ~a & b;
    }

    /** ANDN. */
    public static long andn(long a, long b) {
        return ~a & b;
    }

    /** BEXTR: {@code control} has the start in bits 7:0 and the length in 15:8. */
    public static int bextr(int a, int control) {
        return (int) bextr(a & 0xFFFFFFFFL, control & 0xFFFFFFFFL);
    }

    /** BEXTR. */
    public static long bextr(long a, long control) {
        int start = (int) control & 0xFF;
        int length = (int) control >>> 8 & 0xFF;
        long v = start > 63 ? 0 : a >>> start;
        return length > 63 ? v : v & (1L << length) - 1;
    }

    /** {@code aux} of BEXTR with a result of {@code r}, sign-extended: it takes back the sign. */
    public static int auxBextr(long r) {
        return 8 | (int) (r >>> 63);
    }

    /** BLSI: CF is clear if a is 0, the reverse of {@link #auxSource}. */
    public static int blsi(int a) {
        return -a & a;
    }

    /** BLSI. */
    public static long blsi(long a) {
        return -a & a;
    }

    /** BLSR. */
    public static int blsr(int a) {
        return a - 1 & a;
    }

    /** BLSR. */
    public static long blsr(long a) {
        return a - 1 & a;
    }

    /** BLSMSK. */
    public static int blsmsk(int a) {
        return a - 1 ^ a;
    }

    /** BLSMSK. */
    public static long blsmsk(long a) {
        return a - 1 ^ a;
    }

    /** {@code aux} with CF alone, set if {@code cf}. */
    public static int auxSource(boolean cf) {
        return cf ? 0xC0000000 : 0;
    }

    /** BZHI: CF is set if the index, bits 7:0 of {@code n}, is beyond the operand. */
    public static int bzhi(int a, int n) {
        int index = n & 0xFF;
        return index > 31 ? a : a & (1 << index) - 1;
    }

    /** BZHI. */
    public static long bzhi(long a, long n) {
        int index = (int) n & 0xFF;
        return index > 63 ? a : a & (1L << index) - 1;
    }

    /** PDEP. */
    public static long pdep(long a, long mask) {
        return Long.expand(a, mask);
    }

    /** PEXT. */
    public static long pext(long a, long mask) {
        return Long.compress(a, mask);
    }
}
