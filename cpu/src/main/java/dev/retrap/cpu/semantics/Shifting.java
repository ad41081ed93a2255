package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of ROL ROR RCL RCR SHL SHR SAR and SHLD SHRD: {@link Shifts} on operands. */
final class Shifting {
    private Shifting() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case SHLD, SHRD -> bindDouble(op, i);
            default -> {
                Exec e = i.r1 < 0 && !i.mem() && count(i) != 0 ? bindImmediate(op, i) : null;
                yield e != null ? e : bindGeneral(op, i);
            }
        };
    }

    /** The count of an immediate form. */
    private static int count(Insn i) {
        return (int) i.imm & (i.opSize == 64 ? 63 : 31);
    }

    /** Register by immediate that is not 0: the frequent case. */
    private static Exec bindImmediate(Op op, Insn i) {
        return switch (i.opSize) {
            case 32 -> switch (op) {
                case SHL -> Shifting::shl32;
                case SHR -> Shifting::shr32;
                case SAR -> Shifting::sar32;
                case ROL -> Shifting::rol32;
                case ROR -> Shifting::ror32;
                default -> null;
            };
            case 64 -> switch (op) {
                case SHL -> Shifting::shl64;
                case SHR -> Shifting::shr64;
                case SAR -> Shifting::sar64;
                case ROL -> Shifting::rol64;
                case ROR -> Shifting::ror64;
                default -> null;
            };
            default -> null;
        };
    }

    private static void shl32(Cpu c, Insn i) {
        int a = (int) c.r[i.r0];
        int n = (int) i.imm & 31;
        int r = Shifts.shl(a, n, 32);
        c.r[i.r0] = r & 0xFFFFFFFFL;
        c.flags(r, Shifts.auxShl(a, n, r, 32));
    }

    private static void shr32(Cpu c, Insn i) {
        int a = (int) c.r[i.r0];
        int n = (int) i.imm & 31;
        int r = Shifts.shr(a, n, 32);
        c.r[i.r0] = r & 0xFFFFFFFFL;
        c.flags(r, Shifts.auxShr(a, n, 32));
    }

    private static void sar32(Cpu c, Insn i) {
        int a = (int) c.r[i.r0];
        int n = (int) i.imm & 31;
        int r = Shifts.sar(a, n, 32);
        c.r[i.r0] = r & 0xFFFFFFFFL;
        c.flags(r, Shifts.auxSar(a, n, 32));
    }

    private static void rol32(Cpu c, Insn i) {
        int r = Shifts.rol((int) c.r[i.r0], (int) i.imm & 31, 32);
        c.r[i.r0] = r & 0xFFFFFFFFL;
        c.flagAux = Shifts.auxRol(c.flagAux, r);
    }

    private static void ror32(Cpu c, Insn i) {
        int r = Shifts.ror((int) c.r[i.r0], (int) i.imm & 31, 32);
        c.r[i.r0] = r & 0xFFFFFFFFL;
        c.flagAux = Shifts.auxRor(c.flagAux, r, 32);
    }

    private static void shl64(Cpu c, Insn i) {
        long a = c.r[i.r0];
        int n = (int) i.imm & 63;
        long r = Shifts.shl64(a, n);
        c.r[i.r0] = r;
        c.flags64(r, Shifts.auxShl64(a, n, r));
    }

    private static void shr64(Cpu c, Insn i) {
        long a = c.r[i.r0];
        int n = (int) i.imm & 63;
        long r = Shifts.shr64(a, n);
        c.r[i.r0] = r;
        c.flags64(r, Shifts.auxShr64(a, n));
    }

    private static void sar64(Cpu c, Insn i) {
        long a = c.r[i.r0];
        int n = (int) i.imm & 63;
        long r = Shifts.sar64(a, n);
        c.r[i.r0] = r;
        c.flags64(r, Shifts.auxSar64(a, n));
    }

    private static void rol64(Cpu c, Insn i) {
        long r = Shifts.rol64(c.r[i.r0], (int) i.imm & 63);
        c.r[i.r0] = r;
        c.flagAux = Shifts.auxRol64(c.flagAux, r);
    }

    private static void ror64(Cpu c, Insn i) {
        long r = Shifts.ror64(c.r[i.r0], (int) i.imm & 63);
        c.r[i.r0] = r;
        c.flagAux = Shifts.auxRor64(c.flagAux, r);
    }

    // ---------------------------------------------------------------- all other shapes

    private static Exec bindGeneral(Op op, Insn i) {
        boolean wide = i.opSize == 64;
        return switch (op) {
            case SHL -> wide ? (c, x) -> shift64(c, x, Op.SHL) : (c, x) -> shift(c, x, Op.SHL);
            case SHR -> wide ? (c, x) -> shift64(c, x, Op.SHR) : (c, x) -> shift(c, x, Op.SHR);
            case SAR -> wide ? (c, x) -> shift64(c, x, Op.SAR) : (c, x) -> shift(c, x, Op.SAR);
            case ROL -> wide ? (c, x) -> shift64(c, x, Op.ROL) : (c, x) -> shift(c, x, Op.ROL);
            case ROR -> wide ? (c, x) -> shift64(c, x, Op.ROR) : (c, x) -> shift(c, x, Op.ROR);
            case RCL -> wide ? (c, x) -> shift64(c, x, Op.RCL) : (c, x) -> shift(c, x, Op.RCL);
            case RCR -> wide ? (c, x) -> shift64(c, x, Op.RCR) : (c, x) -> shift(c, x, Op.RCR);
            default -> null;
        };
    }

    private static void shift(Cpu c, Insn i, Op op) {
        int bits = i.opSize;
        int n = (i.r1 >= 0 ? (int) c.r[1] : (int) i.imm) & 31;
        long la = i.mem() ? Operands.target(c, i.seg, c.ea(i), bits) : 0;
        int a = (int) (i.mem() ? Operands.loadLinear(c, la, bits) : Operands.register(c, i.r0, bits));
        if (n == 0) {
            // No flag changes, but a 32-bit register is written, and memory must be writable.
            if (!i.mem()) {
                Operands.set(c, i, bits, a);
            }
            return;
        }
        int old = c.flagAux;
        int r = result(op, a, old >>> 31, n, bits);
        if (i.mem()) {
            Operands.storeLinear(c, la, bits, r);
        } else {
            Operands.set(c, i, bits, r);
        }
        switch (op) {
            case SHL -> c.flags(r, Shifts.auxShl(a, n, r, bits));
            case SHR -> c.flags(r, Shifts.auxShr(a, n, bits));
            case SAR -> c.flags(r, Shifts.auxSar(a, n, bits));
            case ROL -> c.flagAux = Shifts.auxRol(old, r);
            case ROR -> c.flagAux = Shifts.auxRor(old, r, bits);
            case RCL -> c.flagAux = Shifts.auxRcl(old, a, n, r, bits);
            default -> c.flagAux = Shifts.auxRcr(old, a, n, r, bits);
        }
    }

    private static int result(Op op, int a, int cf, int n, int bits) {
        return switch (op) {
            case SHL -> Shifts.shl(a, n, bits);
            case SHR -> Shifts.shr(a, n, bits);
            case SAR -> Shifts.sar(a, n, bits);
            case ROL -> Shifts.rol(a, n, bits);
            case ROR -> Shifts.ror(a, n, bits);
            case RCL -> Shifts.rcl(a, cf, n, bits);
            default -> Shifts.rcr(a, cf, n, bits);
        };
    }

    private static void shift64(Cpu c, Insn i, Op op) {
        int n = (i.r1 >= 0 ? (int) c.r[1] : (int) i.imm) & 63;
        long la = i.mem() ? Operands.target(c, i.seg, c.ea(i), 64) : 0;
        long a = i.mem() ? c.mmu.load64(la) : c.r[i.r0];
        if (n == 0) {
            return;
        }
        int old = c.flagAux;
        long r = result64(op, a, old >>> 31, n);
        if (i.mem()) {
            c.mmu.store64(la, r);
        } else {
            c.r[i.r0] = r;
        }
        switch (op) {
            case SHL -> c.flags64(r, Shifts.auxShl64(a, n, r));
            case SHR -> c.flags64(r, Shifts.auxShr64(a, n));
            case SAR -> c.flags64(r, Shifts.auxSar64(a, n));
            case ROL -> c.flagAux = Shifts.auxRol64(old, r);
            case ROR -> c.flagAux = Shifts.auxRor64(old, r);
            case RCL -> c.flagAux = Shifts.auxRcl64(old, a, n, r);
            default -> c.flagAux = Shifts.auxRcr64(old, a, n, r);
        }
    }

    private static long result64(Op op, long a, int cf, int n) {
        return switch (op) {
            case SHL -> Shifts.shl64(a, n);
            case SHR -> Shifts.shr64(a, n);
            case SAR -> Shifts.sar64(a, n);
            case ROL -> Shifts.rol64(a, n);
            case ROR -> Shifts.ror64(a, n);
            case RCL -> Shifts.rcl64(a, cf, n);
            default -> Shifts.rcr64(a, cf, n);
        };
    }

    // ---------------------------------------------------------------- SHLD, SHRD

    private static Exec bindDouble(Op op, Insn i) {
        return op == Op.SHLD ? (c, x) -> doubleShift(c, x, true) : (c, x) -> doubleShift(c, x, false);
    }

    private static void doubleShift(Cpu c, Insn i, boolean left) {
        int bits = i.opSize;
        int n = (i.r2 >= 0 ? (int) c.r[1] : (int) i.imm) & (bits == 64 ? 63 : 31);
        long b = c.r[i.r1];
        long la = i.mem() ? Operands.target(c, i.seg, c.ea(i), bits) : 0;
        long a = i.mem() ? Operands.loadLinear(c, la, bits) : c.r[i.r0];
        if (n == 0) {
            if (!i.mem()) {
                Operands.set(c, i, bits, a);
            }
            return;
        }
        long r = left ? shld(a, b, n, bits) : shrd(a, b, n, bits);
        if (i.mem()) {
            Operands.storeLinear(c, la, bits, r);
        } else {
            Operands.set(c, i, bits, r);
        }
        c.flags64(r, left ? auxShld(a, n, r, bits) : auxShrd(a, n, r, bits));
    }

    private static long shld(long a, long b, int n, int bits) {
        return switch (bits) {
            case 16 -> Shifts.shld16((int) a, (int) b, n);
            case 32 -> Shifts.shld32((int) a, (int) b, n);
            default -> Shifts.shld64(a, b, n);
        };
    }

    private static int auxShld(long a, int n, long r, int bits) {
        return switch (bits) {
            case 16 -> Shifts.auxShld16((int) a, n, (int) r);
            case 32 -> Shifts.auxShl((int) a, n, (int) r, 32);
            default -> Shifts.auxShl64(a, n, r);
        };
    }

    private static long shrd(long a, long b, int n, int bits) {
        return switch (bits) {
            case 16 -> Shifts.shrd16((int) a, (int) b, n);
            case 32 -> Shifts.shrd32((int) a, (int) b, n);
            default -> Shifts.shrd64(a, b, n);
        };
    }

    private static int auxShrd(long a, int n, long r, int bits) {
        return switch (bits) {
            case 16 -> Shifts.auxShrd16((int) a, n, (int) r);
            case 32 -> Shifts.auxShrd32((int) a, n, (int) r);
            default -> Shifts.auxShrd64(a, n, r);
        };
    }
}
