package dev.retrap.cpu.semantics;

/**
 * Shifts, rotates and double shifts (SDM vol. 2, SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR, SHLD, SHRD). The count {@code n} is
 * already masked (to 5 bits, for 64-bit operands to 6) and not 0: a count of 0 changes no flag. The functions with
 * {@code bits} serve operands of 8, 16 and 32 bits; operands are taken from the low bits, results are sign-extended.
 *
 * <p>{@code aux} functions give the flags; rotates change CF and OF only. The undefined ones are those of Zen: OF as
 * after the last of n shifts by one, AF set by shifts, CF of a SHL or SHR by more than the width from the shifted-in
 * zeros; a 16-bit SHLD or SHRD by more than 16 rotates the second operand, with CF clear, and OF of SHLD is CF from a
 * count of 16 on.
 */
public final class Shifts {
    private static final int AF = 8;

    private Shifts() {}

    private static int signExtend(int v, int bits) {
        return v << 32 - bits >> 32 - bits;
    }

    private static int zeroExtend(int v, int bits) {
        return v << 32 - bits >>> 32 - bits;
    }

    // ---------------------------------------------------------------- SHL

    /** a shifted left. */
    public static int shl(int a, int n, int bits) {
        return signExtend(a << n, bits);
    }

    /** Flags of {@code r = shl(a, n, bits)}. */
    public static int auxShl(int a, int n, int r, int bits) {
        int cf = (int) ((zeroExtend(a, bits) & 0xFFFFFFFFL) << n >>> bits) & 1;
        return cf << 31 | r >>> 31 << 30 | AF;
    }

    /** a shifted left, 64-bit. */
    public static long shl64(long a, int n) {
        return a << n;
    }

    /** Flags of {@code r = shl64(a, n)}. */
    public static int auxShl64(long a, int n, long r) {
        return (int) (a >>> 64 - n) << 31 | (int) (r >>> 63) << 30 | AF;
    }

    // ---------------------------------------------------------------- SHR

    /** a shifted right, zeros shifted in. */
    public static int shr(int a, int n, int bits) {
        return zeroExtend(a, bits) >>> n;
    }

    /** Flags of {@code shr(a, n, bits)}. */
    public static int auxShr(int a, int n, int bits) {
        int last = zeroExtend(a, bits) >>> n - 1;
        return Alu.withCfOf(AF, last & 1, last >>> bits - 1);
    }

    /** a shifted right, zeros shifted in, 64-bit. */
    public static long shr64(long a, int n) {
        return a >>> n;
    }

    /** Flags of {@code shr64(a, n)}. */
    public static int auxShr64(long a, int n) {
        long last = a >>> n - 1;
        return Alu.withCfOf(AF, (int) last & 1, (int) (last >>> 63));
    }

    // ---------------------------------------------------------------- SAR

    /** a shifted right, its sign shifted in. */
    public static int sar(int a, int n, int bits) {
        return signExtend(a, bits) >> n;
    }

    /** Flags of {@code sar(a, n, bits)}. */
    public static int auxSar(int a, int n, int bits) {
        return Alu.withCfOf(AF, signExtend(a, bits) >> n - 1 & 1, 0);
    }

    /** a shifted right, its sign shifted in, 64-bit. */
    public static long sar64(long a, int n) {
        return a >> n;
    }

    /** Flags of {@code sar64(a, n)}. */
    public static int auxSar64(long a, int n) {
        return Alu.withCfOf(AF, (int) (a >> n - 1) & 1, 0);
    }

    // ---------------------------------------------------------------- ROL, ROR

    /** The operand repeated to fill 32 bits: rotating this rotates each copy. */
    private static int repeat(int a, int bits) {
        return switch (bits) {
            case 8 -> (a & 0xFF) * 0x01010101;
            case 16 -> (a & 0xFFFF) * 0x00010001;
            default -> a;
        };
    }

    /** a rotated left. */
    public static int rol(int a, int n, int bits) {
        return signExtend(Integer.rotateLeft(repeat(a, bits), n), bits);
    }

    /** Flags after a left rotation that gave {@code r}; {@code old} is {@code aux} before. */
    public static int auxRol(int old, int r) {
        int cf = r & 1;
        return Alu.withCfOf(old, cf, cf ^ r >>> 31);
    }

    /** a rotated left, 64-bit. */
    public static long rol64(long a, int n) {
        return Long.rotateLeft(a, n);
    }

    /** Flags after a 64-bit left rotation that gave {@code r}. */
    public static int auxRol64(int old, long r) {
        int cf = (int) r & 1;
        return Alu.withCfOf(old, cf, cf ^ (int) (r >>> 63));
    }

    /** a rotated right. */
    public static int ror(int a, int n, int bits) {
        return signExtend(Integer.rotateRight(repeat(a, bits), n), bits);
    }

    /** Flags after a right rotation that gave {@code r}. */
    public static int auxRor(int old, int r, int bits) {
        int cf = r >>> 31;
        return Alu.withCfOf(old, cf, cf ^ r >>> bits - 2 & 1);
    }

    /** a rotated right, 64-bit. */
    public static long ror64(long a, int n) {
        return Long.rotateRight(a, n);
    }

