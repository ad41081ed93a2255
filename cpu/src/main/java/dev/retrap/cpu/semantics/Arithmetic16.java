package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;

/** Handlers of ADD OR ADC SBB AND SUB XOR CMP TEST NOT NEG INC DEC on 16-bit operands: {@link Alu} on operands. */
final class Arithmetic16 {
    private Arithmetic16() {}

    /** Handler of an instruction of the family. */
    static Exec bind(Insn i) {
        return switch (i.op) {
            case ADD -> Shape.select(i,
                    (c, x) -> add(c, x, reg(c, x)), (c, x) -> add(c, x, imm(x)), (c, x) -> add(c, x, mem(c, x)),
                    (c, x) -> addMem(c, x, reg(c, x)), (c, x) -> addMem(c, x, imm(x)));
            case OR -> Shape.select(i,
                    (c, x) -> or(c, x, reg(c, x)), (c, x) -> or(c, x, imm(x)), (c, x) -> or(c, x, mem(c, x)),
                    (c, x) -> orMem(c, x, reg(c, x)), (c, x) -> orMem(c, x, imm(x)));
            case ADC -> Shape.select(i,
                    (c, x) -> adc(c, x, reg(c, x)), (c, x) -> adc(c, x, imm(x)), (c, x) -> adc(c, x, mem(c, x)),
                    (c, x) -> adcMem(c, x, reg(c, x)), (c, x) -> adcMem(c, x, imm(x)));
            case SBB -> Shape.select(i,
                    (c, x) -> sbb(c, x, reg(c, x)), (c, x) -> sbb(c, x, imm(x)), (c, x) -> sbb(c, x, mem(c, x)),
                    (c, x) -> sbbMem(c, x, reg(c, x)), (c, x) -> sbbMem(c, x, imm(x)));
            case AND -> Shape.select(i,
                    (c, x) -> and(c, x, reg(c, x)), (c, x) -> and(c, x, imm(x)), (c, x) -> and(c, x, mem(c, x)),
                    (c, x) -> andMem(c, x, reg(c, x)), (c, x) -> andMem(c, x, imm(x)));
            case SUB -> Shape.select(i,
                    (c, x) -> sub(c, x, reg(c, x)), (c, x) -> sub(c, x, imm(x)), (c, x) -> sub(c, x, mem(c, x)),
                    (c, x) -> subMem(c, x, reg(c, x)), (c, x) -> subMem(c, x, imm(x)));
            case XOR -> Shape.select(i,
                    (c, x) -> xor(c, x, reg(c, x)), (c, x) -> xor(c, x, imm(x)), (c, x) -> xor(c, x, mem(c, x)),
                    (c, x) -> xorMem(c, x, reg(c, x)), (c, x) -> xorMem(c, x, imm(x)));
            case CMP -> Shape.select(i,
                    (c, x) -> cmp(c, dst(c, x), reg(c, x)), (c, x) -> cmp(c, dst(c, x), imm(x)),
                    (c, x) -> cmp(c, dst(c, x), mem(c, x)),
                    (c, x) -> cmp(c, mem(c, x), reg(c, x)), (c, x) -> cmp(c, mem(c, x), imm(x)));
            case TEST -> Shape.select(i,
                    (c, x) -> test(c, dst(c, x), reg(c, x)), (c, x) -> test(c, dst(c, x), imm(x)),
                    (c, x) -> test(c, dst(c, x), mem(c, x)),
                    (c, x) -> test(c, mem(c, x), reg(c, x)), (c, x) -> test(c, mem(c, x), imm(x)));
            case NOT -> i.mem() ? Arithmetic16::notMem : Arithmetic16::not;
            case NEG -> i.mem() ? Arithmetic16::negMem : Arithmetic16::neg;
            case INC -> i.mem() ? Arithmetic16::incMem : Arithmetic16::inc;
            case DEC -> i.mem() ? Arithmetic16::decMem : Arithmetic16::dec;
            default -> null;
        };
    }

    private static int dst(Cpu c, Insn i) {
        return c.r16(i.r0);
    }

    private static int reg(Cpu c, Insn i) {
        return c.r16(i.r1);
    }

    private static int imm(Insn i) {
        return (int) i.imm;
    }

    private static int mem(Cpu c, Insn i) {
        return c.ld16(i.seg, c.ea(i));
    }

    /** Linear address of a destination, which can be written. */
    private static long target(Cpu c, Insn i) {
        long la = c.writable(i.seg, c.ea(i), 2);
        c.mmu.checkWrite(la, 2);
        return la;
    }

