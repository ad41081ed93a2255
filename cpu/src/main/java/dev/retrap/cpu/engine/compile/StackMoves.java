package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.LR;
import static dev.retrap.cpu.engine.compile.Code.R;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/** Writes PUSH, also of a selector, POP of a register, LEAVE, in the mode's own width. */
final class StackMoves {
    private StackMoves() {}

    static Inlined bind(Insn i, Plan p) {
        if (i.opSize != p.mode().bits()) {
            return null;
        }
        return switch (i.op) {
            case PUSH_SREG -> i.r0 >= 0 ? new Inlined(StackMoves::pushSelector, true, 0, 0) : null;
            case PUSH -> new Inlined(StackMoves::push, true, 0, 0);
            case POP -> i.mem() ? null : new Inlined(StackMoves::pop, true, 0, 0);
            case LEAVE -> new Inlined(StackMoves::leave, true, 0, 0);
            default -> null;
        };
    }

    private static void push(Code c, Insn i, int live) {
        int bits = i.opSize;
        if (i.mem()) {
            c.load(i, bits);
            c.store(bits, R, LR);
            c.push(bits, () -> c.load(bits, R, LR));
        } else if (i.r0 >= 0) {
            c.push(bits, () -> c.reg(bits, i.r0));
        } else {
            c.push(bits, () -> c.constant(bits, i.imm));
        }
    }

    private static void pushSelector(Code c, Insn i, int live) {
        c.push(i.opSize, () -> {
            c.k.aload(Code.CPU).getfield(Code.CD_CPU, "sel", CD_int.arrayType()).loadConstant((int) i.r0).iaload();
            if (i.opSize == 64) {
                c.k.i2l();
            }
        });
    }

    private static void pop(Code c, Insn i, int live) {
        int bits = i.opSize;
        c.loadAt(Seg.SS, bits, () -> c.stack(0));
        c.store(bits, R, LR);
        c.moveStack(bits >> 3);
        c.load(bits, R, LR);
        c.setReg(bits, i.r0);
    }

    private static void leave(Code c, Insn i, int live) {
        int bits = i.opSize;
        c.loadAt(Seg.SS, bits, () -> c.offsetFrom(5, 0));
        c.store(bits, R, LR);
        c.offsetFrom(5, bits >> 3);
        c.setRaw(4);
        c.load(bits, R, LR);
        c.setReg(bits, 5);
    }
}
