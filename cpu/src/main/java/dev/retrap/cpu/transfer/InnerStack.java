package dev.retrap.cpu.transfer;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;

/**
 * The stack of a more privileged level, from the TSS and checked (SDM vol. 2, INT n and CALL: inter-privilege).
 *
 * @param selector SS
 * @param esp stack pointer as the TSS has it
 * @param descriptor SS's descriptor
 */
record InnerStack(int selector, long esp, long descriptor) {
    /** SS and ESP for level {@code dpl} from the current 16- or 32-bit TSS; #TS or #SS with {@code ext}. */
    static InnerStack fromTss(Cpu c, int dpl, int ext) {
        boolean wide = (c.attr[Seg.TR] & 8) != 0;
        int at = wide ? 4 + 8 * dpl : 2 + 4 * dpl;
        int last = at + (wide ? 5 : 3);
        if ((c.attr[Seg.TR] & Seg.UNUSABLE) != 0 || Integer.compareUnsigned(last, c.limit[Seg.TR]) > 0) {
            throw c.fault(Fault.TS, c.sel[Seg.TR] & 0xFFFC | ext);
        }
        long tss = c.base[Seg.TR];
        long esp = c.mmu.systemLoad(c.paging.wrap(tss + at), wide ? 4 : 2);
        int selector = (int) c.mmu.systemLoad(c.paging.wrap(tss + at + (wide ? 4 : 2)), 2);
        if ((selector & 0xFFFC) == 0) {
            throw c.fault(Fault.TS, ext);
        }
        long d = Descriptors.read(c, selector, Fault.TS, ext);
        int a = Descriptors.attr(d);
        boolean writableData = (a & (Seg.S | Seg.CODE | Seg.RW)) == (Seg.S | Seg.RW);
        if ((selector & 3) != dpl || Seg.dpl(a) != dpl || !writableData) {
            throw c.fault(Fault.TS, selector & 0xFFFC | ext);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.SS, selector & 0xFFFC | ext);
        }
        return new InnerStack(selector, esp, d);
    }

    /** A 64-bit stack pointer at an offset of the 64-bit TSS. */
    static long tss64(Cpu c, int at, int ext) {
        if ((c.attr[Seg.TR] & Seg.UNUSABLE) != 0 || Integer.compareUnsigned(at + 7, c.limit[Seg.TR]) > 0) {
            throw c.fault(Fault.TS, c.sel[Seg.TR] & 0xFFFC | ext);
        }
        return c.mmu.systemLoad(c.base[Seg.TR] + at, 8);
    }

    int attr() {
        return Descriptors.attr(descriptor);
    }

    long base() {
        return Seg.baseOf((int) descriptor, (int) (descriptor >>> 32));
    }

    long limit() {
        return Seg.limitOf((int) descriptor, (int) (descriptor >>> 32)) & 0xFFFFFFFFL;
    }

    long mask() {
        return (attr() & Seg.DB) != 0 ? 0xFFFFFFFFL : 0xFFFFL;
    }

    void markAccessed(Cpu c) {
        Descriptors.mark(c, selector, descriptor, Seg.ACCESSED);
    }

    /** Loads SS; the stack pointer is the caller's to set, and {@link Descriptors#setCode} is to follow. */
    void load(Cpu c) {
        Descriptors.fill(c, Seg.SS, selector, descriptor);
    }
}
