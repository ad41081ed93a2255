package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FADD, FMUL, FSUB(R), FDIV(R), their integer and popping forms. */
final class Arithmetic {
    private Arithmetic() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        BinaryOperation f = switch (op) {
            case FADD, FADDP, FIADD -> Addition::add;
            case FMUL, FMULP, FIMUL -> Product::multiply;
            case FSUB, FSUBP, FISUB, FSUBR, FSUBRP, FISUBR -> Addition::subtract;
            default -> Quotient::divide;
        };
        boolean reverse = switch (op) {
            case FSUBR, FSUBRP, FISUBR, FDIVR, FDIVRP, FIDIVR -> true;
            default -> false;
        };
        if (i.mem()) {
            return new WithMemory(i, b, f, reverse, MemoryOperand.of(op, i));
        }
        boolean pop = switch (op) {
            case FADDP, FMULP, FSUBP, FSUBRP, FDIVP, FDIVRP -> true;
            default -> false;
        };
        return new OnStack(i, b, f, reverse, pop);
    }

    /** {@code ST(r0) = ST(r0) f ST(r1)}. */
    private static final class OnStack extends X87Instruction {
        private final BinaryOperation f;
        private final boolean reverse;
        private final boolean pop;

        OnStack(Insn i, X87Behaviour b, BinaryOperation f, boolean reverse, boolean pop) {
            super(i, b);
            this.f = f;
            this.reverse = reverse;
            this.pop = pop;
        }

        @Override
        void execute(Cpu c, FpuState s, Insn i) {
            int to = i.r0;
            if (Stack.empty(s, to) || Stack.empty(s, i.r1)) {
                if (Stack.underflow(s)) {
                    return;
                }
                Stack.indefinite(s, to);
            } else {
                int d = Stack.register(s, to);
                int o = Stack.register(s, i.r1);
                int a = reverse ? o : d;
                int b = reverse ? d : o;
                f.apply(s.signExponent[a], s.significand[a], s.signExponent[b], s.significand[b], s.control, r);
                if (Status.raise(s, r.flags)) {
                    return;
                }
                s.signExponent[d] = r.signExponent;
                s.significand[d] = r.significand;
            }
            if (pop) {
                Stack.pop(s);
            }
        }
    }

    /** {@code ST(0) = ST(0) f memory}. */
    private static final class WithMemory extends X87Instruction {
        private final BinaryOperation f;
        private final boolean reverse;
        private final MemoryOperand operand;

        WithMemory(Insn i, X87Behaviour b, BinaryOperation f, boolean reverse, MemoryOperand operand) {
            super(i, b);
            this.f = f;
            this.reverse = reverse;
            this.operand = operand;
        }

        @Override
        void execute(Cpu c, FpuState s, Insn i) {
            operand.load(c, i, r);
            if (Stack.empty(s, 0)) {
                if (!Stack.underflow(s)) {
                    Stack.indefinite(s, 0);
                }
                return;
            }
            int d = s.top;
            int se = r.signExponent;
            long sig = r.significand;
            int denormal = r.flags;
            if (reverse) {
                f.apply(se, sig, s.signExponent[d], s.significand[d], s.control, r);
            } else {
                f.apply(s.signExponent[d], s.significand[d], se, sig, s.control, r);
            }
            // A NaN, an invalid operation and a division by zero stand before the denormal operand.
            if ((r.flags & (Status.IE | Status.ZE)) == 0 && !r.nan()) {
                r.flags |= denormal;
            }
            if (!Status.raise(s, r.flags)) {
                s.signExponent[d] = r.signExponent;
                s.significand[d] = r.significand;
            }
        }
    }
}
