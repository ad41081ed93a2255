package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FLD, FILD, FBLD and the constants. */
final class Loads {
    private Loads() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        if (i.mem()) {
            return new FromMemory(i, b, MemoryOperand.of(op, i), op == Op.FLD && i.opSize != 80);
        }
        Constant constant = switch (op) {
            case FLD1 -> Constant.ONE;
            case FLDL2T -> Constant.LOG2_TEN;
            case FLDL2E -> Constant.LOG2_E;
            case FLDPI -> Constant.PI;
            case FLDLG2 -> Constant.LOG10_TWO;
            case FLDLN2 -> Constant.LN_TWO;
            case FLDZ -> Constant.ZERO;
            default -> null;
        };
        return constant == null ? new FromStack(i, b) : new FromTable(i, b, constant);
    }

    private static void push(FpuState f, int se, long sig) {
        f.status &= ~Status.C1;
        Stack.push(f, se, sig);
    }

    /** Records that ST(7) is not empty, and the masked response. */
    private static void overflow(FpuState f) {
        if (!Stack.overflow(f)) {
            Stack.push(f, F80.INDEFINITE, F80.INDEFINITE_SIGNIFICAND);
        }
    }

    private static final class FromMemory extends X87Instruction {
        private final MemoryOperand operand;
        /** A signaling NaN is an invalid operand: of singles and doubles, which are converted, only. */
        private final boolean converts;

        FromMemory(Insn i, X87Behaviour b, MemoryOperand operand, boolean converts) {
            super(i, b);
            this.operand = operand;
            this.converts = converts;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            operand.load(c, i, r);
            if (!Stack.empty(f, 7)) {
                overflow(f);
                return;
            }
            if (converts && r.nan()) {
                Nan.propagate(r.signExponent, r.significand, r);
            }
            // A denormal is loaded even if its exception is unmasked.
            if (!Status.raise(f, r.flags) || (r.flags & Status.DE) != 0) {
                Stack.push(f, r.signExponent, r.significand);
            }
        }
    }

    private static final class FromStack extends X87Instruction {
        FromStack(Insn i, X87Behaviour b) {
            super(i, b);
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, i.r0)) {
                if (!Stack.underflow(f)) {
                    Stack.push(f, F80.INDEFINITE, F80.INDEFINITE_SIGNIFICAND);
                }
            } else if (!Stack.empty(f, 7)) {
                overflow(f);
            } else {
                int n = Stack.register(f, i.r0);
                push(f, f.signExponent[n], f.significand[n]);
            }
        }
    }

    private static final class FromTable extends X87Instruction {
        private final Constant constant;

        FromTable(Insn i, X87Behaviour b, Constant constant) {
            super(i, b);
            this.constant = constant;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 7)) {
                push(f, constant.signExponent, constant.significand(f.control));
            } else {
                overflow(f);
            }
        }
    }
}
