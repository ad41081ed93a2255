package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.A;
import static dev.retrap.cpu.engine.compile.Code.AUX;
import static dev.retrap.cpu.engine.compile.Code.B;
import static dev.retrap.cpu.engine.compile.Code.CMP_A;
import static dev.retrap.cpu.engine.compile.Code.CMP_B;
import static dev.retrap.cpu.engine.compile.Code.CMP_LA;
import static dev.retrap.cpu.engine.compile.Code.CMP_LB;
import static dev.retrap.cpu.engine.compile.Code.LA;
import static dev.retrap.cpu.engine.compile.Code.LB;
import static dev.retrap.cpu.engine.compile.Code.LR;
import static dev.retrap.cpu.engine.compile.Code.R;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.semantics.Alu;
import dev.retrap.cpu.semantics.MulDiv;

/** Writes ADD OR ADC SBB AND SUB XOR CMP TEST NOT NEG INC DEC, IMUL and MUL: operands to {@link Alu}, {@link MulDiv}. */
final class Arithmetic {
    private Arithmetic() {}

    static Inlined bind(Insn i) {
        return switch (i.op) {
            case ADD, OR, AND, SUB, XOR, CMP, TEST -> new Inlined(Arithmetic::binary, i.mem(), 0, Inlined.BOTH);
            case ADC, SBB -> new Inlined(Arithmetic::binary, i.mem(), Inlined.AUX, Inlined.BOTH);
            case NOT -> new Inlined(Arithmetic::unary, i.mem(), 0, 0);
            case NEG -> new Inlined(Arithmetic::unary, i.mem(), 0, Inlined.BOTH);
            case INC, DEC -> new Inlined(Arithmetic::unary, i.mem(), Inlined.AUX, Inlined.BOTH);
            case IMUL -> switch (i.form.operands().size()) {
                case 1 -> i.opSize >= 32 ? new Inlined(Arithmetic::product, i.mem(), Inlined.AUX, 0) : null;
                default -> i.opSize >= 32 ? new Inlined(Arithmetic::truncatedProduct, i.mem(), Inlined.AUX, 0) : null;
            };
            case MUL -> i.opSize >= 32 ? new Inlined(Arithmetic::product, i.mem(), Inlined.AUX, 0) : null;
            default -> null;
        };
    }

    private static Class<?> type(int bits) {
        return bits == 64 ? long.class : int.class;
    }

