package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;
import dev.retrap.cpu.isa.Operand.Width;
import java.util.ArrayList;
import java.util.List;

/** Keeps account of the prefixes that operands and mnemonic have shown; the others are printed by name. */
final class PrefixUse {
    private static final int W = 8;
    private static final int R = 4;
    private static final int X = 2;
    private static final int B = 1;
    private static final int SEGMENTS = Insn.PREFIX_ES | Insn.PREFIX_CS | Insn.PREFIX_SS | Insn.PREFIX_DS
            | Insn.PREFIX_FS | Insn.PREFIX_GS;

    private final Insn insn;
    private final Form form;
    private final boolean intel;
    private int used;
    private int rexUsed;
    private boolean rexPlainUsed;

    PrefixUse(Insn insn, boolean intel) {
        this.insn = insn;
        form = insn.form;
        this.intel = intel;
        int selects = form.encoding().prefixes();
        if (selects != Encoding.ANY_PREFIX && !form.has(Form.NO_PREFIX)) {
            boolean repeat = (selects & Encoding.NP) == 0;
            used |= repeat && insn.rep == Insn.REP_F3 ? Insn.PREFIX_F3 : 0;
            used |= repeat && insn.rep == Insn.REP_F2 ? Insn.PREFIX_F2 : 0;
            used |= (selects & Encoding.P66) != 0 ? Insn.PREFIX_OPSIZE : 0;
        }
        if (form.encoding().w() >= 0) {
            rexW();
        }
    }

    /** The operand size was shown. */
    void operandSize() {
        if ((insn.rex & W) != 0) {
            rexW();
        } else {
            used |= Insn.PREFIX_OPSIZE;
        }
    }

    /** The effect of 66 was shown, whatever REX.W says. */
    void data() {
        used |= Insn.PREFIX_OPSIZE;
    }

    void rexW() {
        rexUsed |= insn.rex & W;
    }

    /** The address size was shown. */
    void address() {
        used |= Insn.PREFIX_ADDRSIZE;
    }

    /** Any segment prefix, in effect or not, counts as shown: by a segment that is always named, or a branch hint. */
    void anySegment() {
        used |= SEGMENTS;
    }

    /** {@return the name of the overriding segment, marked as shown, or null} */
    String memorySegment() {
        if (insn.segOverride < 0 || insn.segOverride == Decoder.DS && notrack()) {
            return null;
        }
        used |= SEGMENTS;
        return Registers.segment(insn.segOverride);
    }

    /** A memory operand by ModRM was shown. */
    void modrmMemory(boolean sib) {
        rexUsed |= insn.rex & (sib ? X | B : B);
    }

    /** Marks what an operand shows of operand size and REX. */
    void operand(Operand spec, int position) {
        boolean memory = position == insn.memAt;
        switch (spec.width()) {
            case V -> {
                if (form.has(Form.DEFAULT64) || form.has(Form.FORCE64)) {
                    dataWithoutW();
                } else {
                    operandSize();
                }
            }
            case Z -> dataWithoutW();
            case Y -> rexUsed |= form.has(Form.MODE_SIZE) ? 0 : insn.rex & W;
            case AS -> address();
            case P -> used |= intel ? Insn.PREFIX_OPSIZE : 0;
            case V_MW -> {
                if (!memory) {
                    operandSize();
                }
            }
            // SPL, BPL, SIL and DIL need a REX prefix.
            case B -> rexPlainUsed |= (insn.reg(position) & ~3) == 4;
            default -> { }
        }
        if (spec.place() == Place.CONTROL && insn.reg(position) == 8 && (insn.rex & R) == 0) {
            used |= Insn.PREFIX_LOCK;
        }
        switch (spec.place()) {
            case REG, CONTROL, DEBUG, XMM -> rexUsed |= insn.rex & R;
            case OPCODE_REGISTER, RM_REGISTER -> rexUsed |= insn.rex & B;
            case RM, XMM_RM, XMM_RM_REGISTER -> rexUsed |= memory ? 0 : insn.rex & B;
            default -> { }
        }
    }

