package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.A;
import static dev.retrap.cpu.engine.compile.Code.LA;
import static dev.retrap.cpu.engine.compile.Code.TARGET;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Writes the near transfer that ends a block: Jcc, JMP, CALL, RET, LOOP, LOOPcc, JCXZ, in the mode's own width. */
final class Transfers {
    private final Code c;
    private final Edges edges;

    Transfers(Code c, Edges edges) {
        this.c = c;
        this.edges = edges;
    }

    /** True if {@link #write} can write the instruction. */
    static boolean supports(Insn i, Plan p) {
        int bits = p.mode().bits();
        return switch (i.op) {
            case JCC, JMP -> p.inCode(i.imm);
            case LOOP, LOOPE, LOOPNE, JCXZ -> p.inCode(i.imm) && i.addrSize >= 32 && i.rep == Insn.REP_NONE;
            case CALL -> i.opSize == bits && p.inCode(i.imm);
            case RET -> i.opSize == bits;
            case JMP_IND, CALL_IND -> i.opSize == bits && Code.addressable(i, p);
            default -> false;
        };
    }

    /** True if a fault can come of it. */
    static boolean faults(Insn i) {
        return switch (i.op) {
            case JCC, JMP, LOOP, LOOPE, LOOPNE, JCXZ -> false;
            default -> true;
        };
    }

    void write(Insn i) {
        switch (i.op) {
            case JCC -> {
                Label taken = edges.direct(i.imm);
                Label other = taken == null ? c.k.newLabel() : taken;
                Conditions.branch(c, i.cond, other);
                if (taken != null) {
                    edges.fall(i.next);
                } else {
                    edges.go(i.next);
                    c.k.labelBinding(other);
                    edges.fall(i.imm);
                }
            }
            case JMP -> edges.fall(i.imm);
            case CALL -> {
                c.push(i.opSize, () -> c.constant(i.opSize, i.next));
                edges.fall(i.imm);
            }
            case RET -> ret(i);
            case JMP_IND -> {
                c.operand(i, 0, i.opSize);
                target(i.opSize);
                edges.computed();
            }
            case CALL_IND -> callIndirect(i);
            case JCXZ -> jcxz(i);
            default -> loop(i);
        }
    }

    /** Pops the target of a jump and checks it. */
    private void target(int bits) {
        if (bits == 32) {
            c.zeroExtend();
        }
        c.k.lstore(TARGET);
        checkTarget();
    }

    private void checkTarget() {
        if (!c.plan.fullLimit()) {
            c.k.aload(Code.CPU).lload(TARGET).invokevirtual(Code.desc(Cpu.class), "jump",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long));
        }
    }

    private void ret(Insn i) {
        c.loadAt(Seg.SS, i.opSize, () -> c.stack(0));
        target(i.opSize);
        c.moveStack((i.opSize >> 3) + (int) i.imm);
        edges.computed();
    }

    /** A page fault of the push comes before the check of the target. */
    private void callIndirect(Insn i) {
        c.operand(i, 0, i.opSize);
        if (i.opSize == 32) {
            c.zeroExtend();
        }
        c.k.lstore(TARGET);
        if (!c.plan.fullLimit()) {
            c.checkPush(i.opSize);
            checkTarget();
        }
        c.push(i.opSize, () -> c.constant(i.opSize, i.next));
        edges.computed();
    }

    private void count(Insn i) {
        c.reg(i.addrSize, 1);
    }

    private void jcxz(Insn i) {
        Label taken = c.k.newLabel();
        count(i);
        ifZero(i, taken);
        edges.go(i.next);
        c.k.labelBinding(taken);
        edges.fall(i.imm);
    }

    private void ifZero(Insn i, Label zero) {
        if (i.addrSize == 64) {
            c.k.lconst_0().lcmp();
        }
        c.k.ifeq(zero);
    }

    private void loop(Insn i) {
        Label out = c.k.newLabel();
        count(i);
        c.constant(i.addrSize, 1);
        if (i.addrSize == 64) {
            c.k.lsub();
        } else {
            c.k.isub();
        }
        c.store(i.addrSize, A, LA);
        c.load(i.addrSize, A, LA);
        c.setReg(i.addrSize, 1);
        c.load(i.addrSize, A, LA);
        ifZero(i, out);
        switch (i.op) {
            case LOOPE -> {
                c.resSign();
                c.k.ifne(out);
            }
            case LOOPNE -> {
                c.resSign();
                c.k.ifeq(out);
            }
            default -> { }
        }
        edges.go(i.imm);
        c.k.labelBinding(out);
        edges.fall(i.next);
    }
}
