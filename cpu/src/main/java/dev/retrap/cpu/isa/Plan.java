package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;
import dev.retrap.cpu.isa.Operand.Width;
import java.util.List;

/** A form prepared for the decoder: what it would otherwise work out at every instruction. */
final class Plan {
    /** {@link #opSize}: the operand-size attribute. */
    static final int EFFECTIVE = 0;
    /** {@link #opSize}: 64 if the operand-size attribute is 64, else 32. */
    static final int Y_SIZE = 1;
    /** {@link #opSize}: the operand-size attribute, but at most 32. */
    static final int Z_SIZE = 2;
    /** {@link #opSize}: the address size. */
    static final int ADDRESS_SIZE = 3;

    final Form form;
    final Place[] places;
    final Width[] widths;
    final int[] numbers;
    /** True if ModRM.mod other than 3 means memory. */
    final boolean memory;
    /** True for a branch relative to the next instruction. */
    final boolean relative;
    /** How {@link Insn#opSize} comes about: one of the constants above, or a size in bits. */
    final int opSize;
    /** The condition, or -1. */
    final int cond;
    /** True if 66 selects the form and is not an operand-size prefix. */
    final boolean mandatory66;
    /** True if VEX.vvvv names an operand; else it must be 1111b. */
    final boolean usesVvvv;
    /** Segment of an implied memory operand at rAX, rSI, rDI or in the string operands: DS, ES, or -1 if none. */
    final int impliedSegment;
    /** True for a near branch: its operand size is 64 in 64-bit mode, on AMD processors 16 after 66. */
    final boolean nearBranch;

    Plan(Form form) {
        this.form = form;
        List<Operand> operands = form.operands();
        places = new Place[operands.size()];
        widths = new Width[operands.size()];
        numbers = new int[operands.size()];
        boolean byModrm = false;
        boolean byVvvv = false;
        boolean byNext = false;
        for (int i = 0; i < places.length; i++) {
            Operand operand = operands.get(i);
            places[i] = operand.place();
            widths[i] = operand.width();
            numbers[i] = operand.number();
            byModrm |= operand.place().byModrmMemory();
            byNext |= operand.place() == Place.RELATIVE;
            byVvvv |= operand.place() == Place.VEX_REGISTER;
        }
        memory = byModrm;
        relative = byNext;
        usesVvvv = byVvvv;
        opSize = opSize(form);
        cond = switch (form.op()) {
            case JCC, SETCC, CMOVCC -> form.encoding().opcode() & 15;
            default -> -1;
        };
        mandatory66 = form.encoding().mandatory66();
        impliedSegment = impliedSegment(form);
        nearBranch = form.has(Form.FORCE64 | Form.BRANCH);
    }

    private static int impliedSegment(Form form) {
        boolean source = false;
        boolean destination = false;
        for (Operand o : form.operands()) {
            source |= o.place() == Place.STRING_SOURCE;
            destination |= o.place() == Place.STRING_DESTINATION;
        }
        return switch (form.op()) {
            case MASKMOVQ, MASKMOVDQU, MONITOR, MONITORX, UMONITOR, CLZERO -> Decoder.DS;
            default -> source ? Decoder.DS : destination ? Decoder.ES : -1;
        };
    }

    private static int opSize(Form form) {
        if (form.has(Form.SOURCE_SIZE)) {
            return rule(form.operand(1));
        }
        for (Operand o : form.operands()) {
            boolean incidental = switch (o.place()) {
                case IMMEDIATE, ONE, RELATIVE, FAR, MMX, MMX_RM, MMX_RM_REGISTER, XMM, XMM_RM, XMM_RM_REGISTER, XMM0,
                        ST0, ST_RM,
                        FIXED_SEGMENT -> true;
                // A count in CL and a port in DX are not what the operation works on.
                case FIXED -> o.number() != 0;
                default -> false;
            };
            if (!incidental) {
                return rule(o);
            }
        }
        return EFFECTIVE;
    }

    private static int rule(Operand operand) {
        return switch (operand.width()) {
            case B, BS -> 8;
            case W -> 16;
            case D, D_MB, D_MW -> 32;
            case Q -> 64;
            case T -> 80;
            case Y -> operand.place() == Place.CONTROL || operand.place() == Place.DEBUG ? EFFECTIVE : Y_SIZE;
            case Z -> Z_SIZE;
            case AS -> ADDRESS_SIZE;
            default -> EFFECTIVE;
        };
    }
}
