package dev.retrap.cpu.core;

/** Segment checks of a memory access when the segment is not flat (SDM vol. 3, 5.3 and 5.5). */
final class SegmentAccess {
    private SegmentAccess() {}

    /** Linear address of {@code size} bytes at offset {@code ea}; #GP(0), or #SS(0) for the stack segment. */
    static long linear(Cpu c, int seg, long ea, int size, boolean write) {
        if (c.mode64()) {
            long la = ea + (seg >= Seg.FS ? c.base[seg] : 0);
            long last = la + size - 1;
            if (la << 16 >> 16 != la || last << 16 >> 16 != last) {
                throw violation(c, seg);
            }
            return la;
        }
        int a = c.attr[seg];
        if ((a & Seg.UNUSABLE) != 0 || (a & Seg.P) == 0) {
            throw violation(c, seg);
        }
        boolean code = (a & Seg.CODE) != 0;
        if (c.isProtected()
                && (write ? code || (a & Seg.RW) == 0 : code && (a & Seg.RW) == 0)) {
            throw violation(c, seg);
        }
        long limit = c.limit[seg] & 0xFFFFFFFFL;
        long last = ea + size - 1;
        boolean inside;
        if (!code && (a & Seg.DC) != 0) {
            long top = (a & Seg.DB) != 0 ? 0xFFFFFFFFL : 0xFFFF;
            inside = ea > limit && last <= top;
        } else {
            inside = last <= limit;
        }
        if (!inside) {
            throw violation(c, seg);
        }
        return c.base[seg] + ea & 0xFFFFFFFFL;
    }

    private static Fault violation(Cpu c, int seg) {
        return c.fault(seg == Seg.SS ? Fault.SS : Fault.GP, 0);
    }
}
