package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;
import dev.retrap.cpu.isa.Operand.Width;

/** Gives the operands of a form their registers and immediates, in the order of the encoding. */
final class OperandReader {
    /** Registers AH, CH, DH, BH are numbered from here. */
    private static final int AH = 16;
    /** CR0, CR2, CR3, CR4 and CR8; the others raise #UD (SDM vol. 2, MOV to and from control registers). */
    private static final int CONTROL_REGISTERS = 0b1_0001_1101;

    private OperandReader() {
    }

    /** Reads all operands; false if a register number is undefined. */
    static boolean read(DecodeState s, Plan plan) {
        s.opSize = switch (plan.opSize) {
            case Plan.EFFECTIVE -> s.operandSize;
            case Plan.Y_SIZE -> s.operandSize == 64 ? 64 : 32;
            case Plan.Z_SIZE -> Math.min(s.operandSize, 32);
            case Plan.ADDRESS_SIZE -> s.addrSize;
            default -> plan.opSize;
        };
        if (plan.impliedSegment >= 0) {
            s.seg = plan.impliedSegment == Decoder.DS && s.segOverride >= 0 ? s.segOverride : plan.impliedSegment;
        }
        boolean defined = true;
        for (int i = 0; i < plan.places.length; i++) {
            defined &= operand(s, plan, i);
        }
        return defined;
    }

    private static boolean operand(DecodeState s, Plan plan, int i) {
        int modrm = s.modrm;
        Width width = plan.widths[i];
        switch (plan.places[i]) {
            case RM -> {
                if (modrm >= 0xC0) {
                    s.reg(i, general(s, width, modrm & 7 | s.rex << 3 & 8));
                } else {
                    s.memAt = i;
                }
            }
            case RM_REGISTER -> s.reg(i, general(s, width, modrm & 7 | s.rex << 3 & 8));
            case REG -> s.reg(i, general(s, width, modrm >> 3 & 7 | s.rex << 1 & 8));
            case OPCODE_REGISTER -> s.reg(i, general(s, width, s.opcode & 7 | s.rex << 3 & 8));
            case VEX_REGISTER -> s.reg(i, s.mode == CodeMode.CODE64 ? s.vvvv : s.vvvv & 7);
            case MEMORY -> s.memAt = i;
            case IMMEDIATE -> immediate(s, width, i > 0 && plan.places[i - 1] == Place.IMMEDIATE);
            case RELATIVE -> s.disp = width == Width.B ? s.s8() : s.operandSize == 16 ? s.s16() : s.s32();
            case OFFSET -> offset(s, i);
            case FAR -> {
                s.imm = s.operandSize == 16 ? s.u16() : s.s32() & 0xFFFF_FFFFL;
                s.imm2 = s.u16();
            }
            case SEGMENT -> {
                int number = modrm >> 3 & 7;
                s.reg(i, number);
                // There are six; and CS cannot be loaded by MOV.
                return number < 6 && (i != 0 || number != Decoder.CS);
            }
            case CONTROL -> {
                int number = modrm >> 3 & 7 | s.rex << 1 & 8 | lockAsCr8(s);
                s.reg(i, number);
                return (CONTROL_REGISTERS >> number & 1) != 0;
            }
            case DEBUG -> {
                int number = modrm >> 3 & 7 | s.rex << 1 & 8;
                s.reg(i, number);
                return number < 8;
            }
            case TEST, MMX -> s.reg(i, modrm >> 3 & 7);
            case XMM -> s.reg(i, modrm >> 3 & 7 | s.rex << 1 & 8);
            case MMX_RM, MMX_RM_REGISTER -> {
                if (modrm >= 0xC0) {
                    s.reg(i, modrm & 7);
                } else {
                    s.memAt = i;
                }
            }
            case XMM_RM, XMM_RM_REGISTER -> {
                if (modrm >= 0xC0) {
                    s.reg(i, modrm & 7 | s.rex << 3 & 8);
                } else {
                    s.memAt = i;
                }
            }
            case ST_RM -> s.reg(i, modrm & 7);
            case FIXED, FIXED_SEGMENT, ST0, XMM0 -> s.reg(i, plan.numbers[i]);
            case ONE -> s.imm = 1;
            case TABLE -> {
                s.memAt = i;
                s.base = 3;
                s.seg = s.segOverride >= 0 ? s.segOverride : Decoder.DS;
            }
            case STRING_SOURCE, STRING_DESTINATION -> { }
        }
        return true;
    }

    /** Without REX, byte registers 4 to 7 are AH, CH, DH, BH. */
    private static int general(DecodeState s, Width width, int number) {
        return width == Width.B && (number & 0xC) == 4 && (s.prefixes & Insn.PREFIX_REX) == 0
                ? AH + (number & 3) : number;
    }

    private static void immediate(DecodeState s, Width width, boolean second) {
        long value = switch (width) {
            case B -> s.u8();
            case BS -> s.s8();
            case W -> s.u16();
            case Z -> s.operandSize == 16 ? s.s16() : s.s32();
            case V -> s.operandSize == 16 ? s.s16() : s.operandSize == 32 ? s.s32() : s.s64();
            default -> throw new IllegalStateException("immediate of width " + width);
        };
        if (second) {
            s.imm2 = value;
        } else {
            s.imm = value;
        }
    }

    private static void offset(DecodeState s, int position) {
        s.memAt = position;
        s.disp = switch (s.addrSize) {
            case 16 -> s.s16();
            case 32 -> s.s32();
            default -> s.s64();
        };
        s.seg = s.segOverride >= 0 ? s.segOverride : Decoder.DS;
    }

    /** AMD: LOCK before MOV from or to CR0 names CR8. */
    private static int lockAsCr8(DecodeState s) {
        return (s.prefixes & Insn.PREFIX_LOCK) != 0 && (s.modrm & 0x38) == 0 && (s.rex & 4) == 0 ? 8 : 0;
    }

    /** {@return true if LOCK is the CR8 escape and not a lock} */
    static boolean namesCr8ByLock(DecodeState s, Plan plan) {
        return (plan.form.op() == Op.MOV_TO_CR || plan.form.op() == Op.MOV_FROM_CR) && lockAsCr8(s) != 0;
    }

    /** Makes branch targets and RIP-relative addresses absolute: only now is the length known. */
    static void relativeToNext(DecodeState s, Plan plan) {
        long next = s.ip + (s.at - s.start);
        if (plan.relative) {
            long target = next + s.disp;
            s.imm = s.operandSize == 16 ? target & 0xFFFF : s.operandSize == 32 ? target & 0xFFFF_FFFFL : target;
            s.disp = 0;
        } else {
            s.disp = s.addrSize == 32 ? next + s.disp & 0xFFFF_FFFFL : next + s.disp;
        }
    }
}
