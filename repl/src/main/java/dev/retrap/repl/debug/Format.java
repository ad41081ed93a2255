package dev.retrap.repl.debug;

import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.symbols.Symbols;

/**
 * gdb's output format {@code /NFU}: repeat count, format letter, unit size, each optional (gdb manual, "Output Formats"
 * and "Examining Memory").
 *
 * @param count how many units, 0 if not given
 * @param letter one of {@code x d u o t a c s i z}, 0 if not given
 * @param unit bytes of a unit, 0 if not given
 */
record Format(int count, char letter, int unit) {
    /** No format given. */
    static final Format NONE = new Format(0, '\0', 0);

    private static final String LETTERS = "xduotacsiz";

    /** Parses what stands after the slash. */
    static Format parse(String text) {
        int at = 0;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        int count = 0;
        if (at > 0) {
            try {
                count = Integer.parseInt(text.substring(0, at));
            } catch (NumberFormatException e) {
                throw new ExprException("the count in /" + text + " is too large");
            }
        }
        char letter = '\0';
        int unit = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            int size = "bhwg".indexOf(c);
            if (size >= 0) {
                unit = 1 << size;
            } else if (LETTERS.indexOf(c) >= 0) {
                letter = c;
            } else {
                throw new ExprException("undefined output format \"" + c
                        + "\" in /" + text + ": letters are " + LETTERS + ", sizes are b h w g");
            }
        }
        return new Format(count, letter, unit);
    }

    /** This format with what it leaves out taken from another. */
    Format orElse(Format other) {
        return new Format(count, letter != 0 ? letter : other.letter, unit != 0 ? unit : other.unit);
    }

    /**
     * A number in a format.
     *
     * @param bits the value, of which the low {@code size} bytes count
     * @param size 1..8 bytes
     * @param letter as in gdb; {@code i} and {@code s} are not numbers
     * @param symbols names addresses for {@code a}
     */
    static String number(long bits, int size, char letter, Symbols symbols) {
        long unsigned = size >= 8 ? bits : bits & (1L << size * 8) - 1;
        int shift = 64 - Math.min(size, 8) * 8;
        long signed = bits << shift >> shift;
        return switch (letter) {
            case 'd' -> Long.toString(signed);
            case 'u' -> Long.toUnsignedString(unsigned);
            case 'o' -> unsigned == 0 ? "0" : "0" + Long.toOctalString(unsigned);
            case 't' -> Long.toBinaryString(unsigned);
            case 'c' -> (byte) bits + " " + character((int) (bits & 0xFF));
            case 'a' -> "0x" + Long.toHexString(unsigned) + symbols.suffix(unsigned);
            case 'z' -> ("0x%0" + size * 2 + "x").formatted(unsigned);
            default -> "0x" + Long.toHexString(unsigned);
        };
    }

    /** A byte as C writes a character constant. */
    static String character(int octet) {
        return "'" + escaped(octet, '\'') + "'";
    }

    /** A byte as it stands within quotes. */
    static String escaped(int octet, char quote) {
        return switch (octet) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            case 0x1B -> "\\e";
            case '\\' -> "\\\\";
            default -> octet == quote
                    ? "\\" + quote
                    : octet >= ' ' && octet < 0x7F ? String.valueOf((char) octet) : "\\%03o".formatted(octet);
        };
    }
}
