package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of FST(P), FIST(P), FISTTP, FBSTP. */
final class Stores {
    /** Round towards zero, in any control word. */
    private static final int CHOP = Status.CHOP << 10;

    private Stores() {}

    static Exec bind(Op op, Insn i, X87Behaviour b) {
        boolean pop = op != Op.FST && op != Op.FIST;
        if (!i.mem()) {
            return new ToStack(i, b, pop, i.byteAt(i.prefixLength) == 0xD9);
        }
        int bits = i.opSize;
        return switch (op) {
            case FIST, FISTP -> new ToMemory(i, b, bits, pop, -1L << bits - 1,
                    (se, sig, control, r) -> Narrowing.integer(se, sig, bits, control, r));
            case FISTTP -> new ToMemory(i, b, bits, true, -1L << bits - 1, (se, sig, control, r) -> {
                Narrowing.integer(se, sig, bits, control | CHOP, r);
            });
            case FBSTP -> new ToMemory(i, b, bits, true, Narrowing.DECIMAL_INDEFINITE, Narrowing::decimal);
            default -> switch (bits) {
                case 32 -> new ToMemory(i, b, bits, pop, Narrowing.SINGLE_INDEFINITE, Narrowing::single);
                case 64 -> new ToMemory(i, b, bits, pop, Narrowing.DOUBLE_INDEFINITE, Narrowing::binary64);
                default -> new ToMemory(i, b, bits, pop, F80.INDEFINITE_SIGNIFICAND,
                        (se, sig, control, r) -> r.exact(se, sig));
            };
        };
    }

    /** To memory; an unmasked exception other than PE leaves memory and stack as they are (SDM vol. 1, 8.5.4). */
    private static final class ToMemory extends X87Instruction {
        private static final int FORBIDS = Status.IE | Status.OE | Status.UE;
        private final int bits;
        private final boolean pop;
        private final long indefinite;
        private final UnaryOperation conversion;

        ToMemory(Insn i, X87Behaviour b, int bits, boolean pop, long indefinite, UnaryOperation conversion) {
            super(i, b);
            this.bits = bits;
            this.pop = pop;
            this.indefinite = indefinite;
            this.conversion = conversion;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            int flags;
            if (Stack.empty(f, 0)) {
                r.set(F80.INDEFINITE, indefinite);
                flags = Status.IE | Status.SF;
            } else {
                conversion.apply(f.signExponent[f.top], f.significand[f.top], f.control, r);
                flags = r.flags;
            }
            if ((flags & FORBIDS & ~f.control) != 0) {
                // Memory is checked all the same: its faults come first.
                c.mmu.checkWrite(c.writable(i.seg, c.ea(i), bits >> 3), bits >> 3);
                Status.raise(f, flags & ~(Status.PE | Status.C1));
                return;
            }
            store(c, i);
            Status.raise(f, flags);
            if (pop) {
                Stack.pop(f);
            }
        }

        private void store(Cpu c, Insn i) {
            switch (bits) {
                case 16 -> c.st16(i.seg, c.ea(i), (int) r.significand);
                case 32 -> c.st32(i.seg, c.ea(i), (int) r.significand);
                case 64 -> c.st64(i.seg, c.ea(i), r.significand);
                default -> MemoryOperand.store80(c, i, r.signExponent, r.significand);
            }
        }
    }

    private static final class ToStack extends X87Instruction {
        private final boolean pop;
        /** The alias D9 D8+i pops an empty ST(0) without an exception, and stores nothing. */
        private final boolean alias;

        ToStack(Insn i, X87Behaviour b, boolean pop, boolean alias) {
            super(i, b);
            this.pop = pop;
            this.alias = alias;
        }

        @Override
        void execute(Cpu c, FpuState f, Insn i) {
            if (Stack.empty(f, 0)) {
                if (alias) {
                    f.status &= ~Status.C1;
                    Stack.pop(f);
                    return;
                }
                if (Stack.underflow(f)) {
                    return;
                }
                Stack.indefinite(f, i.r0);
            } else {
                f.status &= ~Status.C1;
                Stack.set(f, i.r0, f.signExponent[f.top], f.significand[f.top]);
            }
            if (pop) {
                Stack.pop(f);
            }
        }
    }
}
