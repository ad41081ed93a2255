package dev.retrap.cpu.transfer;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/** Far JMP, CALL and RET: direct, through call gates, task gates and TSSs (SDM vol. 2, JMP, CALL, RET). */
public final class FarTransfers {
    private FarTransfers() {}

    public static void jump(Cpu c, Insn i) {
        jump(c, i, (int) i.imm2 & 0xFFFF, i.imm);
    }

    public static void jumpIndirect(Cpu c, Insn i) {
        long offset = pointerOffset(c, i);
        jump(c, i, pointerSelector(c, i), offset);
    }

    public static void call(Cpu c, Insn i) {
        call(c, i, (int) i.imm2 & 0xFFFF, i.imm);
    }

    public static void callIndirect(Cpu c, Insn i) {
        long offset = pointerOffset(c, i);
        call(c, i, pointerSelector(c, i), offset);
    }

    private static int pointerSize(Cpu c, Insn i) {
        return i.opSize == 64 && !c.model.behaviour().farPointer64() ? 32 : i.opSize;
    }

    /** The offset is read before the selector. */
    private static long pointerOffset(Cpu c, Insn i) {
        long ea = c.ea(i);
        return switch (pointerSize(c, i)) {
            case 16 -> c.ld16(i.seg, ea);
            case 32 -> c.ld32(i.seg, ea) & 0xFFFFFFFFL;
            default -> c.ld64(i.seg, ea);
        };
    }

    private static int pointerSelector(Cpu c, Insn i) {
        long ea = c.ea(i) + (pointerSize(c, i) >> 3);
        return c.ld16(i.seg, i.addrSize == 64 ? ea : ea & (i.addrSize == 32 ? 0xFFFFFFFFL : 0xFFFF));
    }

    private static void jump(Cpu c, Insn i, int selector, long offset) {
        c.attention();
        if (!c.isProtected()) {
            if (offset > 0xFFFF) {
                throw c.gp(0);
            }
            Descriptors.fillReal(c, Seg.CS, selector);
            c.modeChanged();
            c.rip = offset;
            return;
        }
        long d = target(c, selector);
        int a = Descriptors.attr(d);
        if ((a & Seg.S) != 0) {
            checkDirect(c, selector, a);
            checkOffset(c, d, a, offset);
            Descriptors.fillCode(c, selector, d, c.cpl);
            c.rip = offset;
            return;
        }
        switch (a & Seg.TYPE) {
            case 4, 0xC -> {
                Gate g = Gate.read(c, selector, d, a);
                int ca = Descriptors.attr(g.code());
                boolean conforming = (ca & Seg.DC) != 0;
                if (conforming ? Seg.dpl(ca) > c.cpl : Seg.dpl(ca) != c.cpl) {
                    throw c.gp(g.selector() & 0xFFFC);
                }
                present(c, g.selector(), ca);
                checkOffset(c, g.code(), ca, g.offset());
                Descriptors.fillCode(c, g.selector(), g.code(), c.cpl);
                c.rip = g.offset();
            }
            case 5, 1, 9 -> TaskSwitch.jump(c, i, selector, d);
            default -> throw c.gp(selector & 0xFFFC);
        }
    }

    private static void call(Cpu c, Insn i, int selector, long offset) {
        c.attention();
        int size = i.opSize;
        if (!c.isProtected()) {
            if (offset > 0xFFFF) {
                throw c.gp(0);
            }
            pushPointer(c, size, c.sel[Seg.CS], i.next);
            Descriptors.fillReal(c, Seg.CS, selector);
            c.modeChanged();
            c.rip = offset;
            return;
        }
        long d = target(c, selector);
        int a = Descriptors.attr(d);
        if ((a & Seg.S) != 0) {
            checkDirect(c, selector, a);
            checkOffset(c, d, a, offset);
            pushPointer(c, size, c.sel[Seg.CS], i.next);
            Descriptors.fillCode(c, selector, d, c.cpl);
            c.rip = offset;
            return;
        }
        switch (a & Seg.TYPE) {
            case 4, 0xC -> callGate(c, i, Gate.read(c, selector, d, a));
            case 5, 1, 9 -> TaskSwitch.call(c, i, selector, d);
            default -> throw c.gp(selector & 0xFFFC);
        }
    }

