package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of BMI1 and BMI2 (but TZCNT and MULX), on 32 and 64 bits. */
final class BitFields {
    private BitFields() {}

    static Exec bind(Op op, Insn i) {
        boolean wide = i.opSize == 64;
        return switch (op) {
            case ANDN -> wide ? BitFields::andn64 : BitFields::andn32;
            case BEXTR -> wide ? BitFields::bextr64 : BitFields::bextr32;
            case BLSI -> wide ? BitFields::blsi64 : BitFields::blsi32;
            case BLSR -> wide ? BitFields::blsr64 : BitFields::blsr32;
            case BLSMSK -> wide ? BitFields::blsmsk64 : BitFields::blsmsk32;
            case BZHI -> wide ? BitFields::bzhi64 : BitFields::bzhi32;
            case PDEP -> BitFields::pdep;
            case PEXT -> BitFields::pext;
            case RORX -> BitFields::rorx;
            case SARX -> BitFields::sarx;
            case SHLX -> BitFields::shlx;
            case SHRX -> BitFields::shrx;
            default -> null;
        };
    }

    private static void done32(Cpu c, Insn i, int r, int aux) {
        c.r[i.r0] = r & 0xFFFFFFFFL;
        c.flags(r, aux);
    }

    private static void done64(Cpu c, Insn i, long r, int aux) {
        c.r[i.r0] = r;
        c.flags64(r, aux);
    }

    private static int get32(Cpu c, Insn i, int position) {
        return (int) Operands.get(c, i, position, 32);
    }

    private static long get64(Cpu c, Insn i, int position) {
        return Operands.get(c, i, position, 64);
    }

    private static void andn32(Cpu c, Insn i) {
        done32(c, i, Bits.andn((int) c.r[i.r1], get32(c, i, 2)), Alu.AUX_LOGIC);
    }

    private static void andn64(Cpu c, Insn i) {
        done64(c, i, Bits.andn(c.r[i.r1], get64(c, i, 2)), Alu.AUX_LOGIC);
    }

    private static void bextr32(Cpu c, Insn i) {
        int r = Bits.bextr(get32(c, i, 1), (int) c.r[i.r2]);
        done32(c, i, r, Bits.auxBextr(r));
    }

    private static void bextr64(Cpu c, Insn i) {
        long r = Bits.bextr(get64(c, i, 1), c.r[i.r2]);
        done64(c, i, r, Bits.auxBextr(r));
    }

    private static void blsi32(Cpu c, Insn i) {
        int a = get32(c, i, 1);
        done32(c, i, Bits.blsi(a), Bits.auxSource(a != 0));
    }

    private static void blsi64(Cpu c, Insn i) {
        long a = get64(c, i, 1);
        done64(c, i, Bits.blsi(a), Bits.auxSource(a != 0));
    }

    private static void blsr32(Cpu c, Insn i) {
        int a = get32(c, i, 1);
        done32(c, i, Bits.blsr(a), Bits.auxSource(a == 0));
    }

    private static void blsr64(Cpu c, Insn i) {
        long a = get64(c, i, 1);
        done64(c, i, Bits.blsr(a), Bits.auxSource(a == 0));
    }

    private static void blsmsk32(Cpu c, Insn i) {
        int a = get32(c, i, 1);
        done32(c, i, Bits.blsmsk(a), Bits.auxSource(a == 0));
    }

    private static void blsmsk64(Cpu c, Insn i) {
        long a = get64(c, i, 1);
        done64(c, i, Bits.blsmsk(a), Bits.auxSource(a == 0));
    }

    private static void bzhi32(Cpu c, Insn i) {
        int n = (int) c.r[i.r2];
        done32(c, i, Bits.bzhi(get32(c, i, 1), n), Bits.auxSource((n & 0xFF) > 31));
    }

    private static void bzhi64(Cpu c, Insn i) {
        long n = c.r[i.r2];
        done64(c, i, Bits.bzhi(get64(c, i, 1), n), Bits.auxSource((n & 0xFF) > 63));
    }

    private static void pdep(Cpu c, Insn i) {
        Operands.set(c, i, i.opSize, Bits.pdep(c.r[i.r1], Operands.get(c, i, 2, i.opSize)));
    }

    private static void pext(Cpu c, Insn i) {
        Operands.set(c, i, i.opSize, Bits.pext(c.r[i.r1], Operands.get(c, i, 2, i.opSize)));
    }

    private static void rorx(Cpu c, Insn i) {
        if (i.opSize == 64) {
            c.r[i.r0] = Shifts.ror64(get64(c, i, 1), (int) i.imm & 63);
        } else {
            c.r32(i.r0, Shifts.ror(get32(c, i, 1), (int) i.imm & 31, 32));
        }
    }

    // A count of 0 is allowed here: no flags are set, and Java shifts by it.

    private static void sarx(Cpu c, Insn i) {
        if (i.opSize == 64) {
            c.r[i.r0] = Shifts.sar64(get64(c, i, 1), (int) c.r[i.r2] & 63);
        } else {
            c.r32(i.r0, Shifts.sar(get32(c, i, 1), (int) c.r[i.r2] & 31, 32));
        }
    }

    private static void shlx(Cpu c, Insn i) {
        if (i.opSize == 64) {
            c.r[i.r0] = Shifts.shl64(get64(c, i, 1), (int) c.r[i.r2] & 63);
        } else {
            c.r32(i.r0, Shifts.shl(get32(c, i, 1), (int) c.r[i.r2] & 31, 32));
        }
    }

    private static void shrx(Cpu c, Insn i) {
        if (i.opSize == 64) {
            c.r[i.r0] = Shifts.shr64(get64(c, i, 1), (int) c.r[i.r2] & 63);
        } else {
            c.r32(i.r0, Shifts.shr(get32(c, i, 1), (int) c.r[i.r2] & 31, 32));
        }
    }
}
