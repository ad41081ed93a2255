package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * Handlers of near transfers: Jcc, JMP, CALL, RET, LOOP, LOOPcc, JCXZ; and BOUND. The target is checked before anything
 * else changes; RIP alone may be changed before a stack access that can still fault, since the engine restores it.
 */
final class Branches {
    private Branches() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case JCC -> conditional(i.cond);
            case JMP -> (c, x) -> c.jump(x.imm);
            case JMP_IND -> (c, x) -> c.jump(Operands.get(c, x, 0, x.opSize));
            case CALL -> switch (i.opSize) {
                case 32 -> (c, x) -> call32(c, x, x.imm);
                case 64 -> (c, x) -> call64(c, x, x.imm);
                default -> (c, x) -> call16(c, x, x.imm);
            };
            case CALL_IND -> switch (i.opSize) {
                case 32 -> (c, x) -> call32(c, x, indirect(c, x, 32));
                case 64 -> (c, x) -> call64(c, x, indirect(c, x, 64));
                default -> (c, x) -> call16(c, x, indirect(c, x, 16));
            };
            case RET -> switch (i.opSize) {
                case 32 -> Branches::ret32;
                case 64 -> Branches::ret64;
                default -> Branches::ret16;
            };
            case LOOP -> Branches::loop;
            // A repeat prefix is not defined here; AMD processors let it decide the condition.
            case LOOPE -> i.rep == Insn.REP_F2 ? Branches::loopne : Branches::loope;
            case LOOPNE -> i.rep == Insn.REP_F3 ? Branches::loope : Branches::loopne;
            case JCXZ -> Branches::jcxz;
            case BOUND -> Branches::bound;
            default -> null;
        };
    }

    private static Exec conditional(int cc) {
        return switch (cc) {
            case 0 -> (c, i) -> when(c, i, Flags.of(c.flagAux));
            case 1 -> (c, i) -> when(c, i, !Flags.of(c.flagAux));
            case 2 -> (c, i) -> when(c, i, c.flagAux < 0);
            case 3 -> (c, i) -> when(c, i, c.flagAux >= 0);
            case 4 -> (c, i) -> when(c, i, c.flagRes == 0);
            case 5 -> (c, i) -> when(c, i, c.flagRes != 0);
            case 6 -> (c, i) -> when(c, i, c.flagAux < 0 || c.flagRes == 0);
            case 7 -> (c, i) -> when(c, i, c.flagAux >= 0 && c.flagRes != 0);
            case 8 -> (c, i) -> when(c, i, Flags.sf(c.flagRes, c.flagAux));
            case 9 -> (c, i) -> when(c, i, !Flags.sf(c.flagRes, c.flagAux));
            case 10 -> (c, i) -> when(c, i, Flags.pf(c.flagRes, c.flagAux));
            case 11 -> (c, i) -> when(c, i, !Flags.pf(c.flagRes, c.flagAux));
            case 12 -> (c, i) -> when(c, i, less(c));
            case 13 -> (c, i) -> when(c, i, !less(c));
            case 14 -> (c, i) -> when(c, i, c.flagRes == 0 || less(c));
            default -> (c, i) -> when(c, i, c.flagRes != 0 && !less(c));
        };
    }

    private static boolean less(Cpu c) {
        return Flags.sf(c.flagRes, c.flagAux) != Flags.of(c.flagAux);
    }

    private static void when(Cpu c, Insn i, boolean condition) {
        if (condition) {
            c.jump(i.imm);
        }
    }

    /** Target of an indirect call; a page fault of the push comes before the check of the target. */
    private static long indirect(Cpu c, Insn i, int bits) {
        long target = Operands.get(c, i, 0, bits);
        int size = bits >> 3;
        c.mmu.checkWrite(c.writable(Seg.SS, c.r[4] - size & c.stackMask(), size), size);
        return target;
    }

    private static void call16(Cpu c, Insn i, long target) {
        long sp = c.r[4] - 2 & c.stackMask();
        long la = c.writable(Seg.SS, sp, 2);
        c.jump(target);
        c.mmu.store16(la, (int) i.next);
        c.sp(sp);
    }

    private static void call32(Cpu c, Insn i, long target) {
        long sp = c.r[4] - 4 & c.stackMask();
        long la = c.writable(Seg.SS, sp, 4);
        c.jump(target);
        c.mmu.store32(la, (int) i.next);
        c.sp(sp);
    }

    private static void call64(Cpu c, Insn i, long target) {
        long sp = c.r[4] - 8;
        long la = c.writable(Seg.SS, sp, 8);
        c.jump(target);
        c.mmu.store64(la, i.next);
        c.r[4] = sp;
    }

    private static void ret16(Cpu c, Insn i) {
        c.jump(c.ld16(Seg.SS, c.sp()));
        c.sp(c.r[4] + 2 + i.imm);
    }

    private static void ret32(Cpu c, Insn i) {
        c.jump(c.ld32(Seg.SS, c.sp()) & 0xFFFFFFFFL);
        c.sp(c.r[4] + 4 + i.imm);
    }

    private static void ret64(Cpu c, Insn i) {
        c.jump(c.ld64(Seg.SS, c.r[4]));
        c.r[4] += 8 + i.imm;
    }

    private static void loop(Cpu c, Insn i) {
        loopWhile(c, i, true);
    }

    private static void loope(Cpu c, Insn i) {
        loopWhile(c, i, c.flagRes == 0);
    }

    private static void loopne(Cpu c, Insn i) {
        loopWhile(c, i, c.flagRes != 0);
    }

    private static void loopWhile(Cpu c, Insn i, boolean condition) {
        long count = c.r[1] - 1 & Operands.addressMask(i);
        if (count != 0 && condition) {
            c.jump(i.imm);
        }
        Operands.setByAddressSize(c, i, 1, count);
    }

    private static void jcxz(Cpu c, Insn i) {
        if ((c.r[1] & Operands.addressMask(i)) == 0) {
            c.jump(i.imm);
        }
    }

    private static void bound(Cpu c, Insn i) {
        int bits = i.opSize;
        long ea = c.ea(i);
        long index = Operands.signExtend(c.r[i.r0], bits);
        long low = Operands.signExtend(Operands.load(c, i.seg, ea, bits), bits);
        long high = Operands.load(c, i.seg, ea + (bits >> 3) & Operands.addressMask(i), bits);
        if (index < low || index > Operands.signExtend(high, bits)) {
            throw c.fault(Fault.BR);
        }
    }
}
