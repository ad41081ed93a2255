package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Operands in memory: as they are read they become extended values. */
@FunctionalInterface
interface MemoryOperand {
    /** Reads the operand; may fault. A denormal is reported as DE. */
    void load(Cpu c, Insn i, Result r);

    /** How an instruction reads its operand, by operation and size. */
    static MemoryOperand of(Op op, Insn i) {
        return switch (op) {
            case FIADD, FIMUL, FISUB, FISUBR, FIDIV, FIDIVR, FICOM, FICOMP, FILD -> switch (i.opSize) {
                case 16 -> (c, x, r) -> Widening.integer((short) c.ld16(x.seg, c.ea(x)), r);
                case 32 -> (c, x, r) -> Widening.integer(c.ld32(x.seg, c.ea(x)), r);
                default -> (c, x, r) -> Widening.integer(c.ld64(x.seg, c.ea(x)), r);
            };
            case FBLD -> MemoryOperand::decimal;
            default -> switch (i.opSize) {
                case 32 -> (c, x, r) -> Widening.single(c.ld32(x.seg, c.ea(x)), r);
                case 64 -> (c, x, r) -> Widening.binary64(c.ld64(x.seg, c.ea(x)), r);
                default -> MemoryOperand::extended;
            };
        };
    }

    private static void extended(Cpu c, Insn i, Result r) {
        long la = c.readable(i.seg, c.ea(i), 10);
        long significand = c.mmu.load64(la);
        r.exact(c.mmu.load16(c.paging.wrap(la + 8)), significand);
    }

    private static void decimal(Cpu c, Insn i, Result r) {
        long la = c.readable(i.seg, c.ea(i), 10);
        long digits = c.mmu.load64(la);
        Widening.decimal(digits, c.mmu.load16(c.paging.wrap(la + 8)), r);
    }

    /** Writes ten bytes, after all checks. */
    static void store80(Cpu c, Insn i, int top, long low) {
        long la = writable80(c, i);
        c.mmu.store64(la, low);
        c.mmu.store16(c.paging.wrap(la + 8), top);
    }

    /** Linear address of ten bytes that can be written. */
    static long writable80(Cpu c, Insn i) {
        long la = c.writable(i.seg, c.ea(i), 10);
        c.mmu.checkWrite(la, 10);
        return la;
    }
}
