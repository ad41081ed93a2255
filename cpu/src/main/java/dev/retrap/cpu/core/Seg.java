package dev.retrap.cpu.core;

/**
 * Numbers of segment registers and bits of a descriptor's attributes as {@link Cpu#attr} keeps them: descriptor bits
 * 55:40 with the limit nibble cleared (SDM vol. 3, figure 3-8).
 */
public final class Seg {
    public static final int ES = 0, CS = 1, SS = 2, DS = 3, FS = 4, GS = 5, LDTR = 6, TR = 7;
    /** Type field; for code and data: bit 0 accessed, 1 writable/readable, 2 expand-down/conforming, 3 code. */
    public static final int TYPE = 0xF, ACCESSED = 1, RW = 2, DC = 4, CODE = 8, S = 0x10, DPL = 0x60, P = 0x80,
            AVL = 0x1000, L = 0x2000, DB = 0x4000, G = 0x8000;
    /** Not in a descriptor: the segment register holds a null selector or was never loaded. */
    public static final int UNUSABLE = 0x10000;

    private Seg() {}

    /** Privilege level of an attribute word. */
    public static int dpl(int attr) {
        return attr >>> 5 & 3;
    }

    /** Attributes from the high half of a descriptor. */
    public static int attrOf(int high) {
        return high >>> 8 & 0xF0FF;
    }

    /** Base from both halves of a descriptor. */
    public static long baseOf(int low, int high) {
        return low >>> 16 & 0xFFFF | (high & 0xFF) << 16 | high & 0xFF000000L & 0xFFFFFFFFL;
    }

    /** Limit in bytes, as an unsigned int. */
    public static int limitOf(int low, int high) {
        int l = low & 0xFFFF | high & 0xF0000;
        return (high & 1 << 23) != 0 ? l << 12 | 0xFFF : l;
    }
}
