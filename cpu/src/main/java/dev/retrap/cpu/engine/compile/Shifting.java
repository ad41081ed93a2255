package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.A;
import static dev.retrap.cpu.engine.compile.Code.AUX;
import static dev.retrap.cpu.engine.compile.Code.B;
import static dev.retrap.cpu.engine.compile.Code.LA;
import static dev.retrap.cpu.engine.compile.Code.LR;
import static dev.retrap.cpu.engine.compile.Code.R;

import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.semantics.Shifts;
import java.lang.classfile.Label;

/** Writes ROL ROR RCL RCR SHL SHR SAR SHLD SHRD: operands to {@link Shifts}. */
final class Shifting {
    private Shifting() {}

    static Inlined bind(Insn i) {
        return switch (i.op) {
            case SHL, SHR, SAR, ROL, ROR, RCL, RCR -> single(i);
            case SHLD, SHRD -> !i.mem() && i.r2 < 0 && i.opSize >= 32 && count(i) != 0
                    ? new Inlined(Shifting::twofold, false, 0, Inlined.BOTH) : null;
            default -> null;
        };
    }

    private static Inlined single(Insn i) {
        boolean byRegister = i.r1 >= 0;
        if (byRegister ? i.mem() : count(i) == 0) {
            return null;
        }
        boolean rotate = switch (i.op) {
            case SHL, SHR, SAR -> false;
            default -> true;
        };
        return byRegister ? new Inlined(Shifting::byRegister, false, Inlined.BOTH, 0)
                : new Inlined(Shifting::byImmediate, i.mem(), rotate ? Inlined.AUX : 0, rotate ? 0 : Inlined.BOTH);
    }

    private static int count(Insn i) {
        return (int) i.imm & (i.opSize == 64 ? 63 : 31);
    }

    private static void byImmediate(Code c, Insn i, int live) {
        int bits = i.opSize;
        if (i.mem()) {
            c.update(i, bits);
        } else {
            c.reg(bits, i.r0);
        }
        c.store(bits, A, LA);
        c.k.loadConstant(count(i)).istore(B);
        shift(c, i.op, bits);
        if (i.mem()) {
            c.updated(bits);
        } else {
            c.load(bits, R, LR);
            c.setReg(bits, i.r0);
        }
        flags(c, i.op, bits, live);
    }

    /** By CL: a count of 0 changes no flag. */
    private static void byRegister(Code c, Insn i, int live) {
        int bits = i.opSize;
        Label none = c.k.newLabel();
        c.reg(32, 1);
        c.k.bipush(bits == 64 ? 63 : 31).iand().istore(B);
        c.reg(bits, i.r0);
        c.store(bits, A, LA);
        if (bits == 32 && !c.narrow) {
            // The upper half is cleared all the same.
            c.k.iload(A);
            c.setReg(32, i.r0);
        }
        c.k.iload(B).ifeq(none);
        shift(c, i.op, bits);
        c.load(bits, R, LR);
        c.setReg(bits, i.r0);
        flags(c, i.op, bits, live);
        c.k.labelBinding(none);
        c.flags = Known.NOTHING;
    }

    private static boolean throughCarry(Op op) {
        return op == Op.RCL || op == Op.RCR;
    }

    private static void shift(Code c, Op op, int bits) {
        String name = op.name().toLowerCase(java.util.Locale.ROOT) + (bits == 64 ? "64" : "");
        c.load(bits, A, LA);
        if (throughCarry(op)) {
            c.k.iload(AUX).bipush(31).iushr();
        }
        c.k.iload(B);
        if (bits == 64) {
            if (throughCarry(op)) {
                c.call(Shifts.class, name, long.class, long.class, int.class, int.class);
            } else {
                c.call(Shifts.class, name, long.class, long.class, int.class);
            }
        } else {
            c.k.loadConstant(bits);
            if (throughCarry(op)) {
                c.call(Shifts.class, name, int.class, int.class, int.class, int.class, int.class);
            } else {
                c.call(Shifts.class, name, int.class, int.class, int.class, int.class);
            }
        }
        c.store(bits, R, LR);
    }

    private static void flags(Code c, Op op, int bits, int live) {
        Class<?> t = bits == 64 ? long.class : int.class;
        if ((live & Inlined.AUX) != 0) {
            String suffix = bits == 64 ? "64" : "";
            switch (op) {
                case SHL -> {
                    c.load(bits, A, LA);
                    c.k.iload(B);
                    c.load(bits, R, LR);
                    aux(c, "auxShl" + suffix, bits, t, int.class, t);
                }
                case SHR, SAR -> {
                    c.load(bits, A, LA);
                    c.k.iload(B);
                    aux(c, (op == Op.SHR ? "auxShr" : "auxSar") + suffix, bits, t, int.class);
                }
                case ROL -> {
                    c.k.iload(AUX);
                    c.load(bits, R, LR);
                    c.call(Shifts.class, "auxRol" + suffix, int.class, int.class, t);
                }
                case ROR -> {
                    c.k.iload(AUX);
                    c.load(bits, R, LR);
                    aux(c, "auxRor" + suffix, bits, int.class, t);
                }
                default -> {
                    c.k.iload(AUX);
                    c.load(bits, A, LA);
                    c.k.iload(B);
                    c.load(bits, R, LR);
                    aux(c, (op == Op.RCL ? "auxRcl" : "auxRcr") + suffix, bits, int.class, t, int.class, t);
                }
            }
            c.k.istore(AUX);
        }
        switch (op) {
            case SHL, SHR, SAR -> {
                if ((live & Inlined.RES) != 0) {
                    c.load(bits, R, LR);
                    c.setRes(bits);
                }
                c.flags = Known.result(bits);
            }
            default -> c.flags = c.flags.carryChanged();
        }
    }

    /** Calls an aux function, which below 64 bits takes the width too. */
    private static void aux(Code c, String name, int bits, Class<?>... types) {
        if (bits == 64) {
            c.call(Shifts.class, name, int.class, types);
        } else {
            c.k.loadConstant(bits);
            Class<?>[] more = java.util.Arrays.copyOf(types, types.length + 1);
            more[types.length] = int.class;
            c.call(Shifts.class, name, int.class, more);
        }
    }

    /** SHLD, SHRD of registers by a constant that is not 0, 32 and 64 bits. */
    private static void twofold(Code c, Insn i, int live) {
        int bits = i.opSize;
        Class<?> t = bits == 64 ? long.class : int.class;
        boolean left = i.op == Op.SHLD;
        c.reg(bits, i.r0);
        c.store(bits, A, LA);
        c.k.loadConstant(count(i)).istore(B);
        c.load(bits, A, LA);
        c.reg(bits, i.r1);
        c.k.iload(B);
        c.call(Shifts.class, (left ? "shld" : "shrd") + bits, t, t, t, int.class);
        c.store(bits, R, LR);
        c.load(bits, R, LR);
        c.setReg(bits, i.r0);
        if ((live & Inlined.AUX) != 0) {
            c.load(bits, A, LA);
            c.k.iload(B);
            c.load(bits, R, LR);
            if (left) {
                aux(c, bits == 64 ? "auxShl64" : "auxShl", bits, t, int.class, t);
            } else {
                c.call(Shifts.class, "auxShrd" + bits, int.class, t, int.class, t);
            }
            c.k.istore(AUX);
        }
        if ((live & Inlined.RES) != 0) {
            c.load(bits, R, LR);
            c.setRes(bits);
        }
        c.flags = Known.result(bits);
    }
}
