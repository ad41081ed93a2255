package dev.retrap.cpu.transfer;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;

/**
 * A call gate that has passed the checks common to CALL and JMP (SDM vol. 3, 5.8.3).
 *
 * @param selector code selector it names
 * @param offset entry point
 * @param code descriptor of the code segment, known to be a code segment
 * @param wide 32-bit (or 64-bit) gate
 * @param parameters words to copy
 */
record Gate(int selector, long offset, long code, boolean wide, int parameters) {
    static Gate read(Cpu c, int gateSelector, long d, int a) {
        int dpl = Seg.dpl(a);
        if (dpl < c.cpl || dpl < (gateSelector & 3)) {
            throw c.gp(gateSelector & 0xFFFC);
        }
        boolean wide = (a & 8) != 0;
        boolean lm = c.longMode();
        if (lm && !wide) {
            throw c.gp(gateSelector & 0xFFFC);
        }
        long upper = lm ? Descriptors.readUpper(c, gateSelector, Fault.GP, 0) : 0;
        if (lm && (upper >>> 40 & 0x1F) != 0) {
            throw c.gp(gateSelector & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, gateSelector & 0xFFFC);
        }
        int selector = (int) (d >>> 16) & 0xFFFF;
        if ((selector & 0xFFFC) == 0) {
            throw c.gp(0);
        }
        long code = Descriptors.read(c, selector, Fault.GP, 0);
        int ca = Descriptors.attr(code);
        if ((ca & (Seg.S | Seg.CODE)) != (Seg.S | Seg.CODE) || lm && (ca & (Seg.L | Seg.DB)) != Seg.L) {
            throw c.gp(selector & 0xFFFC);
        }
        long offset = d & 0xFFFF | (wide ? d >>> 32 & 0xFFFF0000L : 0) | (lm ? upper << 32 : 0);
        return new Gate(selector, offset, code, wide, lm ? 0 : (int) (d >>> 32) & 0x1F);
    }
}
