package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.isa.Disassembler;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Syntax;
import dev.retrap.repl.symbols.Symbols;

/**
 * Instructions as text.
 *
 * @param machine whose memory, in whose current mode
 * @param symbols names for addresses
 * @param syntax AT&amp;T or Intel
 */
record CodeText(Machine machine, Symbols symbols, Syntax syntax) {
    /** {@return the instruction at a linear address, or null if it cannot be read} */
    Insn at(long address) {
        return machine.decodeAt(address);
    }

    /** {@return the instruction's text alone} */
    String text(Insn insn) {
        return Disassembler.format(insn, syntax, a -> symbols.nearest(a).map(Object::toString).orElse(null));
    }

    /**
     * {@return a line as gdb has it: {@code => 0xc0100000 <entry>:	push %eax}}
     *
     * @param symbolic with the symbol after the address
     */
    String line(long address, Insn insn, boolean symbolic) {
        String mark = address == machine.linearIp() ? "=> " : "   ";
        return mark + Long.toHexString(address).transform(h -> "0x" + h) + (symbolic ? symbols.suffix(address) : "")
                + ":\t" + text(insn);
    }

    /** {@return the bytes of an instruction: {@code 0f 34}} */
    static String bytes(Insn insn) {
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < insn.length; i++) {
            sb.append(i == 0 ? "" : " ").append("%02x".formatted(insn.byteAt(i)));
        }
        return sb.toString();
    }
}
