package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.A;
import static dev.retrap.cpu.engine.compile.Code.AUX;
import static dev.retrap.cpu.engine.compile.Code.B;
import static dev.retrap.cpu.engine.compile.Code.LA;
import static dev.retrap.cpu.engine.compile.Code.LB;
import static dev.retrap.cpu.engine.compile.Code.LR;
import static dev.retrap.cpu.engine.compile.Code.R;

import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.semantics.Alu;
import dev.retrap.cpu.semantics.Bits;
import java.lang.classfile.Label;

/**
 * Writes MOV MOVZX MOVSX MOVSXD LEA XCHG CMOVcc SETcc CBW CWD BSWAP BT BTS BTR BTC BSF BSR, what changes CF, and what does
 * nothing.
 */
final class Moves {
    private Moves() {}

    static Inlined bind(Insn i) {
        return switch (i.op) {
            case NOP, PAUSE, RESERVED_NOP, ENDBR32, ENDBR64, PREFETCHNTA, PREFETCHT0, PREFETCHT1, PREFETCHT2, PREFETCH,
                    PREFETCHW, PREFETCHWT1, LFENCE, MFENCE, SFENCE -> new Inlined((c, x, live) -> { }, false, 0, 0);
            case MOV, MOVNTI -> Inlined.plain(i, Moves::mov);
            case MOVZX -> Inlined.plain(i, Moves::movzx);
            case MOVSX, MOVSXD -> Inlined.plain(i, Moves::movsx);
            case LEA -> new Inlined(Moves::lea, false, 0, 0);
            case XCHG -> i.mem() ? null : Inlined.plain(i, Moves::xchg);
            case CMOVCC -> new Inlined(Moves::cmov, i.mem(), Inlined.BOTH, 0);
            case SETCC -> new Inlined(Moves::setcc, i.mem(), Inlined.BOTH, 0);
            case CBW -> Inlined.plain(i, Moves::cbw);
            case CWD -> Inlined.plain(i, Moves::cwd);
            case BSWAP -> i.opSize >= 32 ? Inlined.plain(i, Moves::bswap) : null;
            case BT, BTS, BTR, BTC -> i.opSize < 32 || i.mem() && i.r1 >= 0 ? null
                    : new Inlined(Moves::bitTest, i.mem(), Inlined.AUX, 0);
            case BSF, BSR -> i.opSize < 32 ? null : new Inlined(Moves::scan, i.mem(), 0, Inlined.BOTH);
            case CLC, STC, CMC -> new Inlined(Moves::carry, false, Inlined.AUX, 0);
            default -> null;
        };
    }

    private static void mov(Code c, Insn i, int live) {
        int bits = i.opSize;
        Code.Address source = () -> {
            if (i.memAt == 1 || i.r1 >= 0) {
                c.operand(i, 1, bits);
            } else {
                c.constant(bits, i.imm);
            }
        };
        if (i.memAt == 0) {
            c.store(i, bits, source);
        } else {
            source.push();
            c.setReg(bits, i.r0);
        }
    }

    private static int sourceBits(Insn i) {
        return i.form.operand(1).bits(i, i.mem());
    }

    private static void movzx(Code c, Insn i, int live) {
        int from = sourceBits(i);
        c.operand(i, 1, from);
        if (!i.mem()) {
            if (from == 8) {
                c.k.sipush(0xFF).iand();
            } else {
                c.k.i2c();
            }
        }
        extended(c, i);
    }

    private static void movsx(Code c, Insn i, int live) {
        int from = sourceBits(i);
        c.operand(i, 1, from);
        switch (from) {
            case 8 -> c.k.i2b();
            case 16 -> c.k.i2s();
            default -> { }
        }
        extended(c, i);
    }

    /** The int on the stack to the destination, sign-extended if that is wider. */
    private static void extended(Code c, Insn i) {
        if (i.opSize == 64) {
            c.k.i2l();
        }
        c.setReg(i.opSize, i.r0);
    }

    private static void lea(Code c, Insn i, int live) {
        c.address(i);
        if (i.opSize < 64 && !c.narrow) {
            c.k.l2i();
        }
        c.setReg(i.opSize, i.r0);
    }

    private static void xchg(Code c, Insn i, int live) {
        int bits = i.opSize;
        c.reg(bits, i.r0);
        c.store(bits, A, LA);
        c.reg(bits, i.r1);
        c.setReg(bits, i.r0);
        c.load(bits, A, LA);
        c.setReg(bits, i.r1);
    }

    private static void cmov(Code c, Insn i, int live) {
        int bits = i.opSize;
        Label moved = c.k.newLabel();
        Label end = c.k.newLabel();
        // Memory is read whatever the condition.
        c.operand(i, 1, bits);
        c.store(bits, R, LR);
        Conditions.branch(c, i.cond, moved);
        c.reg(bits, i.r0);
        c.store(bits, R, LR);
        c.k.labelBinding(moved);
        // The upper half is cleared even if nothing is moved.
        c.load(bits, R, LR);
        c.setReg(bits, i.r0);
        c.k.labelBinding(end);
    }

