package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;
import dev.retrap.cpu.isa.Operand.Width;

/** Prints one instruction: operands first, since they decide which prefixes are left over to be named. */
final class Printer {
    final Insn insn;
    final boolean intel;
    final PrefixUse use;
    private final SymbolResolver symbols;
    private String comment = "";

    Printer(Insn insn, Syntax syntax, SymbolResolver symbols) {
        this.insn = insn;
        this.intel = syntax == Syntax.INTEL;
        this.symbols = symbols;
        this.use = new PrefixUse(insn, intel);
    }

    String print() {
        String mnemonic = Mnemonics.of(this);
        String operands = operands();
        var out = new StringBuilder();
        for (String prefix : use.leftOver()) {
            out.append(prefix).append(' ');
        }
        out.append(mnemonic);
        if (!operands.isEmpty()) {
            // The mnemonic and the prefixes share the six columns.
            while (out.length() < 6) {
                out.append(' ');
            }
            out.append(' ').append(operands);
        }
        return out.append(comment).toString();
    }

    private String operands() {
        int count = insn.form.operands().size();
        String fixed = Mnemonics.impliedOperands(this);
        if (fixed != null) {
            return fixed;
        }
        var out = new StringBuilder();
        boolean forward = intel || insn.form.op() == Op.ENTER || insn.form.op() == Op.BOUND;
        for (int i = 0; i < count; i++) {
            int position = forward ? i : count - 1 - i;
            String text = operand(position);
            if (!text.isEmpty()) {
                out.append(out.isEmpty() ? "" : ",").append(text);
            }
        }
        return out.toString();
    }

    private String operand(int position) {
        Operand spec = insn.form.operand(position);
        int number = insn.reg(position);
        use.operand(spec, position);
        if (position == insn.memAt) {
            return memory(spec);
        }
        return switch (spec.place()) {
            case RM, RM_REGISTER, REG, OPCODE_REGISTER, VEX_REGISTER -> indirect() + general(number, spec);
            case FIXED -> spec.text().equals("DX") ? port() : general(number, spec);
            case IMMEDIATE -> Mnemonics.hidesImmediate(insn) ? "" : immediate(spec, position);
            // AT&T syntax leaves out a shift count of 1.
            case ONE -> intel ? "1" : "";
            case RELATIVE -> address(insn.imm);
            case FAR -> far();
            case SEGMENT, FIXED_SEGMENT -> register(Registers.segment(number));
            case CONTROL -> register("cr" + number);
            case DEBUG -> register((intel ? "dr" : "db") + number);
            case TEST -> register("tr" + number);
            case MMX, MMX_RM, MMX_RM_REGISTER -> register("mm" + number);
            case XMM, XMM_RM, XMM_RM_REGISTER, XMM0 -> register("xmm" + number);
            case ST_RM -> register("st(" + number + ')');
            case ST0 -> register("st");
            case STRING_SOURCE -> string(6, spec, insn.seg);
            case STRING_DESTINATION -> string(7, spec, Decoder.ES);
            default -> throw new IllegalStateException("operand " + spec + " of " + insn.form);
        };
    }

    private String port() {
        return intel ? "dx" : "(%dx)";
    }

    private String indirect() {
        return !intel && (insn.form.op() == Op.CALL_IND || insn.form.op() == Op.JMP_IND
                || insn.form.op() == Op.CALL_FAR_IND || insn.form.op() == Op.JMP_FAR_IND) ? "*" : "";
    }

    String register(String name) {
        return intel ? name : '%' + name;
    }

    private String general(int number, Operand spec) {
        return register(Registers.general(number, spec.bits(insn, false)));
    }

    private String immediate(Operand spec, int position) {
        boolean second = position > 0 && insn.form.operand(position - 1).place() == Place.IMMEDIATE;
        long value = second ? insn.imm2 : insn.imm;
        int bits = spec.width() == Width.BS || spec.width() == Width.Z ? insn.opSize : spec.bits(insn, false);
        return (intel ? "" : "$") + hex(value, bits);
    }

    /** {@return the value as an unsigned number of the given width, in C notation} */
    static String hex(long value, int bits) {
        return "0x" + Long.toHexString(bits >= 64 ? value : value & (1L << bits) - 1);
    }

    private String address(long target) {
        String symbol = symbols.symbol(target);
        return symbol == null ? "0x" + Long.toHexString(target) : Long.toHexString(target) + " <" + symbol + '>';
    }

    private String far() {
        String selector = hex(insn.imm2, 16);
        String offset = hex(insn.imm, 32);
        return intel ? selector + ':' + offset : '$' + selector + ",$" + offset;
    }

    private String string(int register, Operand spec, int segment) {
        use.address();
        if (spec.place() == Place.STRING_SOURCE) {
            use.anySegment();
        }
        String name = register(Registers.general(register, insn.addrSize));
        String seg = register(Registers.segment(segment));
        return intel ? pointer(spec.bits(insn, true)) + seg + ":[" + name + ']' : seg + ":(" + name + ')';
    }

    static String pointer(int bits) {
        return switch (bits) {
            case 8 -> "BYTE PTR ";
            case 16 -> "WORD PTR ";
            case 32 -> "DWORD PTR ";
            case 48 -> "FWORD PTR ";
            case 64 -> "QWORD PTR ";
            case 80 -> "TBYTE PTR ";
            case 128 -> "XMMWORD PTR ";
            default -> "";
        };
    }

    private String memory(Operand spec) {
        if (spec.place() == Place.TABLE) {
            use.address();
            use.anySegment();
            String seg = register(Registers.segment(insn.seg));
            String name = register(Registers.general(insn.base, insn.addrSize));
            return intel ? "BYTE PTR " + seg + ":[" + name + ']' : seg + ":(" + name + ')';
        }
        String seg = use.memorySegment();
        String prefix = seg == null ? "" : register(seg) + ':';
        String size = intel && spec.place() != Place.OFFSET ? Mnemonics.pointer(insn, spec) : "";
        return indirect() + size + new AddressText(this).text(spec, prefix);
    }

    /** Adds the comment with the address that a RIP-relative operand means. */
    void ripRelative() {
        String symbol = symbols.symbol(insn.disp);
        String hex = Long.toHexString(insn.disp);
        comment = "        # " + (symbol == null ? "0x" + hex : hex + " <" + symbol + '>');
    }
}
