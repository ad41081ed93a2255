package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FXCH, FCMOVcc, FFREE, FFREEP, FINCSTP, FDECSTP, FNOP. */
final class StackControl {
    private StackControl() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        return switch (op) {
            case FXCH -> new Action(i, b, StackControl::exchange);
            case FFREE -> new Action(i, b, StackControl::free);
            case FFREEP -> new Action(i, b, (f, n) -> {
                free(f, n);
                Stack.pop(f);
            });
            case FINCSTP -> new Action(i, b, (f, n) -> f.top = f.top + 1 & 7);
            case FDECSTP -> new Action(i, b, (f, n) -> f.top = f.top - 1 & 7);
            case FNOP -> new Nothing(i, b);
            case FCMOVB -> new ConditionalMove(i, b, 2);
            case FCMOVNB -> new ConditionalMove(i, b, 3);
            case FCMOVE -> new ConditionalMove(i, b, 4);
            case FCMOVNE -> new ConditionalMove(i, b, 5);
            case FCMOVBE -> new ConditionalMove(i, b, 6);
            case FCMOVNBE -> new ConditionalMove(i, b, 7);
            case FCMOVU -> new ConditionalMove(i, b, 10);
            case FCMOVNU -> new ConditionalMove(i, b, 11);
            default -> null;
        };
    }

    private static void free(FpuState f, int i) {
        f.valid &= ~(1 << Stack.register(f, i));
    }

    private static void exchange(FpuState f, int i) {
        boolean first = Stack.empty(f, 0);
        boolean second = Stack.empty(f, i);
        if (first || second) {
            if (Stack.underflow(f)) {
                return;
            }
            if (first) {
                Stack.indefinite(f, 0);
            }
            if (second) {
                Stack.indefinite(f, i);
            }
        }
        int a = f.top;
        int b = Stack.register(f, i);
        int se = f.signExponent[a];
        long sig = f.significand[a];
        f.signExponent[a] = f.signExponent[b];
        f.significand[a] = f.significand[b];
        f.signExponent[b] = se;
        f.significand[b] = sig;
    }

    /** On the stack and its register ST(i). */
    @FunctionalInterface
    private interface StackAction {
        void apply(FpuState f, int i);
    }

    private static final class Action extends X87Instruction {
        private final StackAction action;

        Action(Insn i, X87Behaviour b, StackAction action) {
            super(i, b);
            this.action = action;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            f.status &= ~Status.C1;
            action.apply(f, i.r0);
        }
    }

    /** FNOP leaves C1 as it is. */
    private static final class Nothing extends X87Instruction {
        Nothing(Insn i, X87Behaviour b) {
            super(i, b);
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            // The pointers are recorded.
        }
    }

    /** FCMOVcc leaves C1 as it is, but for a stack underflow. */
    private static final class ConditionalMove extends X87Instruction {
        private final int condition;

        /** @param condition as of CMOVcc */
        ConditionalMove(Insn i, X87Behaviour b, int condition) {
            super(i, b);
            this.condition = condition;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 0) || Stack.empty(f, i.r1)) {
                // Whatever the condition.
                if (!Stack.underflow(f)) {
                    Stack.indefinite(f, 0);
                }
                return;
            }
            if (c.condition(condition)) {
                int n = Stack.register(f, i.r1);
                Stack.set(f, 0, f.signExponent[n], f.significand[n]);
            }
        }
    }
}
