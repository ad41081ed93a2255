package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of MUL IMUL DIV IDIV MULX: {@link MulDiv} on operands. */
final class MultiplyDivide {
    private MultiplyDivide() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case MULX -> MultiplyDivide::mulx;
            case MUL -> i.opSize == 64 ? MultiplyDivide::mul64 : MultiplyDivide::mul;
            case DIV -> i.opSize == 64 ? MultiplyDivide::div64 : MultiplyDivide::div;
            case IDIV -> i.opSize == 64 ? MultiplyDivide::idiv64 : MultiplyDivide::idiv;
            default -> switch (i.form.operands().size()) {
                case 1 -> i.opSize == 64 ? MultiplyDivide::imul64 : MultiplyDivide::imul;
                case 2 -> i.opSize == 64 ? MultiplyDivide::imulTwo64 : MultiplyDivide::imulTwo;
                default -> i.opSize == 64 ? MultiplyDivide::imulThree64 : MultiplyDivide::imulThree;
            };
        };
    }

    /** Writes a product of twice the operand size to rDX:rAX, or AX. */
    private static void product(Cpu c, int bits, long p) {
        switch (bits) {
            case 8 -> c.r16(0, (int) p);
            case 16 -> {
                c.r16(0, (int) p);
                c.r16(2, (int) (p >>> 16));
            }
            default -> {
                c.r[0] = p & 0xFFFFFFFFL;
                c.r[2] = p >>> 32;
            }
        }
    }

    private static void mul(Cpu c, Insn i) {
        int bits = i.opSize;
        long p = Operands.register(c, 0, bits) * Operands.get(c, i, 0, bits);
        product(c, bits, p);
        c.flagAux = MulDiv.auxMul(c.flagAux, p >>> bits != 0);
    }

    private static void mul64(Cpu c, Insn i) {
        long a = c.r[0];
        long b = Operands.get(c, i, 0, 64);
        long high = MulDiv.mulHigh(a, b);
        c.r[0] = a * b;
        c.r[2] = high;
        c.flagAux = MulDiv.auxMul(c.flagAux, high != 0);
    }

    private static void imul(Cpu c, Insn i) {
        int bits = i.opSize;
        long p = Operands.signExtend(Operands.register(c, 0, bits), bits)
                * Operands.signExtend(Operands.get(c, i, 0, bits), bits);
        product(c, bits, p);
        c.flagAux = MulDiv.auxMul(c.flagAux, p != Operands.signExtend(p, bits));
    }

    private static void imul64(Cpu c, Insn i) {
        long a = c.r[0];
        long b = Operands.get(c, i, 0, 64);
        long high = MulDiv.imulHigh(a, b);
        c.r[0] = a * b;
        c.r[2] = high;
        c.flagAux = MulDiv.auxMul(c.flagAux, high != a * b >> 63);
    }

    private static void imulTwo(Cpu c, Insn i) {
        truncated(c, i, Operands.register(c, i.r0, i.opSize), Operands.get(c, i, 1, i.opSize));
    }

    private static void imulThree(Cpu c, Insn i) {
        truncated(c, i, Operands.get(c, i, 1, i.opSize), i.imm);
    }

    private static void truncated(Cpu c, Insn i, long a, long b) {
        int bits = i.opSize;
        long p = Operands.signExtend(a, bits) * Operands.signExtend(b, bits);
        Operands.set(c, i, bits, p);
        c.flagAux = MulDiv.auxMul(c.flagAux, p != Operands.signExtend(p, bits));
    }

    private static void imulTwo64(Cpu c, Insn i) {
        truncated64(c, i, c.r[i.r0], Operands.get(c, i, 1, 64));
    }

    private static void imulThree64(Cpu c, Insn i) {
        truncated64(c, i, Operands.get(c, i, 1, 64), i.imm);
    }

    private static void truncated64(Cpu c, Insn i, long a, long b) {
        c.r[i.r0] = a * b;
        c.flagAux = MulDiv.auxMul(c.flagAux, MulDiv.imulHigh(a, b) != a * b >> 63);
    }

    private static void mulx(Cpu c, Insn i) {
        int bits = i.opSize;
        long a = Operands.register(c, 2, bits);
        long b = Operands.get(c, i, 2, bits);
        long low = a * b;
        // The low half first: if both destinations are the same register it holds the high half.
        Operands.setRegister(c, i.r1, bits, low);
        Operands.setRegister(c, i.r0, bits, bits == 64 ? MulDiv.mulHigh(a, b) : low >>> 32);
    }

    // ---------------------------------------------------------------- division

    /** The dividend: AX, DX:AX or EDX:EAX. */
    private static long dividend(Cpu c, int bits) {
        return switch (bits) {
            case 8 -> c.r16(0);
            case 16 -> (long) c.r16(2) << 16 | c.r16(0);
            default -> c.r[2] << 32 | c.r[0] & 0xFFFFFFFFL;
        };
    }

    private static void quotient(Cpu c, int bits, int quotient, int remainder) {
        if (bits == 8) {
            c.r16(0, (remainder & 0xFF) << 8 | quotient & 0xFF);
        } else {
            Operands.setRegister(c, 0, bits, quotient);
            Operands.setRegister(c, 2, bits, remainder);
        }
        c.flags(MulDiv.RES_DIV, MulDiv.auxDiv(c.flagAux));
    }

    private static void div(Cpu c, Insn i) {
        int bits = i.opSize;
        int d = (int) Operands.get(c, i, 0, bits);
        long n = dividend(c, bits);
        if (MulDiv.divFaults(n, d, bits)) {
            throw c.fault(Fault.DE);
        }
        quotient(c, bits, MulDiv.div(n, d), MulDiv.rem(n, d));
    }

    private static void idiv(Cpu c, Insn i) {
        int bits = i.opSize;
        int d = (int) Operands.signExtend(Operands.get(c, i, 0, bits), bits);
        long n = Operands.signExtend(dividend(c, bits), 2 * bits);
        if (MulDiv.idivFaults(n, d, bits)) {
            throw c.fault(Fault.DE);
        }
        quotient(c, bits, MulDiv.idiv(n, d), MulDiv.irem(n, d));
    }

    private static void quotient64(Cpu c, long d, long q) {
        long remainder = MulDiv.rem64(c.r[0], d, q);
        c.r[0] = q;
        c.r[2] = remainder;
        c.flags(MulDiv.RES_DIV, MulDiv.auxDiv(c.flagAux));
    }

    private static void div64(Cpu c, Insn i) {
        long d = Operands.get(c, i, 0, 64);
        if (MulDiv.div64Faults(c.r[2], d)) {
            throw c.fault(Fault.DE);
        }
        quotient64(c, d, MulDiv.div64(c.r[2], c.r[0], d));
    }

    private static void idiv64(Cpu c, Insn i) {
        long d = Operands.get(c, i, 0, 64);
        if (MulDiv.idiv64Faults(c.r[2], c.r[0], d)) {
            throw c.fault(Fault.DE);
        }
        quotient64(c, d, MulDiv.idiv64(c.r[2], c.r[0], d));
    }
}
