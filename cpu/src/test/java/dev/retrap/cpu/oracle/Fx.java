package dev.retrap.cpu.oracle;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/** x87, MMX and SSE state as an FXSAVE image: comparison and text. */
final class Fx {
    /** In the high byte of the status word. */
    private static final int C1 = 2;
    private static final BigInteger INTEGER_BIT = BigInteger.ONE.shiftLeft(63);

    private Fx() {}

    /**
     * True if two images agree.
     *
     * @param unit results of a transcendental instruction, ST(0) and ST(1), may differ by one unit in the last place, and
     *     C1 with them: the manuals promise no more (SDM vol. 1, 8.3.10)
     */
    static boolean agree(byte[] expected, byte[] got, boolean unit) {
        if (expected == null || got == null) {
            return expected == got;
        }
        for (int i = 0; i < State.FX_BYTES; i++) {
            if (expected[i] != got[i] && compared(i) && !(unit && tolerated(expected, got, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean tolerated(byte[] expected, byte[] got, int at) {
        if (at == State.FX_FSW + 1) {
            return ((expected[at] ^ got[at]) & ~C1) == 0;
        }
        int register = (at - State.FX_ST) / 16;
        if (at < State.FX_ST || register > 1) {
            return false;
        }
        int from = State.FX_ST + 16 * register;
        // Sign, exponent and significand as one number: the next one also where the exponent changes.
        var difference = number(expected, from).subtract(number(got, from));
        return difference.abs().equals(BigInteger.ONE);
    }

    /** An extended-precision number of an integer bit that is set, without that bit. */
    private static BigInteger number(byte[] fx, int at) {
        var bytes = new byte[11];
        for (int i = 0; i < 10; i++) {
            bytes[10 - i] = fx[at + i];
        }
        var whole = new BigInteger(bytes);
        var significand = whole.and(INTEGER_BIT.subtract(BigInteger.ONE));
        return whole.shiftRight(64).shiftLeft(63).or(significand);
    }

    /** The mask of MXCSR is the processor's, and bytes 10 to 15 of a register's slot are reserved. */
    private static boolean compared(int at) {
        boolean mask = at >= State.FX_MXCSR_MASK && at < State.FX_ST;
        boolean reserved = at >= State.FX_ST && at < State.FX_XMM && (at & 15) >= 10 || at == 5;
        return !mask && !reserved;
    }

    static String text(byte[] fx) {
        if (fx == null) {
            return "";
        }
        var b = new StringBuilder();
        for (int at = 0; at < State.FX_ST; at += 16) {
            b.append("\n           fx[").append(at).append("]=").append(HexFormat.of().formatHex(fx, at, at + 16));
        }
        for (int at = State.FX_ST; at < State.FX_BYTES; at += 16) {
            boolean st = at < State.FX_XMM;
            b.append(at % 64 == 32 ? "\n           " : " ").append(name(at)).append('=')
                    .append(HexFormat.of().formatHex(fx, at, at + (st ? 10 : 16)));
        }
        return b.toString();
    }

    private static String name(int at) {
        return at < State.FX_XMM ? "st" + (at - State.FX_ST) / 16 : "xmm" + (at - State.FX_XMM) / 16;
    }

    /** What changed. */
    static String difference(byte[] before, byte[] after) {
        if (before == null || after == null) {
            return "";
        }
        var b = new StringBuilder();
        if (!Arrays.equals(before, 0, State.FX_MXCSR_MASK, after, 0, State.FX_MXCSR_MASK)) {
            b.append(" fx[0]=").append(HexFormat.of().formatHex(after, 0, State.FX_MXCSR_MASK));
        }
        for (int at = State.FX_ST; at < State.FX_BYTES; at += 16) {
            int end = at + (at < State.FX_XMM ? 10 : 16);
            if (!Arrays.equals(before, at, end, after, at, end)) {
                b.append(' ').append(name(at)).append('=').append(HexFormat.of().formatHex(after, at, end));
            }
        }
        return b.toString();
    }
}
