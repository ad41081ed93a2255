package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of CLC STC CMC CLD STD LAHF SAHF SALC and of the decimal adjustments ({@link Bcd}). */
final class FlagOperations {
    private static final int LOW_FLAGS = Flags.SF | Flags.ZF | Flags.AF | Flags.PF | Flags.CF;
    private static final int AH = 16;

    private FlagOperations() {}

    static Exec bind(Op op) {
        return switch (op) {
            case CLC -> (c, i) -> c.flagAux = Alu.withCf(c.flagAux, 0);
            case STC -> (c, i) -> c.flagAux = Alu.withCf(c.flagAux, 1);
            case CMC -> (c, i) -> c.flagAux = Alu.withCf(c.flagAux, c.cf() ^ 1);
            case CLD -> (c, i) -> c.flagRest &= ~Flags.DF;
            case STD -> (c, i) -> c.flagRest |= Flags.DF;
            case LAHF -> (c, i) -> c.r8(AH, c.arith() & LOW_FLAGS | 2);
            case SAHF -> (c, i) -> c.setArith(LOW_FLAGS, c.r8(AH));
            case SALC -> (c, i) -> c.r8(0, -c.cf());
            case DAA -> FlagOperations::daa;
            case DAS -> FlagOperations::das;
            case AAA -> FlagOperations::aaa;
            case AAS -> FlagOperations::aas;
            case AAM -> FlagOperations::aam;
            case AAD -> FlagOperations::aad;
            default -> null;
        };
    }

    private static void daa(Cpu c, Insn i) {
        int al = c.r8(0);
        int f = c.arith();
        c.r8(0, Bcd.daa(al, f));
        c.setArith(Bcd.daaFlags(al, f));
    }

    private static void das(Cpu c, Insn i) {
        int al = c.r8(0);
        int f = c.arith();
        c.r8(0, Bcd.das(al, f));
        c.setArith(Bcd.dasFlags(al, f));
    }

    private static void aaa(Cpu c, Insn i) {
        int ax = c.r16(0);
        int f = c.arith();
        int r = Bcd.aaa(ax, f);
        c.r16(0, r);
        c.setArith(Bcd.asciiFlags(ax, f, r));
    }

    private static void aas(Cpu c, Insn i) {
        int ax = c.r16(0);
        int f = c.arith();
        int r = Bcd.aas(ax, f);
        c.r16(0, r);
        c.setArith(Bcd.asciiFlags(ax, f, r));
    }

    private static void aam(Cpu c, Insn i) {
        int base = (int) i.imm & 0xFF;
        if (base == 0) {
            throw c.fault(Fault.DE);
        }
        int r = Bcd.aam(c.r8(0), base);
        c.r16(0, r);
        c.setArith(Bcd.ofResult(r));
    }

    private static void aad(Cpu c, Insn i) {
        int r = Bcd.aad(c.r16(0), (int) i.imm & 0xFF);
        c.r16(0, r);
        c.setArith(Bcd.ofResult(r));
    }
}
