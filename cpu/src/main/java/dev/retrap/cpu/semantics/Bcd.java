package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Flags;

/**
 * Decimal adjustment (SDM vol. 2, DAA, DAS, AAA, AAS, AAM, AAD). Each takes and gives AX or AL; {@code flags} are the
 * arithmetic flags as EFLAGS bits. Undefined flags: OF is clear; SF, ZF and PF of AAA and AAS are those of AL, and CF
 * and AF of AAM and AAD are clear.
 */
public final class Bcd {
    private Bcd() {}

    private static boolean lowDigit(int al, int flags) {
        return (al & 0xF) > 9 || (flags & Flags.AF) != 0;
    }

    private static boolean highDigit(int al, int flags) {
        return (al & 0xFF) > 0x99 || (flags & Flags.CF) != 0;
    }

    /** DAA: AL after. */
    public static int daa(int al, int flags) {
        return al + (lowDigit(al, flags) ? 6 : 0) + (highDigit(al, flags) ? 0x60 : 0) & 0xFF;
    }

    /** DAA: flags after. */
    public static int daaFlags(int al, int flags) {
        return ofResult(daa(al, flags)) | (lowDigit(al, flags) ? Flags.AF : 0) | (highDigit(al, flags) ? Flags.CF : 0);
    }

    /** DAS: AL after. */
    public static int das(int al, int flags) {
        return al - (lowDigit(al, flags) ? 6 : 0) - (highDigit(al, flags) ? 0x60 : 0) & 0xFF;
    }

    /** DAS: flags after; a borrow of the low digit's correction is a carry too. */
    public static int dasFlags(int al, int flags) {
        boolean low = lowDigit(al, flags);
        boolean cf = highDigit(al, flags) || low && (al & 0xFF) < 6;
        return ofResult(das(al, flags)) | (low ? Flags.AF : 0) | (cf ? Flags.CF : 0);
    }

    /** AAA: AX after. */
    public static int aaa(int ax, int flags) {
        int v = lowDigit(ax, flags) ? ax + 0x106 : ax;
        return v & 0xFF0F;
    }

    /** AAS: AX after. */
    public static int aas(int ax, int flags) {
        int v = lowDigit(ax, flags) ? ax - 0x106 : ax;
        return v & 0xFF0F;
    }

    /** AAA and AAS: flags after, {@code ax} being AX before and {@code result} AX after. */
    public static int asciiFlags(int ax, int flags, int result) {
        return ofResult(result & 0xFF) | (lowDigit(ax, flags) ? Flags.AF | Flags.CF : 0);
    }

    /** AAM: AX after; {@code base} is not 0. */
    public static int aam(int al, int base) {
        int v = al & 0xFF;
        return v / base << 8 | v % base;
    }

    /** AAD: AX after. */
    public static int aad(int ax, int base) {
        return ax + (ax >>> 8 & 0xFF) * base & 0xFF;
    }

    /** AAM and AAD: flags after, of AL. */
    public static int ofResult(int al) {
        int v = al & 0xFF;
        return (v == 0 ? Flags.ZF : 0) | v & Flags.SF | ((Integer.bitCount(v) & 1) == 0 ? Flags.PF : 0);
    }
}
