package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;

/** Prints the address of a memory operand. */
final class AddressText {
    private final Printer printer;
    private final Insn insn;
    private final boolean intel;
    private final int mod;
    private final int rm;
    private final int sib;

    AddressText(Printer printer) {
        this.printer = printer;
        insn = printer.insn;
        intel = printer.intel;
        int at = insn.modrmAt();
        int modrm = at >= 0 ? insn.byteAt(at) : 0;
        mod = modrm >> 6;
        rm = modrm & 7;
        sib = insn.addrSize != 16 && rm == 4 && at >= 0 ? insn.byteAt(at + 1) : -1;
    }

    /** {@return the address, with the segment prefix in its place} */
    String text(Operand spec, String segment) {
        if (spec.place() == Place.OFFSET) {
            return absolute(segment, insn.disp & mask());
        }
        printer.use.modrmMemory(sib >= 0);
        String inner = insn.addrSize == 16 ? inner16() : inner32();
        if (inner.isEmpty()) {
            return absolute(segment, insn.mode == CodeMode.CODE64 ? insn.disp : insn.disp & mask());
        }
        if (insn.base >= 0 || insn.index >= 0 || insn.mode == CodeMode.CODE64) {
            printer.use.address();
        }
        boolean displaced = mod != 0 || insn.base < 0;
        String disp = displaced ? displacement() : "";
        return intel ? segment + '[' + inner + disp + ']' : segment + disp + '(' + inner + ')';
    }

    private long mask() {
        return insn.addrSize == 64 ? -1 : (1L << insn.addrSize) - 1;
    }

    private String absolute(String segment, long address) {
        boolean moffs = insn.form.operand(insn.memAt).place() == Place.OFFSET;
        if (moffs ? insn.addrSize == 64 : insn.addrSize == 16) {
            printer.use.address();
        }
        String seg = intel && segment.isEmpty() ? "ds:" : segment;
        if (insn.addrSize == 16 && mod == 0 && !intel && !moffs && insn.disp < 0) {
            return seg + "-0x" + Long.toHexString(-insn.disp);
        }
        return seg + "0x" + Long.toHexString(address);
    }

    private String inner16() {
        if (insn.base < 0) {
            return "";
        }
        String base = name(insn.base);
        return insn.index < 0 ? base : base + (intel ? "+" : ",") + name(insn.index);
    }

    private String inner32() {
        if (insn.ripRelative) {
            printer.ripRelative();
            return printer.register(insn.addrSize == 64 ? "rip" : "eip");
        }
        String base = insn.base < 0 ? "" : name(insn.base);
        if (sib < 0) {
            return base;
        }
        String index = insn.index >= 0 ? name(insn.index) : pseudoIndex();
        if (index.isEmpty()) {
            return base;
        }
        int scale = 1 << insn.scale;
        if (intel) {
            return base + (base.isEmpty() ? "" : "+") + index + '*' + scale;
        }
        return base + ',' + index + ',' + scale;
    }

    /** eiz or riz, where a SIB byte without an index is not the shortest way to say it. */
    private String pseudoIndex() {
        boolean plainStack = insn.scale == 0 && (sib & 7) == 4;
        boolean plainAbsolute = insn.scale == 0 && insn.base < 0
                && (insn.addrSize == 64 || insn.mode == CodeMode.CODE16);
        return plainStack || plainAbsolute ? "" : printer.register(insn.addrSize == 64 ? "riz" : "eiz");
    }

    private String name(int register) {
        return printer.register(Registers.general(register, insn.addrSize));
    }

    private String displacement() {
        long disp = insn.disp;
        if (insn.ripRelative) {
            disp = insn.disp - insn.ip - insn.length;
            disp = insn.addrSize == 32 ? (int) disp : disp;
            if (intel) {
                return "+0x" + Long.toHexString(disp);
            }
        }
        boolean unsigned = insn.base < 0 && insn.index < 0 && insn.mode == CodeMode.CODE64 && insn.addrSize == 32
                && !insn.ripRelative;
        if (disp < 0 && !unsigned) {
            return "-0x" + Long.toHexString(-disp);
        }
        return (intel ? "+" : "") + "0x" + Long.toHexString(unsigned ? disp & 0xFFFF_FFFFL : disp);
    }
}
