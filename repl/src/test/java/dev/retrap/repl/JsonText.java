package dev.retrap.repl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON strictly (RFC 8259), for tests of what is printed as such. */
public final class JsonText {
    private final String s;
    private int at;

    private JsonText(String s) {
        this.s = s;
    }

    /** The value of a text: a map, list, string, {@code Double}, boolean or null. */
    public static Object parse(String text) {
        JsonText j = new JsonText(text);
        Object value = j.value();
        j.blanks();
        if (j.at != text.length()) {
            throw j.wrong("text after the value");
        }
        return value;
    }

    private Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        for (blanks(); peek() != '}'; blanks()) {
            if (!map.isEmpty()) {
                expect(',');
                blanks();
            }
            String name = string();
            blanks();
            expect(':');
            if (map.containsKey(name)) {
                throw wrong("member " + name + " twice");
            }
            map.put(name, value());
        }
        at++;
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        at++;
        for (blanks(); peek() != ']'; blanks()) {
            if (!list.isEmpty()) {
                expect(',');
            }
            list.add(value());
        }
        at++;
        return list;
    }

    private String string() {
        expect('"');
        StringBuilder sb = new StringBuilder();
        while (peek() != '"') {
            char c = s.charAt(at++);
            if (c < ' ') {
                throw wrong("a control character in a string");
            }
            if (c != '\\') {
                sb.append(c);
                continue;
            }
            char e = s.charAt(at++);
            switch (e) {
                case 'n' -> sb.append('\n');
                case 't' -> sb.append('\t');
                case 'r' -> sb.append('\r');
                case 'b' -> sb.append('\b');
                case 'f' -> sb.append('\f');
                case 'u' -> {
                    sb.append((char) Integer.parseInt(s.substring(at, at + 4), 16));
                    at += 4;
                }
                case '"', '\\', '/' -> sb.append(e);
                default -> throw wrong("escape \\" + e);
            }
        }
        at++;
        return sb.toString();
    }

    private Object word(String word, Object value) {
        if (!s.startsWith(word, at)) {
            throw wrong("a word that is none");
        }
        at += word.length();
        return value;
    }

    private Double number() {
        int from = at;
        while (at < s.length() && "+-.eE0123456789".indexOf(s.charAt(at)) >= 0) {
            at++;
        }
        String digits = s.substring(from, at);
        if (!digits.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
            throw wrong("no number");
        }
        return Double.valueOf(digits);
    }

    private void blanks() {
        while (at < s.length() && " \t\r\n".indexOf(s.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= s.length()) {
            throw wrong("the end");
        }
        return s.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + peek() + "' instead of '" + c + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " at " + at + " of " + s);
    }
}
