package dev.retrap.cpu.core;

/**
 * EFLAGS bits, and the lazy form of the six arithmetic flags.
 *
 * <p>The arithmetic flags are kept as the sign-extended result of the last flag-setting instruction ({@code res}) and
 * an int {@code aux}: bit 31 CF, bit 30 CF^OF, bit 3 AF, bits 15:8 a byte XORed into the result's low byte before parity
 * is taken, bit 0 XORed into the sign. ZF is {@code res == 0}. The last two are zero after arithmetic and serve
 * flag combinations that no result has (POPF, SAHF).
 */
public final class Flags {
    public static final int CF = 1, PF = 4, AF = 0x10, ZF = 0x40, SF = 0x80, TF = 0x100, IF = 0x200, DF = 0x400,
            OF = 0x800, IOPL = 0x3000, NT = 0x4000, RF = 0x10000, VM = 0x20000, AC = 0x40000, VIF = 0x80000,
            VIP = 0x100000, ID = 0x200000;
    /** The six arithmetic flags. */
    public static final int ARITH = CF | PF | AF | ZF | SF | OF;
    /** Bits of the carry vector that {@code aux} keeps. */
    public static final int AUX = 0xC0000008;

    private Flags() {}

    /** {@code aux} of {@code r = a + b (+ carry)}, 32-bit. */
    public static int auxAdd(int a, int b, int r) {
        return ((a & b) | ((a | b) & ~r)) & AUX;
    }

    /** {@code aux} of {@code r = a - b (- borrow)}, 32-bit. */
    public static int auxSub(int a, int b, int r) {
        return ((~a & b) | ((~a | b) & r)) & AUX;
    }

    /** {@code aux} of a 64-bit addition. */
    public static int auxAdd64(long a, long b, long r) {
        return aux64((a & b) | ((a | b) & ~r));
    }

    /** {@code aux} of a 64-bit subtraction. */
    public static int auxSub64(long a, long b, long r) {
        return aux64((~a & b) | ((~a | b) & r));
    }

    private static int aux64(long carries) {
        return (int) (carries >>> 32) & 0xC0000000 | (int) carries & 8;
    }

    /** {@code aux} of an 8-bit addition; operands and result in the low byte, the rest ignored. */
    public static int auxAdd8(int a, int b, int r) {
        int v = (a & b) | ((a | b) & ~r);
        return v << 24 & 0xC0000000 | v & 8;
    }

    public static int auxSub8(int a, int b, int r) {
        int v = (~a & b) | ((~a | b) & r);
        return v << 24 & 0xC0000000 | v & 8;
    }

    public static int auxAdd16(int a, int b, int r) {
        int v = (a & b) | ((a | b) & ~r);
        return v << 16 & 0xC0000000 | v & 8;
    }

    public static int auxSub16(int a, int b, int r) {
        int v = (~a & b) | ((~a | b) & r);
        return v << 16 & 0xC0000000 | v & 8;
    }

    /** {@code aux} with given CF and OF (0 or 1) and AF clear. */
    public static int aux(int cf, int of) {
        return cf << 31 | (cf ^ of) << 30;
    }

    public static boolean cf(int aux) {
        return aux < 0;
    }

    public static boolean of(int aux) {
        return (aux ^ aux << 1) < 0;
    }

    public static boolean af(int aux) {
        return (aux & 8) != 0;
    }

    public static boolean sf(long res, int aux) {
        return res < 0 ^ (aux & 1) != 0;
    }

    public static boolean pf(long res, int aux) {
        return (Integer.bitCount((int) res & 0xff ^ aux >>> 8 & 0xff) & 1) == 0;
    }

    /** The arithmetic flags as EFLAGS bits. */
    public static int arith(long res, int aux) {
        int f = aux >>> 31;
        if (pf(res, aux)) {
            f |= PF;
        }
        f |= (aux & 8) << 1;
        if (res == 0) {
            f |= ZF;
        }
        if (sf(res, aux)) {
            f |= SF;
        }
        if (of(aux)) {
            f |= OF;
        }
        return f;
    }

    /** {@code res} that stands for the arithmetic flags {@code f}, together with {@link #auxOf}. */
    public static long resOf(int f) {
        return (f & ZF) != 0 ? 0 : 0x100;
    }

    /** {@code aux} that stands for the arithmetic flags {@code f}, together with {@link #resOf}. */
    public static int auxOf(int f) {
        int cf = f & CF;
        int aux = aux(cf, f >>> 11 & 1);
        aux |= (f & AF) >>> 1;
        aux |= (f & SF) >>> 7;
        if ((f & PF) == 0) {
            aux |= 0x100;
        }
        return aux;
    }

    /** A condition code of Jcc, SETcc, CMOVcc (SDM vol. 1, appendix B), 0..15. */
    public static boolean condition(int cc, long res, int aux) {
        boolean b = switch (cc >> 1) {
            case 0 -> of(aux);
            case 1 -> aux < 0;
            case 2 -> res == 0;
            case 3 -> aux < 0 || res == 0;
            case 4 -> sf(res, aux);
            case 5 -> pf(res, aux);
            case 6 -> sf(res, aux) ^ of(aux);
            default -> res == 0 || sf(res, aux) ^ of(aux);
        };
        return b ^ (cc & 1) != 0;
    }
}