    private void dataWithoutW() {
        boolean ignored = form.has(Form.FORCE64) && insn.mode == CodeMode.CODE64 && insn.opSize == 64;
        used |= (insn.rex & W) == 0 && !ignored ? Insn.PREFIX_OPSIZE : 0;
    }

    /** {@return the names of the prefixes that nothing has shown, in the order of the bytes} */
    List<String> leftOver() {
        var names = new ArrayList<String>();
        int seen = 0;
        var later = new int[insn.prefixLength];
        for (int i = insn.prefixLength - 1; i >= 0; i--) {
            later[i] = seen;
            seen |= kind(insn.byteAt(i));
        }
        for (int i = 0; i < insn.prefixLength; i++) {
            int b = insn.byteAt(i);
            int kind = kind(b);
            boolean last = (later[i] & kind) == 0;
            if (kind == Insn.PREFIX_REX ? !rexShown(i) : !last || (used & kind) == 0) {
                names.add(name(b, last));
            }
        }
        return names;
    }

    private boolean rexShown(int at) {
        return at == insn.prefixLength - 1
                && (insn.rex == 0 ? rexPlainUsed : (insn.rex & ~rexUsed) == 0);
    }

    private static int kind(int b) {
        return switch (b) {
            case 0x66 -> Insn.PREFIX_OPSIZE;
            case 0x67 -> Insn.PREFIX_ADDRSIZE;
            case 0xF0 -> Insn.PREFIX_LOCK;
            case 0xF3 -> Insn.PREFIX_F3;
            case 0xF2 -> Insn.PREFIX_F2;
            case 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65 -> SEGMENTS;
            default -> Insn.PREFIX_REX;
        };
    }

    private String name(int b, boolean last) {
        return switch (b) {
            case 0x66 -> insn.mode == CodeMode.CODE16 ? "data32" : "data16";
            case 0x67 -> insn.mode == CodeMode.CODE32 ? "addr16" : "addr32";
            case 0xF0 -> "lock";
            case 0xF3 -> last ? repeatName(true) : "repz";
            case 0xF2 -> last ? repeatName(false) : "repnz";
            case 0x26 -> "es";
            case 0x2E -> "cs";
            case 0x36 -> "ss";
            case 0x3E -> last && notrack() ? "notrack" : "ds";
            case 0x64 -> "fs";
            case 0x65 -> "gs";
            default -> rexName(b);
        };
    }

    /** F3 and F2 by what they mean to the instruction: repeat, bounds check, lock elision. */
    private String repeatName(boolean f3) {
        if (f3 && form.has(Form.REP)) {
            return "rep";
        }
        boolean memory = insn.memAt == 0;
        boolean lock = (insn.prefixes & Insn.PREFIX_LOCK) != 0 || form.op() == Op.XCHG;
        // SDM 2A, XACQUIRE: CMPXCHG16B is not among those that take it.
        if (memory && lock && form.has(Form.LOCKABLE) && form.op() != Op.CMPXCHG16B) {
            return f3 ? "xrelease" : "xacquire";
        }
        if (f3) {
            boolean store = memory && form.op() == Op.MOV && form.operand(0).place() == Place.RM;
            return store && insn.rep == Insn.REP_F3 ? "xrelease" : "repz";
        }
        return switch (form.op()) {
            case CALL, CALL_IND, JMP, JMP_IND, JCC, RET -> "bnd";
            default -> "repnz";
        };
    }

    private boolean notrack() {
        return (form.op() == Op.CALL_IND || form.op() == Op.JMP_IND)
                && (insn.mode != CodeMode.CODE64 || (insn.prefixes & Insn.PREFIX_OPSIZE) == 0);
    }

    private static String rexName(int b) {
        if (b == 0x40) {
            return "rex";
        }
        return "rex." + ((b & W) != 0 ? "W" : "") + ((b & R) != 0 ? "R" : "") + ((b & X) != 0 ? "X" : "")
                + ((b & B) != 0 ? "B" : "");
    }
}
