package dev.retrap.repl.expr;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One token of an expression.
 *
 * @param kind what it is
 * @param text as spelled; without the dollar sign for a variable
 * @param value of a number or character, else null
 */
record Token(Kind kind, String text, Value value) {
    enum Kind { NUMBER, VARIABLE, NAME, OPERATOR, END }

    private static final List<String> TWO =
            List.of("<<", ">>", "<=", ">=", "==", "!=", "&&", "||");

    static List<Token> scan(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int from = at;
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '$') {
                at++;
                at = c(text, at) == '$' ? at + 1 : at;
                while (isName(c(text, at)) && c(text, at) != '.') {
                    at++;
                }
                tokens.add(new Token(Kind.VARIABLE, text.substring(from + 1, at), null));
            } else if (Character.isDigit(c)) {
                while (Character.isLetterOrDigit(c(text, at))) {
                    at++;
                }
                String digits = text.substring(from, at);
                tokens.add(new Token(Kind.NUMBER, digits, number(digits)));
            } else if (c == '\'') {
                at = character(text, at, tokens);
            } else if (isName(c)) {
                while (isName(c(text, at))) {
                    at++;
                }
                tokens.add(new Token(Kind.NAME, text.substring(from, at), null));
            } else if (at + 1 < text.length() && TWO.contains(text.substring(at, at + 2))) {
                at += 2;
                tokens.add(new Token(Kind.OPERATOR, text.substring(from, at), null));
            } else if ("+-*/%&|^~!<>()[]{}?:@".indexOf(c) >= 0) {
                at++;
                tokens.add(new Token(Kind.OPERATOR, String.valueOf(c), null));
            } else {
                throw new ExprException("unexpected '" + c + "' in " + text.strip());
            }
        }
        tokens.add(new Token(Kind.END, "", null));
        return tokens;
    }

    private static char c(String text, int at) {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    /** Symbols of assemblers and compilers have dots in them, as in {@code foo.constprop.0}. */
    private static boolean isName(char c) {
        return c == '_' || c == '.' || Character.isLetterOrDigit(c);
    }

    private static int character(String text, int at, List<Token> into) {
        int from = at++;
        int value = c(text, at++);
        if (value == '\\') {
            char escape = c(text, at++);
            value = switch (escape) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case '0' -> 0;
                case '\\', '\'' -> escape;
                default -> throw new ExprException("unknown escape \\" + escape + " in a character");
            };
        }
        if (c(text, at++) != '\'') {
            throw new ExprException("unterminated character in " + text.strip());
        }
        into.add(new Token(Kind.NUMBER, text.substring(from, at), Value.of(CType.CHAR, value)));
        return at;
    }

    /** C's rules for the type of a constant: decimal ones stay signed, hexadecimal ones may become unsigned. */
    private static Value number(String spelled) {
        String digits = spelled.toLowerCase(Locale.ROOT);
        int radix = 10;
        if (digits.startsWith("0x")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.startsWith("0b")) {
            radix = 2;
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            radix = 8;
        }
        boolean unsigned = false;
        boolean wide = false;
        while (radix != 16 && !digits.isEmpty() || radix == 16 && digits.length() > 1) {
            char last = digits.charAt(digits.length() - 1);
            if (last == 'u') {
                unsigned = true;
            } else if (last == 'l') {
                wide = true;
            } else {
                break;
            }
            digits = digits.substring(0, digits.length() - 1);
        }
        BigInteger value;
        try {
            value = new BigInteger(digits, radix);
        } catch (NumberFormatException e) {
            throw new ExprException("invalid number \"" + spelled + "\"");
        }
        if (value.bitLength() > 64) {
            throw new ExprException("number too large: " + spelled);
        }
        int bits = value.bitLength();
        CType type;
        if (bits <= 31 && !wide) {
            type = unsigned ? CType.UINT : CType.INT;
        } else if (bits <= 32 && !wide && (unsigned || radix != 10)) {
            type = CType.UINT;
        } else {
            type = unsigned || bits == 64 ? CType.ULONG_LONG : CType.LONG_LONG;
        }
        return Value.of(type, value.longValue());
    }
}
