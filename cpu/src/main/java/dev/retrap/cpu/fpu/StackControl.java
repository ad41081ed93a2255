package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FXCH, FCMOVcc, FFREE, FFREEP, FINCSTP, FDECSTP, FNOP. */
final class StackControl {
    private StackControl() {}

    static Exec bind(Op op, Insn i, Pointers p) {
        return switch (op) {
            case FXCH -> new Action(i, p, StackControl::exchange);
            case FFREE -> new Action(i, p, StackControl::free);
            case FFREEP -> new Action(i, p, (f, n) -> {
                free(f, n);
                Stack.pop(f);
            });
            case FINCSTP -> new Action(i, p, (f, n) -> f.top = f.top + 1 & 7);
            case FDECSTP -> new Action(i, p, (f, n) -> f.top = f.top - 1 & 7);
            case FNOP -> new Nothing(i, p);
            case FCMOVB -> new ConditionalMove(i, p, 2);
            case FCMOVNB -> new ConditionalMove(i, p, 3);
            case FCMOVE -> new ConditionalMove(i, p, 4);
            case FCMOVNE -> new ConditionalMove(i, p, 5);
            case FCMOVBE -> new ConditionalMove(i, p, 6);
            case FCMOVNBE -> new ConditionalMove(i, p, 7);
            case FCMOVU -> new ConditionalMove(i, p, 10);
            case FCMOVNU -> new ConditionalMove(i, p, 11);
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

        Action(Insn i, Pointers p, StackAction action) {
            super(i, p);
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
        Nothing(Insn i, Pointers p) {
            super(i, p);
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
        ConditionalMove(Insn i, Pointers p, int condition) {
            super(i, p);
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
