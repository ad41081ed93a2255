package dev.retrap.cpu.transfer;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;

/**
 * A stack frame under construction on a stack that may not be the current one. Room, rights and pages are checked when
 * it is made, so that pushing cannot fault and a fault leaves the registers as they were.
 */
final class Frame {
    private final Cpu c;
    private final long mask;
    private final long base;
    private final boolean user;
    private long sp;

    private Frame(Cpu c, long sp, long mask, long base, boolean user) {
        this.c = c;
        this.sp = sp;
        this.mask = mask;
        this.base = base;
        this.user = user;
    }

    /**
     * A frame of {@code bytes} below {@code esp} of a stack segment; #SS(error) if it does not fit.
     *
     * @param user written with CPL-3 rights
     */
    static Frame at(Cpu c, long esp, long mask, long base, long limit, int attr, int bytes, boolean user, int error) {
        long low = esp - bytes & mask;
        long high = esp - 1 & mask;
        boolean fits = low <= high;
        if (fits) {
            if ((attr & Seg.DC) != 0) {
                fits = low > limit && high <= mask;
            } else {
                fits = high <= limit;
            }
        }
        if (!fits) {
            throw c.fault(Fault.SS, error);
        }
        c.mmu.checkWrite(c.paging.wrap(base + low), bytes, user);
        return new Frame(c, esp & mask, mask, base, user);
    }

    /** A frame on the stack as it is now. */
    static Frame onCurrentStack(Cpu c, int bytes) {
        return at(c, c.sp(), c.stackMask(), c.base[Seg.SS], c.limit[Seg.SS] & 0xFFFFFFFFL, c.attr[Seg.SS], bytes,
                c.cpl == 3, 0);
    }

    void push(int size, long v) {
        sp = sp - size & mask;
        c.mmu.storeAs(c.paging.wrap(base + sp), v, size, user);
    }

    /** Stack pointer after the pushes so far. */
    long sp() {
        return sp;
    }
}