    /** Flags after a 64-bit right rotation that gave {@code r}. */
    public static int auxRor64(int old, long r) {
        int cf = (int) (r >>> 63);
        return Alu.withCfOf(old, cf, cf ^ (int) (r >>> 62) & 1);
    }

    // ---------------------------------------------------------------- RCL, RCR

    /** CF and operand as one number of bits + 1 bits, rotated left. */
    private static long rotateWithCarry(int a, int cf, int left, int bits) {
        long x = (long) cf << bits | zeroExtend(a, bits) & 0xFFFFFFFFL;
        return (x << left | x >>> bits + 1 - left) & (2L << bits) - 1;
    }

    /** a and CF rotated left. */
    public static int rcl(int a, int cf, int n, int bits) {
        return signExtend((int) rotateWithCarry(a, cf, n % (bits + 1), bits), bits);
    }

    /** Flags of {@code r = rcl(a, CF, n, bits)}, CF being that of {@code old}. */
    public static int auxRcl(int old, int a, int n, int r, int bits) {
        int cf = (int) (rotateWithCarry(a, old >>> 31, n % (bits + 1), bits) >>> bits);
        return Alu.withCfOf(old, cf, cf ^ r >>> 31);
    }

    /** a and CF rotated left, 64-bit. */
    public static long rcl64(long a, int cf, int n) {
        return a << n | (long) cf << n - 1 | (n == 1 ? 0 : a >>> 65 - n);
    }

    /** Flags of {@code r = rcl64(a, CF, n)}. */
    public static int auxRcl64(int old, long a, int n, long r) {
        int cf = (int) (a >>> 64 - n) & 1;
        return Alu.withCfOf(old, cf, cf ^ (int) (r >>> 63));
    }

    /** a and CF rotated right. */
    public static int rcr(int a, int cf, int n, int bits) {
        return signExtend((int) rotateWithCarry(a, cf, bits + 1 - n % (bits + 1), bits), bits);
    }

    /** Flags of {@code r = rcr(a, CF, n, bits)}, CF being that of {@code old}. */
    public static int auxRcr(int old, int a, int n, int r, int bits) {
        int cf = (int) (rotateWithCarry(a, old >>> 31, bits + 1 - n % (bits + 1), bits) >>> bits);
        return Alu.withCfOf(old, cf, (r >>> 31) ^ r >>> bits - 2 & 1);
    }

    /** a and CF rotated right, 64-bit. */
    public static long rcr64(long a, int cf, int n) {
        return a >>> n | (long) cf << 64 - n | (n == 1 ? 0 : a << 65 - n);
    }

    /** Flags of {@code r = rcr64(a, CF, n)}. */
    public static int auxRcr64(int old, long a, int n, long r) {
        int cf = (int) (a >>> n - 1) & 1;
        return Alu.withCfOf(old, cf, (int) (r >>> 63) ^ (int) (r >>> 62) & 1);
    }

    // ---------------------------------------------------------------- SHLD, SHRD

    /** a shifted left, bits of b shifted in. */
    public static int shld16(int a, int b, int n) {
        return n <= 16 ? (short) ((a << 16 | b & 0xFFFF) << n >>> 16) : rol(b, n, 16);
    }

    /** Flags of {@code r = shld16(a, b, n)}. */
    public static int auxShld16(int a, int n, int r) {
        if (n < 16) {
            return auxShl(a, n, r, 16);
        }
        int cf = n == 16 ? a & 1 : 0;
        return Alu.withCfOf(AF, cf, cf);
    }

    /** a shifted left, bits of b shifted in. */
    public static int shld32(int a, int b, int n) {
        return a << n | b >>> 32 - n;
    }

    /** a shifted left, bits of b shifted in. Flags of the 32- and 64-bit forms are those of SHL. */
    public static long shld64(long a, long b, int n) {
        return a << n | b >>> 64 - n;
    }

    /** a shifted right, bits of b shifted in. */
    public static int shrd16(int a, int b, int n) {
        return n <= 16 ? (short) ((b << 16 | a & 0xFFFF) >>> n) : ror(b, n, 16);
    }

    /** Flags of {@code r = shrd16(a, b, n)}. */
    public static int auxShrd16(int a, int n, int r) {
        int cf = n <= 16 ? (a & 0xFFFF) >>> n - 1 & 1 : 0;
        return Alu.withCfOf(AF, cf, (r >>> 15 ^ r >>> 14) & 1);
    }

    /** a shifted right, bits of b shifted in. */
    public static int shrd32(int a, int b, int n) {
        return a >>> n | b << 32 - n;
    }

    /** Flags of {@code r = shrd32(a, b, n)}. */
    public static int auxShrd32(int a, int n, int r) {
        return Alu.withCfOf(AF, a >>> n - 1 & 1, (r >>> 31) ^ r >>> 30 & 1);
    }

    /** a shifted right, bits of b shifted in. */
    public static long shrd64(long a, long b, int n) {
        return a >>> n | b << 64 - n;
    }

    /** Flags of {@code r = shrd64(a, b, n)}. */
    public static int auxShrd64(long a, int n, long r) {
        return Alu.withCfOf(AF, (int) (a >>> n - 1) & 1, (int) (r >>> 63) ^ (int) (r >>> 62) & 1);
    }
}