    private static void add(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.add16(a, b);
        c.r16(i.r0, r);
        c.flags(r, Flags.auxAdd16(a, b, r));
    }

    private static void addMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.add16(a, b);
        c.mmu.store16(la, r);
        c.flags(r, Flags.auxAdd16(a, b, r));
    }

    private static void or(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.or16(a, b);
        c.r16(i.r0, r);
        c.flags(r, Alu.AUX_LOGIC);
    }

    private static void orMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.or16(a, b);
        c.mmu.store16(la, r);
        c.flags(r, Alu.AUX_LOGIC);
    }

    private static void adc(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.adc16(a, b, c.cf());
        c.r16(i.r0, r);
        c.flags(r, Flags.auxAdd16(a, b, r));
    }

    private static void adcMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.adc16(a, b, c.cf());
        c.mmu.store16(la, r);
        c.flags(r, Flags.auxAdd16(a, b, r));
    }

    private static void sbb(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.sbb16(a, b, c.cf());
        c.r16(i.r0, r);
        c.flags(r, Flags.auxSub16(a, b, r));
    }

    private static void sbbMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.sbb16(a, b, c.cf());
        c.mmu.store16(la, r);
        c.flags(r, Flags.auxSub16(a, b, r));
    }

    private static void and(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.and16(a, b);
        c.r16(i.r0, r);
        c.flags(r, Alu.AUX_LOGIC);
    }

    private static void andMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.and16(a, b);
        c.mmu.store16(la, r);
        c.flags(r, Alu.AUX_LOGIC);
    }

    private static void sub(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.sub16(a, b);
        c.r16(i.r0, r);
        c.flags(r, Flags.auxSub16(a, b, r));
    }

    private static void subMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.sub16(a, b);
        c.mmu.store16(la, r);
        c.flags(r, Flags.auxSub16(a, b, r));
    }

    private static void xor(Cpu c, Insn i, int b) {
        int a = c.r16(i.r0);
        int r = Alu.xor16(a, b);
        c.r16(i.r0, r);
        c.flags(r, Alu.AUX_LOGIC);
    }

    private static void xorMem(Cpu c, Insn i, int b) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.xor16(a, b);
        c.mmu.store16(la, r);
        c.flags(r, Alu.AUX_LOGIC);
    }

    private static void cmp(Cpu c, int a, int b) {
        int r = Alu.sub16(a, b);
        c.flags(r, Flags.auxSub16(a, b, r));
    }

    private static void test(Cpu c, int a, int b) {
        c.flags(Alu.and16(a, b), Alu.AUX_LOGIC);
    }

    private static void not(Cpu c, Insn i) {
        int a = c.r16(i.r0);
        int r = Alu.not16(a);
        c.r16(i.r0, r);
    }

    private static void notMem(Cpu c, Insn i) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.not16(a);
        c.mmu.store16(la, r);
    }

    private static void neg(Cpu c, Insn i) {
        int a = c.r16(i.r0);
        int r = Alu.neg16(a);
        c.r16(i.r0, r);
        c.flags(r, Flags.auxSub16(0, a, r));
    }

    private static void negMem(Cpu c, Insn i) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.neg16(a);
        c.mmu.store16(la, r);
        c.flags(r, Flags.auxSub16(0, a, r));
    }

    private static void inc(Cpu c, Insn i) {
        int a = c.r16(i.r0);
        int r = Alu.inc16(a);
        c.r16(i.r0, r);
        c.flags(r, Alu.keepCf(c.flagAux, Flags.auxAdd16(a, 1, r)));
    }

    private static void incMem(Cpu c, Insn i) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.inc16(a);
        c.mmu.store16(la, r);
        c.flags(r, Alu.keepCf(c.flagAux, Flags.auxAdd16(a, 1, r)));
    }

    private static void dec(Cpu c, Insn i) {
        int a = c.r16(i.r0);
        int r = Alu.dec16(a);
        c.r16(i.r0, r);
        c.flags(r, Alu.keepCf(c.flagAux, Flags.auxSub16(a, 1, r)));
    }

    private static void decMem(Cpu c, Insn i) {
        long la = target(c, i);
        int a = c.mmu.load16(la);
        int r = Alu.dec16(a);
        c.mmu.store16(la, r);
        c.flags(r, Alu.keepCf(c.flagAux, Flags.auxSub16(a, 1, r)));
    }
}
