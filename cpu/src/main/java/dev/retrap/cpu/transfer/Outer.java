package dev.retrap.cpu.transfer;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Seg;

/** What every return to less privilege does to the data segments. */
final class Outer {
    private Outer() {}

    /** Nulls the data segment registers whose segment the new CPL may not use (SDM vol. 2, IRET: RETURN-TO-OUTER). */
    static void dropDataSegments(Cpu c) {
        for (int s = Seg.ES; s <= Seg.GS; s++) {
            if (s == Seg.CS || s == Seg.SS) {
                continue;
            }
            int a = c.attr[s];
            boolean conforming = (a & (Seg.CODE | Seg.DC)) == (Seg.CODE | Seg.DC);
            if ((a & Seg.UNUSABLE) == 0 && !conforming && Seg.dpl(a) < c.cpl) {
                Descriptors.fillNull(c, s, 0);
                c.segmentLoaded(s);
            } else if ((a & Seg.UNUSABLE) != 0) {
                // A null selector stays null, but its RPL bits are cleared.
                c.sel[s] = 0;
            }
        }
    }
}