    private static void setcc(Code c, Insn i, int live) {
        Label yes = c.k.newLabel();
        Label end = c.k.newLabel();
        Conditions.branch(c, i.cond, yes);
        c.k.iconst_0().istore(R).goto_(end);
        c.k.labelBinding(yes);
        c.k.iconst_1().istore(R);
        c.k.labelBinding(end);
        if (i.mem()) {
            c.store(i, 8, () -> c.k.iload(R));
        } else {
            c.k.iload(R);
            c.setReg(8, i.r0);
        }
    }

    private static void cbw(Code c, Insn i, int live) {
        switch (i.opSize) {
            case 16 -> {
                c.reg(8, 0);
                c.k.i2b();
                c.setReg(16, 0);
            }
            case 32 -> {
                c.reg(16, 0);
                c.k.i2s();
                c.setReg(32, 0);
            }
            default -> {
                c.reg(32, 0);
                c.k.i2l();
                c.setReg(64, 0);
            }
        }
    }

    private static void cwd(Code c, Insn i, int live) {
        switch (i.opSize) {
            case 16 -> {
                c.reg(16, 0);
                c.k.i2s().bipush(15).ishr();
                c.setReg(16, 2);
            }
            case 32 -> {
                c.reg(32, 0);
                c.k.bipush(31).ishr();
                c.setReg(32, 2);
            }
            default -> {
                c.reg(64, 0);
                c.k.bipush(63).lshr();
                c.setReg(64, 2);
            }
        }
    }

    private static void bswap(Code c, Insn i, int live) {
        int bits = i.opSize;
        Class<?> t = bits == 64 ? long.class : int.class;
        c.reg(bits, i.r0);
        c.call(Bits.class, "bswap" + bits, t, t);
        c.setReg(bits, i.r0);
    }

    /** The operand, zero-extended to a long. */
    private static void unsigned(Code c, Insn i, int position) {
        c.operand(i, position, i.opSize);
        if (i.opSize != 64) {
            c.zeroExtend();
        }
    }

    /** BT and kin on a register, or on memory with a constant index. */
    private static void bitTest(Code c, Insn i, int live) {
        int bits = i.opSize;
        if (i.r1 >= 0) {
            c.reg(32, i.r1);
            c.k.bipush(bits - 1).iand().istore(B);
        } else {
            c.k.loadConstant((int) i.imm & bits - 1).istore(B);
        }
        boolean changes = i.op != Op.BT;
        if (i.mem() && changes) {
            c.update(i, bits);
            if (bits != 64) {
                c.zeroExtend();
            }
        } else {
            unsigned(c, i, 0);
        }
        c.k.lstore(LA);
        if (changes) {
            c.k.lload(LA).iload(B);
            c.call(Bits.class, i.op.name().toLowerCase(java.util.Locale.ROOT), long.class, long.class, int.class);
            if (bits != 64) {
                c.k.l2i();
            }
            c.store(bits, R, LR);
            if (i.mem()) {
                c.updated(bits);
            } else {
                c.load(bits, R, LR);
                c.setReg(bits, i.r0);
            }
        }
        if ((live & Inlined.AUX) != 0) {
            c.k.iload(AUX).lload(LA).iload(B);
            c.call(Bits.class, "bt", int.class, long.class, int.class);
            c.call(Alu.class, "withCf", int.class, int.class, int.class);
            c.k.istore(AUX);
        }
        c.flags = c.flags.carryChanged();
    }

    private static void scan(Code c, Insn i, int live) {
        Label zero = c.k.newLabel();
        unsigned(c, i, 1);
        c.k.lstore(LB).iconst_0().istore(B);
        c.k.lload(LB).lconst_0().lcmp().ifeq(zero);
        c.k.lload(LB);
        c.call(Bits.class, i.op == Op.BSF ? "scanForward" : "scanReverse", int.class, long.class);
        c.k.istore(B).iload(B);
        if (i.opSize == 64) {
            c.k.i2l();
        }
        c.setReg(i.opSize, i.r0);
        c.k.labelBinding(zero);
        if ((live & Inlined.RES) != 0) {
            c.k.lload(LB).iload(B);
            c.call(Bits.class, "resScan", int.class, long.class, int.class);
            c.setRes();
        }
        if ((live & Inlined.AUX) != 0) {
            c.k.iconst_0().istore(AUX);
        }
        c.flags = Known.result(32);
    }

    private static void carry(Code c, Insn i, int live) {
        c.k.iload(AUX);
        switch (i.op) {
            case CLC -> c.k.iconst_0();
            case STC -> c.k.iconst_1();
            default -> c.k.iload(AUX).bipush(31).iushr().iconst_1().ixor();
        }
        c.call(Alu.class, "withCf", int.class, int.class, int.class);
        c.k.istore(AUX);
        c.flags = c.flags.carryChanged();
    }
}
