package dev.retrap.cpu.isa;

import java.util.Objects;

/**
 * Prints an {@link Insn} as {@code objdump -d} does (GNU binutils 2.40), with {@code -M att} or {@code -M intel}. The
 * text is that of {@link Insn#form}, so an instruction that raises #UD, such as LOCK MOV, is shown as it is spelled;
 * an undefined encoding is {@code (bad)}.
 */
public final class Disassembler {
    private Disassembler() {
    }

    /**
     * {@return the text of the instruction: prefixes, mnemonic padded to six columns, operands, and after
     * RIP-relative operands the absolute address as a comment}
     * @param insn instruction
     * @param syntax AT&amp;T or Intel
     * @param symbols names branch targets and RIP-relative addresses
     */
    public static String format(Insn insn, Syntax syntax, SymbolResolver symbols) {
        Objects.requireNonNull(symbols, "symbols");
        return new Printer(insn, syntax, symbols).print();
    }
}
