package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FCOM, FUCOM, FICOM, FTST, FCOMI, FUCOMI, and FXAM. */
final class Comparisons {
    private Comparisons() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        boolean quiet = switch (op) {
            case FUCOM, FUCOMP, FUCOMPP, FUCOMI, FUCOMIP -> true;
            default -> false;
        };
        int pops = switch (op) {
            case FCOMP, FUCOMP, FICOMP, FCOMIP, FUCOMIP -> 1;
            case FCOMPP, FUCOMPP -> 2;
            default -> 0;
        };
        return switch (op) {
            case FXAM -> new Examine(i, b);
            case FTST -> new WithValue(i, b, 0, (c, x, r) -> r.exact(0, 0));
            case FCOMI, FCOMIP, FUCOMI, FUCOMIP -> new ToEflags(i, b, quiet, pops);
            case FCOMPP, FUCOMPP -> new OnStack(i, b, 1, quiet, pops);
            default -> i.mem() ? new WithValue(i, b, pops, MemoryOperand.of(op, i))
                    : new OnStack(i, b, i.r0, quiet, pops);
        };
    }

    /**
     * Sets the condition codes, and pops unless an exception is unmasked (SDM vol. 1, 8.5.1, 8.5.2: the operands stay).
     */
    private static void conclude(FpuState f, X87Behaviour b, int condition, int flags, int pops) {
        boolean keep = Status.raise(f, flags);
        if (b.invalidComparisonSetsCodes() || !keep || (flags & Status.IE) == 0) {
            f.status = f.status & ~Status.UNORDERED | condition;
        }
        for (int n = keep ? 0 : pops; n > 0; n--) {
            Stack.pop(f);
        }
    }

    /** With another register. */
    private static final class OnStack extends X87Instruction {
        private final int other;
        private final boolean quiet;
        private final int pops;

        OnStack(Insn i, X87Behaviour b, int other, boolean quiet, int pops) {
            super(i, b);
            this.other = other;
            this.quiet = quiet;
            this.pops = pops;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 0) || Stack.empty(f, other)) {
                conclude(f, behaviour, Status.UNORDERED, Status.IE | Status.SF, pops);
                return;
            }
            int a = f.top;
            int b = Stack.register(f, other);
            Comparison.compare(f.signExponent[a], f.significand[a], f.signExponent[b], f.significand[b], quiet, r);
            conclude(f, behaviour, r.condition, r.flags, pops);
        }
    }

    /** With memory, or a constant. */
    private static final class WithValue extends X87Instruction {
        private final int pops;
        private final MemoryOperand operand;

        WithValue(Insn i, X87Behaviour b, int pops, MemoryOperand operand) {
            super(i, b);
            this.pops = pops;
            this.operand = operand;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            operand.load(c, i, r);
            if (Stack.empty(f, 0)) {
                conclude(f, behaviour, Status.UNORDERED, Status.IE | Status.SF, pops);
                return;
            }
            int denormal = r.flags;
            int a = f.top;
            Comparison.compare(f.signExponent[a], f.significand[a], r.signExponent, r.significand, false, r);
            conclude(f, behaviour, r.condition, r.condition == Status.UNORDERED ? r.flags : r.flags | denormal, pops);
        }
    }

    /** Into EFLAGS; OF, SF and AF become 0, and the condition codes stay. */
    private static final class ToEflags extends X87Instruction {
        private final boolean quiet;
        private final int pops;

        ToEflags(Insn i, X87Behaviour b, boolean quiet, int pops) {
            super(i, b);
            this.quiet = quiet;
            this.pops = pops;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            int c1 = 0;
            if (Stack.empty(f, 0) || Stack.empty(f, i.r1)) {
                r.condition = Status.UNORDERED;
                r.flags = Status.IE | Status.SF;
            } else {
                int a = f.top;
                int b = Stack.register(f, i.r1);
                Comparison.compare(f.signExponent[a], f.significand[a], f.signExponent[b], f.significand[b], quiet, r);
                c1 = behaviour.fcomiKeepsC1() ? f.status & Status.C1 : 0;
            }
            boolean keep = Status.raise(f, r.flags);
            f.status |= c1;
            if (behaviour.invalidComparisonSetsCodes() || !keep || (r.flags & Status.IE) == 0) {
                c.setArith(Comparison.eflags(r.condition));
            } else {
                c.setArith(Flags.OF | Flags.SF | Flags.AF, 0);
            }
            if (!keep && pops != 0) {
                Stack.pop(f);
            }
        }
    }

    /** FXAM: the class in C3 C2 C0, the sign in C1, of an empty register too. */
    private static final class Examine extends X87Instruction {
        Examine(Insn i, X87Behaviour b) {
            super(i, b);
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            int se = f.signExponent[f.top];
            int condition = Stack.empty(f, 0) ? Status.C3 | Status.C0 : switch (F80.kind(se, f.significand[f.top])) {
                case UNSUPPORTED -> 0;
                case NAN -> Status.C0;
                case NORMAL -> Status.C2;
                case INFINITY -> Status.C2 | Status.C0;
                case ZERO -> Status.C3;
                case DENORMAL -> Status.C3 | Status.C2;
            };
            f.status = f.status & ~(Status.UNORDERED | Status.C1) | condition | ((se & F80.SIGN) != 0 ? Status.C1 : 0);
        }
    }
}
