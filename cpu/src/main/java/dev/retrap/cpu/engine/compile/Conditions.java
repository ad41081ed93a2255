package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.AUX;
import static dev.retrap.cpu.engine.compile.Code.CMP_A;
import static dev.retrap.cpu.engine.compile.Code.CMP_B;
import static dev.retrap.cpu.engine.compile.Code.CMP_LA;
import static dev.retrap.cpu.engine.compile.Code.CMP_LB;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;

/**
 * Branches on condition codes. Where the flags are known to be those of a difference, the operands are compared
 * instead: below is unsigned less, and so on (SDM vol. 1, appendix B). That is what the flags say, not another meaning of
 * the instruction; ConditionsTest compares the two.
 */
final class Conditions {
    private static final int O = 0, B = 2, E = 4, BE = 6, S = 8, P = 10, L = 12, LE = 14;

    private Conditions() {}

    /** Goes to {@code taken} if the condition holds. */
    static void branch(Code c, int cc, Label taken) {
        int base = cc & 14;
        boolean negated = (cc & 1) != 0;
        switch (c.flags.kind()) {
            case DIFFERENCE -> {
                if (base == S || base == E && c.flags.bits() < 32) {
                    onResult(c, base, negated, taken);
                } else if (base == O || base == P) {
                    general(c, cc, taken);
                } else {
                    onDifference(c, base, negated, taken);
                }
            }
            case LOGIC -> {
                switch (base) {
                    case E, S, LE -> onResult(c, base, negated, taken);
                    case L -> onResult(c, S, negated, taken);
                    case BE -> onResult(c, E, negated, taken);
                    case B, O -> {
                        if (negated) {
                            c.k.goto_(taken);
                        }
                    }
                    default -> general(c, cc, taken);
                }
            }
            case RESULT -> {
                switch (base) {
                    case E, S -> onResult(c, base, negated, taken);
                    case B -> onCarry(c, negated, taken);
                    default -> general(c, cc, taken);
                }
            }
            default -> {
                switch (base) {
                    case E -> onResult(c, base, negated, taken);
                    case B -> onCarry(c, negated, taken);
                    default -> general(c, cc, taken);
                }
            }
        }
    }

    private static void general(Code c, int cc, Label taken) {
        c.condition(cc);
        c.k.ifne(taken);
    }

    private static void onCarry(Code c, boolean negated, Label taken) {
        c.k.iload(AUX);
        if (negated) {
            c.k.ifge(taken);
        } else {
            c.k.iflt(taken);
        }
    }

    private static void onResult(Code c, int base, boolean negated, Label taken) {
        c.resSign();
        c.k.branch(switch (base) {
            case E -> negated ? Opcode.IFNE : Opcode.IFEQ;
            case LE -> negated ? Opcode.IFGT : Opcode.IFLE;
            default -> negated ? Opcode.IFGE : Opcode.IFLT;
        }, taken);
    }

    private static void onDifference(Code c, int base, boolean negated, Label taken) {
        CodeBuilder k = c.k;
        boolean unsigned = base == B || base == BE;
        int bits = c.flags.bits();
        if (bits == 64) {
            k.lload(CMP_LA).lload(CMP_LB);
            if (unsigned) {
                c.call(Long.class, "compareUnsigned", int.class, long.class, long.class);
            } else {
                k.lcmp();
            }
            k.branch(switch (base) {
                case E -> negated ? Opcode.IFNE : Opcode.IFEQ;
                case B, L -> negated ? Opcode.IFGE : Opcode.IFLT;
                default -> negated ? Opcode.IFGT : Opcode.IFLE;
            }, taken);
            return;
        }
        operand(k, CMP_A, bits, unsigned);
        operand(k, CMP_B, bits, unsigned);
        k.branch(switch (base) {
            case E -> negated ? Opcode.IF_ICMPNE : Opcode.IF_ICMPEQ;
            case B, L -> negated ? Opcode.IF_ICMPGE : Opcode.IF_ICMPLT;
            default -> negated ? Opcode.IF_ICMPGT : Opcode.IF_ICMPLE;
        }, taken);
    }

    private static void operand(CodeBuilder k, int local, int bits, boolean unsigned) {
        k.iload(local);
        switch (bits) {
            case 8 -> {
                if (unsigned) {
                    k.sipush(0xFF).iand();
                } else {
                    k.i2b();
                }
            }
            case 16 -> {
                if (unsigned) {
                    k.i2c();
                } else {
                    k.i2s();
                }
            }
            default -> {
                if (unsigned) {
                    // HotSpot knows this as an unsigned comparison.
                    k.loadConstant(Integer.MIN_VALUE).iadd();
                }
            }
        }
    }
}
