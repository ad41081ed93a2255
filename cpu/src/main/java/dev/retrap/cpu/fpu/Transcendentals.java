package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1. Precision control does not matter to them. */
final class Transcendentals {
    private Transcendentals() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        return switch (op) {
            case FSIN -> new Reduced(i, b, new Trigonometry()::sin, false);
            case FCOS -> new Reduced(i, b, new Trigonometry()::cos, false);
            case FSINCOS -> new Reduced(i, b, new Trigonometry()::sinCos, true);
            case FPTAN -> new Reduced(i, b, new Trigonometry()::tan, true);
            case F2XM1 -> new Unary.OfTop(i, b, new Exponential()::power);
            case FPATAN -> new Popping(i, b, new Arctangent()::angle);
            case FYL2X -> new Popping(i, b, new Logarithm()::log);
            case FYL2XP1 -> new Popping(i, b, new Logarithm()::logOfOnePlus);
            default -> null;
        };
    }

    /** A function that leaves an argument out of its range as it is and sets C2; otherwise C2 becomes 0. */
    private static final class Reduced extends X87Instruction {
        private final UnaryOperation function;
        private final boolean pushes;

        Reduced(Insn i, X87Behaviour b, UnaryOperation function, boolean pushes) {
            super(i, b);
            this.function = function;
            this.pushes = pushes;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            f.status &= ~Status.C2;
            if (Stack.empty(f, 0)) {
                fault(f, Stack.underflow(f));
            } else if (pushes && !Stack.empty(f, 7)) {
                fault(f, Stack.overflow(f));
            } else {
                function.apply(f.signExponent[f.top], f.significand[f.top], f.control, r);
                f.status |= r.condition;
                if (!Status.raise(f, r.flags) && r.condition == 0) {
                    f.signExponent[f.top] = r.signExponent;
                    f.significand[f.top] = r.significand;
                    if (pushes) {
                        Stack.push(f, r.pushedSignExponent, r.pushedSignificand);
                    }
                }
            }
        }

        private void fault(FpuState f, boolean unmasked) {
            if (!unmasked) {
                Stack.indefinite(f, 0);
                if (pushes) {
                    Stack.push(f, F80.INDEFINITE, F80.INDEFINITE_SIGNIFICAND);
                }
            }
        }
    }

    /** {@code ST(1) = f(ST(0), ST(1))}, and a pop. */
    private static final class Popping extends X87Instruction {
        private final BinaryOperation function;

        Popping(Insn i, X87Behaviour b, BinaryOperation function) {
            super(i, b);
            this.function = function;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 0) || Stack.empty(f, 1)) {
                if (Stack.underflow(f)) {
                    return;
                }
                Stack.indefinite(f, 1);
            } else {
                int a = f.top;
                int b = Stack.register(f, 1);
                function.apply(f.signExponent[a], f.significand[a], f.signExponent[b], f.significand[b], f.control, r);
                if (Status.raise(f, r.flags)) {
                    return;
                }
                f.signExponent[b] = r.signExponent;
                f.significand[b] = r.significand;
            }
            Stack.pop(f);
        }
    }
}
