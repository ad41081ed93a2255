package dev.retrap.cpu.semantics;

/**
 * Addition, subtraction, logic (SDM vol. 2, ADD, ADC, SUB, SBB, AND, OR, XOR, NOT, NEG, INC, DEC), and changes of
 * single flags in the {@code aux} word of {@link dev.retrap.cpu.core.Flags}.
 *
 * <p>Operands of the 8- and 16-bit functions are taken from the low bits, the rest is ignored; results are
 * sign-extended to int, as {@code flagRes} wants them. {@code aux} of additions and subtractions is
 * {@code Flags.auxAdd}, {@code Flags.auxSub} of operands and result.
 */
public final class Alu {
    /** {@code aux} of AND, OR, XOR, TEST: CF and OF clear; AF is undefined, and cleared by Zen. */
    public static final int AUX_LOGIC = 0;

    private static final int CF_AND_OF = 0xC0000000;

    private Alu() {}

    /** a + b, 8-bit. */
    public static int add8(int a, int b) {
        return (byte) (a + b);
    }

    /** a + b, 16-bit. */
    public static int add16(int a, int b) {
        return (short) (a + b);
    }

    /** a + b. */
    public static int add32(int a, int b) {
        return a + b;
    }

    /** a + b. */
    public static long add64(long a, long b) {
        return a + b;
    }

    /** a + b + cf, 8-bit. */
    public static int adc8(int a, int b, int cf) {
        return (byte) (a + b + cf);
    }

    /** a + b + cf, 16-bit. */
    public static int adc16(int a, int b, int cf) {
        return (short) (a + b + cf);
    }

    /** a + b + cf. */
    public static int adc32(int a, int b, int cf) {
        return a + b + cf;
    }

    /** a + b + cf. */
    public static long adc64(long a, long b, int cf) {
        return a + b + cf;
    }

    /** a - b, 8-bit; also CMP. */
    public static int sub8(int a, int b) {
        return (byte) (a - b);
    }

    /** a - b, 16-bit; also CMP. */
    public static int sub16(int a, int b) {
        return (short) (a - b);
    }

    /** a - b; also CMP. */
    public static int sub32(int a, int b) {
        return a - b;
    }

    /** a - b; also CMP. */
    public static long sub64(long a, long b) {
        return a - b;
    }

    /** a - b - cf, 8-bit. */
    public static int sbb8(int a, int b, int cf) {
        return (byte) (a - b - cf);
    }

    /** a - b - cf, 16-bit. */
    public static int sbb16(int a, int b, int cf) {
        return (short) (a - b - cf);
    }

    /** a - b - cf. */
    public static int sbb32(int a, int b, int cf) {
        return a - b - cf;
    }

    /** a - b - cf. */
    public static long sbb64(long a, long b, int cf) {
        return a - b - cf;
    }

    /** a AND b, 8-bit; also TEST. */
    public static int and8(int a, int b) {
        return (byte) (a & b);
    }

    /** a AND b, 16-bit; also TEST. */
    public static int and16(int a, int b) {
        return (short) (a & b);
    }

    /** a AND b; also TEST. */
    public static int and32(int a, int b) {
        return a & b;
    }

    /** a AND b; also TEST. */
    public static long and64(long a, long b) {
        return a & b;
    }

    /** a OR b, 8-bit. */
    public static int or8(int a, int b) {
        return (byte) (a | b);
    }

    /** a OR b, 16-bit. */
    public static int or16(int a, int b) {
        return (short) (a | b);
    }

    /** a OR b. */
    public static int or32(int a, int b) {
        return a | b;
    }

    /** a OR b. */
    public static long or64(long a, long b) {
        return a | b;
    }

    /** a XOR b, 8-bit. */
    public static int xor8(int a, int b) {
        return (byte) (a ^ b);
    }

    /** a XOR b, 16-bit. */
    public static int xor16(int a, int b) {
        return (short) (a ^ b);
    }

    /** a XOR b. */
    public static int xor32(int a, int b) {
        return a ^ b;
    }

    /** a XOR b. */
    public static long xor64(long a, long b) {
        return a ^ b;
    }

    /** NOT a, 8-bit. */
    public static int not8(int a) {
        return (byte) ~a;
    }

    /** NOT a, 16-bit. */
    public static int not16(int a) {
        return (short) ~a;
    }

    /** NOT a. */
    public static int not32(int a) {
        return ~a;
    }

    /** NOT a. */
    public static long not64(long a) {
        return ~a;
    }

    /** 0 - a, 8-bit; {@code aux} is that of the subtraction. */
    public static int neg8(int a) {
        return (byte) -a;
    }

    /** 0 - a, 16-bit. */
    public static int neg16(int a) {
        return (short) -a;
    }

    /** 0 - a. */
    public static int neg32(int a) {
        return -a;
    }

    /** 0 - a. */
    public static long neg64(long a) {
        return -a;
    }

    /** a + 1, 8-bit; {@code aux} is {@link #keepCf} of that of the addition. */
    public static int inc8(int a) {
        return (byte) (a + 1);
    }

    /** a + 1, 16-bit. */
    public static int inc16(int a) {
        return (short) (a + 1);
    }

    /** a + 1. */
    public static int inc32(int a) {
        return a + 1;
    }

    /** a + 1. */
    public static long inc64(long a) {
        return a + 1;
    }

    /** a - 1, 8-bit; {@code aux} is {@link #keepCf} of that of the subtraction. */
    public static int dec8(int a) {
        return (byte) (a - 1);
    }

    /** a - 1, 16-bit. */
    public static int dec16(int a) {
        return (short) (a - 1);
    }

    /** a - 1. */
    public static int dec32(int a) {
        return a - 1;
    }

    /** a - 1. */
    public static long dec64(long a) {
        return a - 1;
    }

    /** {@code aux} with the CF of {@code old}; OF stays. */
    public static int keepCf(int old, int aux) {
        return aux ^ ((old ^ aux) >> 31 & CF_AND_OF);
    }

    /** {@code aux} with CF set to {@code cf} (0 or 1); the other flags stay. */
    public static int withCf(int aux, int cf) {
        return aux ^ (-(aux >>> 31 ^ cf) & CF_AND_OF);
    }

    /** {@code aux} with OF set to {@code of} (0 or 1); the other flags stay. */
    public static int withOf(int aux, int of) {
        return aux & 0xBFFFFFFF | (aux >>> 31 ^ of) << 30;
    }

    /** {@code aux} with CF and OF set (0 or 1); the other flags stay. */
    public static int withCfOf(int aux, int cf, int of) {
        return aux & 0x3FFFFFFF | cf << 31 | (cf ^ of) << 30;
    }
}