    private static void callGate(Cpu c, Insn i, Gate g) {
        int ca = Descriptors.attr(g.code());
        int dpl = Seg.dpl(ca);
        if (dpl > c.cpl) {
            throw c.gp(g.selector() & 0xFFFC);
        }
        present(c, g.selector(), ca);
        boolean inner = (ca & Seg.DC) == 0 && dpl < c.cpl;
        int size = c.longMode() ? 8 : g.wide() ? 4 : 2;
        checkOffset(c, g.code(), ca, g.offset());
        if (!inner) {
            pushPointer(c, size * 8, c.sel[Seg.CS], i.next);
            Descriptors.fillCode(c, g.selector(), g.code(), c.cpl);
            c.rip = g.offset();
            return;
        }
        c.boundary.begin(c, Crossing.Kind.CALL_GATE, i.ip, c.position - 1);
        if (c.longMode()) {
            long rsp = InnerStack.tss64(c, 4 + 8 * dpl, 0);
            if (rsp << 16 >> 16 != rsp) {
                throw c.fault(Fault.SS, 0);
            }
            boolean user = dpl == 3;
            c.mmu.checkWrite(rsp - 32, 32, user);
            c.mmu.storeAs(rsp - 8, c.sel[Seg.SS], 8, user);
            c.mmu.storeAs(rsp - 16, c.r[4], 8, user);
            c.mmu.storeAs(rsp - 24, c.sel[Seg.CS], 8, user);
            c.mmu.storeAs(rsp - 32, i.next, 8, user);
            Descriptors.mark(c, g.selector(), g.code(), Seg.ACCESSED);
            c.cpl = dpl;
            Descriptors.nullStack(c, dpl);
            c.r[4] = rsp - 32;
        } else {
            InnerStack s = InnerStack.fromTss(c, dpl, 0);
            long[] parameters = new long[g.parameters()];
            for (int p = 0; p < parameters.length; p++) {
                parameters[p] = c.peek(size * 8, p * size);
            }
            Frame f = Frame.at(c, s.esp(), s.mask(), s.base(), s.limit(), s.attr(), (4 + parameters.length) * size,
                    dpl == 3, s.selector() & 0xFFFC);
            f.push(size, c.sel[Seg.SS]);
            f.push(size, c.r[4]);
            for (int p = parameters.length - 1; p >= 0; p--) {
                f.push(size, parameters[p]);
            }
            f.push(size, c.sel[Seg.CS]);
            f.push(size, i.next);
            Descriptors.mark(c, g.selector(), g.code(), Seg.ACCESSED);
            s.markAccessed(c);
            c.cpl = dpl;
            s.load(c);
            c.r[4] = s.esp() & ~s.mask() | f.sp();
        }
        Descriptors.setCode(c, g.selector(), g.code(), dpl);
        c.rip = g.offset();
        c.boundary.end(c, Crossing.Kind.CALL_GATE);
    }

