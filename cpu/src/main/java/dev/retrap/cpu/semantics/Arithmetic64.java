package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;

/** Handlers of ADD OR ADC SBB AND SUB XOR CMP TEST NOT NEG INC DEC on 64-bit operands: {@link Alu} on operands. */
final class Arithmetic64 {
    private Arithmetic64() {}

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
            case NOT -> i.mem() ? Arithmetic64::notMem : Arithmetic64::not;
            case NEG -> i.mem() ? Arithmetic64::negMem : Arithmetic64::neg;
            case INC -> i.mem() ? Arithmetic64::incMem : Arithmetic64::inc;
            case DEC -> i.mem() ? Arithmetic64::decMem : Arithmetic64::dec;
            default -> null;
        };
    }

    private static long dst(Cpu c, Insn i) {
        return c.r[i.r0];
    }

    private static long reg(Cpu c, Insn i) {
        return c.r[i.r1];
    }

    private static long imm(Insn i) {
        return i.imm;
    }

    private static long mem(Cpu c, Insn i) {
        return c.ld64(i.seg, c.ea(i));
    }

    /** Linear address of a destination, which can be written. */
    private static long target(Cpu c, Insn i) {
        long la = c.writable(i.seg, c.ea(i), 8);
        c.mmu.checkWrite(la, 8);
        return la;
    }

    private static void add(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.add64(a, b);
        c.r[i.r0] = r;
        c.flags64(r, Flags.auxAdd64(a, b, r));
    }

    private static void addMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.add64(a, b);
        c.mmu.store64(la, r);
        c.flags64(r, Flags.auxAdd64(a, b, r));
    }

    private static void or(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.or64(a, b);
        c.r[i.r0] = r;
        c.flags64(r, Alu.AUX_LOGIC);
    }

    private static void orMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.or64(a, b);
        c.mmu.store64(la, r);
        c.flags64(r, Alu.AUX_LOGIC);
    }

    private static void adc(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.adc64(a, b, c.cf());
        c.r[i.r0] = r;
        c.flags64(r, Flags.auxAdd64(a, b, r));
    }

    private static void adcMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.adc64(a, b, c.cf());
        c.mmu.store64(la, r);
        c.flags64(r, Flags.auxAdd64(a, b, r));
    }

    private static void sbb(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.sbb64(a, b, c.cf());
        c.r[i.r0] = r;
        c.flags64(r, Flags.auxSub64(a, b, r));
    }

    private static void sbbMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.sbb64(a, b, c.cf());
        c.mmu.store64(la, r);
        c.flags64(r, Flags.auxSub64(a, b, r));
    }

    private static void and(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.and64(a, b);
        c.r[i.r0] = r;
        c.flags64(r, Alu.AUX_LOGIC);
    }

    private static void andMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.and64(a, b);
        c.mmu.store64(la, r);
        c.flags64(r, Alu.AUX_LOGIC);
    }

    private static void sub(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.sub64(a, b);
        c.r[i.r0] = r;
        c.flags64(r, Flags.auxSub64(a, b, r));
    }

    private static void subMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.sub64(a, b);
        c.mmu.store64(la, r);
        c.flags64(r, Flags.auxSub64(a, b, r));
    }

    private static void xor(Cpu c, Insn i, long b) {
        long a = c.r[i.r0];
        long r = Alu.xor64(a, b);
        c.r[i.r0] = r;
        c.flags64(r, Alu.AUX_LOGIC);
    }

    private static void xorMem(Cpu c, Insn i, long b) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.xor64(a, b);
        c.mmu.store64(la, r);
        c.flags64(r, Alu.AUX_LOGIC);
    }

    private static void cmp(Cpu c, long a, long b) {
        long r = Alu.sub64(a, b);
        c.flags64(r, Flags.auxSub64(a, b, r));
    }

    private static void test(Cpu c, long a, long b) {
        c.flags64(Alu.and64(a, b), Alu.AUX_LOGIC);
    }

    private static void not(Cpu c, Insn i) {
        long a = c.r[i.r0];
        long r = Alu.not64(a);
        c.r[i.r0] = r;
    }

    private static void notMem(Cpu c, Insn i) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.not64(a);
        c.mmu.store64(la, r);
    }

    private static void neg(Cpu c, Insn i) {
        long a = c.r[i.r0];
        long r = Alu.neg64(a);
        c.r[i.r0] = r;
        c.flags64(r, Flags.auxSub64(0, a, r));
    }

    private static void negMem(Cpu c, Insn i) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.neg64(a);
        c.mmu.store64(la, r);
        c.flags64(r, Flags.auxSub64(0, a, r));
    }

    private static void inc(Cpu c, Insn i) {
        long a = c.r[i.r0];
        long r = Alu.inc64(a);
        c.r[i.r0] = r;
        c.flags64(r, Alu.keepCf(c.flagAux, Flags.auxAdd64(a, 1, r)));
    }

    private static void incMem(Cpu c, Insn i) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.inc64(a);
        c.mmu.store64(la, r);
        c.flags64(r, Alu.keepCf(c.flagAux, Flags.auxAdd64(a, 1, r)));
    }

    private static void dec(Cpu c, Insn i) {
        long a = c.r[i.r0];
        long r = Alu.dec64(a);
        c.r[i.r0] = r;
        c.flags64(r, Alu.keepCf(c.flagAux, Flags.auxSub64(a, 1, r)));
    }

    private static void decMem(Cpu c, Insn i) {
        long la = target(c, i);
        long a = c.mmu.load64(la);
        long r = Alu.dec64(a);
        c.mmu.store64(la, r);
        c.flags64(r, Alu.keepCf(c.flagAux, Flags.auxSub64(a, 1, r)));
    }
}
