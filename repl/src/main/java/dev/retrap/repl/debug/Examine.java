package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.symbols.Symbols;
import java.io.PrintWriter;

/**
 * {@code x/NFU}: memory as numbers, strings or instructions (gdb manual, "Examining Memory").
 *
 * @param machine whose memory
 * @param symbols names for addresses
 * @param code prints instructions
 */
record Examine(Machine machine, Symbols symbols, CodeText code) {
    /** Longest string shown in one go, gdb's {@code print elements}. */
    private static final int MAX_STRING = 200;

    /**
     * Prints units from an address on.
     *
     * @return the address after the last one shown
     */
    long print(PrintWriter out, long address, Format format) {
        int count = Math.max(format.count(), 1);
        return switch (format.letter()) {
            case 'i' -> instructions(out, address, count);
            case 's' -> strings(out, address, count);
            default -> numbers(out, address, count, format.letter(), Math.max(format.unit(), 1));
        };
    }

    private long instructions(PrintWriter out, long address, int count) {
        long at = address;
        for (int i = 0; i < count; i++) {
            Insn insn = code.at(at);
            if (insn == null) {
                throw unreadable(at);
            }
            out.println(code.line(at, insn, true));
            at += insn.length;
        }
        return at;
    }

    private long strings(PrintWriter out, long address, int count) {
        long at = address;
        for (int i = 0; i < count; i++) {
            StringBuilder sb = new StringBuilder();
            long start = at;
            boolean ended = false;
            for (int n = 0; n < MAX_STRING && !ended; n++) {
                int octet = octet(at++);
                ended = octet == 0;
                if (!ended) {
                    sb.append(Format.escaped(octet, '"'));
                }
            }
            out.println(symbols.format(start) + ":\t\"" + sb + "\"" + (ended ? "" : "..."));
        }
        return at;
    }

    private int octet(long address) {
        byte[] b = new byte[1];
        if (machine.read(address, b, 0, 1) < 1) {
            throw unreadable(address);
        }
        return b[0] & 0xFF;
    }

    private long numbers(PrintWriter out, long address, int count, char letter, int unit) {
        int perLine = switch (letter) {
            case 't' -> Math.max(1, 8 / unit);
            case 'c' -> 8;
            case 'a' -> 2;
            default -> unit == 8 ? 2 : unit == 4 ? 4 : 8;
        };
        StringBuilder line = new StringBuilder();
        long at = address;
        byte[] bytes = new byte[8];
        for (int i = 0; i < count; i++) {
            if (i % perLine == 0) {
                line.append(symbols.format(at)).append(':');
            }
            if (machine.read(at, bytes, 0, unit) < unit) {
                if (i % perLine != 0) {
                    out.println(line);
                }
                throw unreadable(at);
            }
            long value = 0;
            for (int b = unit - 1; b >= 0; b--) {
                value = value << 8 | bytes[b] & 0xFF;
            }
            // Memory dumps are read in columns: hexadecimal is padded, as in gdb.
            line.append('\t').append(Format.number(value, unit, letter == 'x' ? 'z' : letter, symbols));
            at += unit;
            if (i % perLine == perLine - 1 || i == count - 1) {
                out.println(line);
                line.setLength(0);
            }
        }
        return at;
    }

    private static ExprException unreadable(long address) {
        return new ExprException("Cannot access memory at address 0x" + Long.toHexString(address));
    }
}