    /** RETF, with {@code i.imm} bytes of parameters dropped. */
    public static void ret(Cpu c, Insn i) {
        c.attention();
        int size = i.opSize;
        int n = size >> 3;
        // The order in which a Zen reads the slots; a fault's CR2 shows it.
        int cs = (int) c.peek(size, n) & 0xFFFF;
        long ip = c.peek(size, 0);
        int drop = (int) i.imm & 0xFFFF;
        if (!c.isProtected()) {
            if (ip > 0xFFFF) {
                throw c.gp(0);
            }
            c.sp(c.r[4] + 2 * n + drop);
            Descriptors.fillReal(c, Seg.CS, cs);
            c.modeChanged();
            c.rip = ip;
            return;
        }
        int rpl = cs & 3;
        boolean outer = rpl != c.cpl;
        int ss = outer ? (int) c.peek(size, 3 * n + drop) & 0xFFFF : 0;
        long sp = outer ? c.peek(size, 2 * n + drop) : 0;
        if ((cs & 0xFFFC) == 0) {
            throw c.gp(0);
        }
        long d = Descriptors.read(c, cs, Fault.GP, 0);
        int a = Descriptors.attr(d);
        boolean conforming = (a & Seg.DC) != 0;
        if ((a & (Seg.S | Seg.CODE)) != (Seg.S | Seg.CODE)
                || rpl < c.cpl
                || (conforming ? Seg.dpl(a) > rpl : Seg.dpl(a) != rpl)
                || c.longMode() && (a & (Seg.L | Seg.DB)) == (Seg.L | Seg.DB)) {
            throw c.gp(cs & 0xFFFC);
        }
        present(c, cs, a);
        if (!outer) {
            checkOffset(c, d, a, ip);
            c.sp(c.r[4] + 2 * n + drop);
            Descriptors.fillCode(c, cs, d, rpl);
            c.rip = ip;
            return;
        }
        boolean to64 = c.longMode() && (a & Seg.L) != 0;
        boolean nullStack = (ss & 0xFFFC) == 0;
        long sd = 0;
        if (nullStack) {
            if (!(to64 && rpl < 3 && (ss & 3) == rpl)) {
                throw c.gp(0);
            }
        } else {
            sd = Descriptors.read(c, ss, Fault.GP, 0);
            int sa = Descriptors.attr(sd);
            if ((ss & 3) != rpl || Seg.dpl(sa) != rpl || (sa & (Seg.S | Seg.CODE | Seg.RW)) != (Seg.S | Seg.RW)) {
                throw c.gp(ss & 0xFFFC);
            }
            if ((sa & Seg.P) == 0) {
                throw c.fault(Fault.SS, ss & 0xFFFC);
            }
        }
        checkOffset(c, d, a, ip);
        c.boundary.begin(c, Crossing.Kind.RETF, i.ip, c.position - 1);
        Descriptors.mark(c, cs, d, Seg.ACCESSED);
        if (!nullStack) {
            Descriptors.mark(c, ss, sd, Seg.ACCESSED);
        }
        c.cpl = rpl;
        if (nullStack) {
            Descriptors.nullStack(c, ss);
        } else {
            Descriptors.fill(c, Seg.SS, ss, sd);
        }
        Descriptors.setCode(c, cs, d, rpl);
        c.sp(sp);
        c.sp(c.r[4] + drop);
        c.rip = ip;
        Outer.dropDataSegments(c);
        c.boundary.end(c, Crossing.Kind.RETF);
    }

    private static void pushPointer(Cpu c, int size, int selector, long ip) {
        int n = size >> 3;
        long first = c.sp() - n & c.stackMask();
        long second = c.sp() - 2 * n & c.stackMask();
        // If the second faults the first stays written, as on the physical processor.
        store(c, size, first, selector);
        store(c, size, second, ip);
        c.sp(c.r[4] - 2 * n);
    }

    private static void store(Cpu c, int size, long at, long v) {
        switch (size) {
            case 16 -> c.st16(Seg.SS, at, (int) v);
            case 32 -> c.st32(Seg.SS, at, (int) v);
            default -> c.st64(Seg.SS, at, v);
        }
    }

    private static long target(Cpu c, int selector) {
        if ((selector & 0xFFFC) == 0) {
            throw c.gp(0);
        }
        return Descriptors.read(c, selector, Fault.GP, 0);
    }

    private static void checkDirect(Cpu c, int selector, int a) {
        boolean conforming = (a & Seg.DC) != 0;
        if ((a & Seg.CODE) == 0
                || (conforming ? Seg.dpl(a) > c.cpl : (selector & 3) > c.cpl || Seg.dpl(a) != c.cpl)
                || c.longMode() && (a & (Seg.L | Seg.DB)) == (Seg.L | Seg.DB)) {
            throw c.gp(selector & 0xFFFC);
        }
        present(c, selector, a);
    }

    private static void present(Cpu c, int selector, int a) {
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC);
        }
    }

    private static void checkOffset(Cpu c, long d, int a, long offset) {
        if (c.longMode() && (a & Seg.L) != 0) {
            if (offset << 16 >> 16 != offset) {
                throw c.gp(0);
            }
        } else if (Long.compareUnsigned(offset, Seg.limitOf((int) d, (int) (d >>> 32)) & 0xFFFFFFFFL) > 0) {
            throw c.gp(0);
        }
    }
}