    private static String name(Op op) {
        return switch (op) {
            case CMP -> "sub";
            case TEST -> "and";
            default -> op.name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    /** Pushes aux of an addition or subtraction of A and B that gave R. */
    private static void pushAux(Code c, boolean add, int bits, int a, int b, int la, int lb) {
        c.load(bits, a, la);
        c.load(bits, b, lb);
        c.load(bits, R, LR);
        Class<?> t = type(bits);
        c.call(Flags.class, (add ? "auxAdd" : "auxSub") + (bits == 32 ? "" : bits), int.class, t, t, t);
    }

    private static void binary(Code c, Insn i, int live) {
        int bits = i.opSize;
        boolean writes = i.op != Op.CMP && i.op != Op.TEST;
        boolean toMemory = i.memAt == 0;
        boolean difference = i.op == Op.SUB || i.op == Op.CMP;
        int a = difference ? CMP_A : A;
        int b = difference ? CMP_B : B;
        int la = difference ? CMP_LA : LA;
        int lb = difference ? CMP_LB : LB;
        if (toMemory && writes) {
            c.update(i, bits);
        } else {
            c.operand(i, 0, bits);
        }
        c.store(bits, a, la);
        if (i.memAt == 1 || i.r1 >= 0) {
            c.operand(i, 1, bits);
        } else {
            c.constant(bits, i.imm);
        }
        c.store(bits, b, lb);
        if (!writes && live == 0) {
            return;
        }
        c.load(bits, a, la);
        c.load(bits, b, lb);
        Class<?> t = type(bits);
        if (i.op == Op.ADC || i.op == Op.SBB) {
            c.k.iload(AUX).bipush(31).iushr();
            c.call(Alu.class, name(i.op) + bits, t, t, t, int.class);
        } else {
            c.call(Alu.class, name(i.op) + bits, t, t, t);
        }
        c.store(bits, R, LR);
        if (writes && toMemory) {
            c.updated(bits);
        } else if (writes) {
            c.load(bits, R, LR);
            c.setReg(bits, i.r0);
        }
        switch (i.op) {
            case OR, AND, XOR, TEST -> {
                if ((live & Inlined.AUX) != 0) {
                    c.k.loadConstant(Alu.AUX_LOGIC).istore(AUX);
                }
                c.flags = Known.logic(bits);
            }
            default -> {
                if ((live & Inlined.AUX) != 0) {
                    pushAux(c, i.op == Op.ADD || i.op == Op.ADC, bits, a, b, la, lb);
                    c.k.istore(AUX);
                }
                c.flags = difference ? Known.difference(bits) : Known.result(bits);
            }
        }
        result(c, bits, live);
    }

    private static void result(Code c, int bits, int live) {
        if ((live & Inlined.RES) != 0) {
            c.load(bits, R, LR);
            c.setRes(bits);
        }
    }

    private static void unary(Code c, Insn i, int live) {
        int bits = i.opSize;
        if (i.mem()) {
            c.update(i, bits);
        } else {
            c.reg(bits, i.r0);
        }
        c.store(bits, A, LA);
        c.load(bits, A, LA);
        Class<?> t = type(bits);
        c.call(Alu.class, name(i.op) + bits, t, t);
        c.store(bits, R, LR);
        if (i.mem()) {
            c.updated(bits);
        } else {
            c.load(bits, R, LR);
            c.setReg(bits, i.r0);
        }
        if (i.op == Op.NOT) {
            return;
        }
        if ((live & Inlined.AUX) != 0) {
            if (i.op == Op.NEG) {
                c.load(bits, A, LA);
                c.store(bits, B, LB);
                c.constant(bits, 0);
                c.store(bits, A, LA);
                pushAux(c, false, bits, A, B, LA, LB);
            } else {
                c.k.iload(AUX);
                c.constant(bits, 1);
                c.store(bits, B, LB);
                pushAux(c, i.op == Op.INC, bits, A, B, LA, LB);
                c.call(Alu.class, "keepCf", int.class, int.class, int.class);
            }
            c.k.istore(AUX);
        }
        result(c, bits, live);
        c.flags = Known.result(bits);
    }

    /** CF and OF of a product whose high half is significant if the int on the stack is not 0. */
    private static void overflow(Code c) {
        c.k.istore(A).iload(AUX);
        // 0, 1 or -1 as a boolean.
        c.k.iload(A).iconst_1().iand();
        c.call(MulDiv.class, "auxMul", int.class, int.class, boolean.class);
        c.k.istore(AUX);
        c.flags = c.flags.carryChanged();
    }

    /** Two and three operands. */
    private static void truncatedProduct(Code c, Insn i, int live) {
        int bits = i.opSize;
        boolean three = i.form.operands().size() == 3;
        c.operand(i, 1, bits);
        if (three) {
            c.constant(bits, i.imm);
        } else {
            c.reg(bits, i.r0);
        }
        if (bits == 64) {
            c.k.lstore(LB).lstore(LA).lload(LA).lload(LB).lmul().lstore(LR);
            c.k.lload(LR);
            c.setReg(64, i.r0);
            c.k.lload(LA).lload(LB);
            c.call(MulDiv.class, "imulHigh", long.class, long.class, long.class);
            c.k.lload(LR).bipush(63).lshr().lcmp();
        } else {
            c.k.i2l().lstore(LB).i2l().lload(LB).lmul().lstore(LR);
            c.k.lload(LR).l2i();
            c.setReg(32, i.r0);
            c.k.lload(LR).lload(LR).l2i().i2l().lcmp();
        }
        overflow(c);
    }

    /** One operand: rDX:rAX. */
    private static void product(Code c, Insn i, int live) {
        boolean signed = i.op == Op.IMUL;
        if (i.opSize == 64) {
            c.operand(i, 0, 64);
            c.k.lstore(LB);
            c.reg(64, 0);
            c.k.lload(LB);
            c.call(MulDiv.class, signed ? "imulHigh" : "mulHigh", long.class, long.class, long.class);
            c.k.lstore(LR);
            c.reg(64, 0);
            c.k.lload(LB).lmul();
            c.setReg(64, 0);
            c.k.lload(LR);
            c.setReg(64, 2);
            c.k.lload(LR);
            if (signed) {
                c.reg(64, 0);
                c.k.bipush(63).lshr();
            } else {
                c.k.lconst_0();
            }
            c.k.lcmp();
        } else {
            c.operand(i, 0, 32);
            widen(c, signed);
            c.reg(32, 0);
            widen(c, signed);
            c.k.lmul().lstore(LR);
            c.k.lload(LR).l2i();
            c.setReg(32, 0);
            c.k.lload(LR).bipush(32).lushr().l2i();
            c.setReg(32, 2);
            c.k.lload(LR);
            if (signed) {
                c.k.lload(LR).l2i().i2l();
            } else {
                c.k.loadConstant(0xFFFFFFFFL).land();
                c.k.lload(LR);
            }
            c.k.lcmp();
        }
        overflow(c);
    }

    private static void widen(Code c, boolean signed) {
        if (signed) {
            c.k.i2l();
        } else {
            c.zeroExtend();
        }
    }
}
