package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers that replace ST(0) by a function of it, and those of two stack operands that are not plain arithmetic. */
final class Unary {
    private Unary() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        return switch (op) {
            case FCHS -> new OfTop(i, b, (se, sig, control, r) -> r.exact(se ^ F80.SIGN, sig));
            case FABS -> new OfTop(i, b, (se, sig, control, r) -> r.exact(se & F80.SPECIAL, sig));
            case FSQRT -> new OfTop(i, b, SquareRoot::sqrt);
            case FRNDINT -> new OfTop(i, b, Scaling::round);
            case FSCALE -> new OfTwo(i, b, Scaling::scale, false);
            case FPREM -> new OfTwo(i, b, Remainder::truncating, true);
            case FPREM1 -> new OfTwo(i, b, Remainder::nearest, true);
            case FXTRACT -> new ToTwo(i, b, Scaling::extract);
            default -> null;
        };
    }

    /** {@code ST(0) = f(ST(0))}. */
    static final class OfTop extends X87Instruction {
        private final UnaryOperation function;

        OfTop(Insn i, X87Behaviour b, UnaryOperation function) {
            super(i, b);
            this.function = function;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 0)) {
                if (!Stack.underflow(f)) {
                    Stack.indefinite(f, 0);
                }
                return;
            }
            function.apply(f.signExponent[f.top], f.significand[f.top], f.control, r);
            if (!Status.raise(f, r.flags)) {
                f.signExponent[f.top] = r.signExponent;
                f.significand[f.top] = r.significand;
            }
        }
    }

    /** {@code ST(0) = f(ST(0), ST(1))}. */
    private static final class OfTwo extends X87Instruction {
        private final BinaryOperation function;
        /** The function sets the condition codes, but C2 only if there is no quotient. */
        private final boolean codes;

        OfTwo(Insn i, X87Behaviour b, BinaryOperation function, boolean codes) {
            super(i, b);
            this.function = function;
            this.codes = codes;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 0) || Stack.empty(f, 1)) {
                if (codes) {
                    f.status &= ~Status.C2;
                }
                if (!Stack.underflow(f)) {
                    Stack.indefinite(f, 0);
                }
                return;
            }
            int a = f.top;
            int b = Stack.register(f, 1);
            function.apply(f.signExponent[a], f.significand[a], f.signExponent[b], f.significand[b], f.control, r);
            boolean keep = Status.raise(f, r.flags);
            if (codes) {
                int set = keep || r.nan() ? Status.C2 : Status.UNORDERED | Status.C1;
                f.status = f.status & ~set | (keep ? 0 : r.condition);
            }
            if (!keep) {
                f.signExponent[a] = r.signExponent;
                f.significand[a] = r.significand;
            }
        }
    }

    /** Replaces ST(0) by the first result and pushes the second. */
    private static final class ToTwo extends X87Instruction {
        private final UnaryOperation function;

        ToTwo(Insn i, X87Behaviour b, UnaryOperation function) {
            super(i, b);
            this.function = function;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            pushing(f, r, function);
        }
    }

    /** As {@link ToTwo}; both are the indefinite if ST(0) is empty or there is no room to push. */
    static void pushing(FpuState f, Result r, UnaryOperation function) {
        boolean underflow = Stack.empty(f, 0);
        if (underflow || !Stack.empty(f, 7)) {
            if (underflow ? Stack.underflow(f) : Stack.overflow(f)) {
                return;
            }
            Stack.indefinite(f, 0);
            Stack.push(f, F80.INDEFINITE, F80.INDEFINITE_SIGNIFICAND);
            return;
        }
        function.apply(f.signExponent[f.top], f.significand[f.top], f.control, r);
        if (!Status.raise(f, r.flags)) {
            f.signExponent[f.top] = r.signExponent;
            f.significand[f.top] = r.significand;
            Stack.push(f, r.pushedSignExponent, r.pushedSignificand);
        }
    }
}
