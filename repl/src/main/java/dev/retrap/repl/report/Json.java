package dev.retrap.repl.report;

import java.util.List;
import java.util.Map;

/**
 * Writes JSON (RFC 8259) from maps, lists, strings, numbers, booleans and null, members in the order of the map.
 * 64-bit values that are addresses or registers are passed as hexadecimal strings, which no reader rounds.
 */
public final class Json {
    private Json() {}

    /** {@return the text of a value on one line} */
    public static String of(Object value) {
        StringBuilder sb = new StringBuilder();
        write(sb, value);
        return sb.toString();
    }

    private static void write(StringBuilder sb, Object value) {
        switch (value) {
            case null -> sb.append("null");
            case String s -> string(sb, s);
            case Number n -> sb.append(n);
            case Boolean b -> sb.append(b);
            case Map<?, ?> map -> {
                sb.append('{');
                String separator = "";
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    sb.append(separator);
                    string(sb, (String) e.getKey());
                    sb.append(':');
                    write(sb, e.getValue());
                    separator = ",";
                }
                sb.append('}');
            }
            case List<?> list -> {
                sb.append('[');
                String separator = "";
                for (Object o : list) {
                    sb.append(separator);
                    write(sb, o);
                    separator = ",";
                }
                sb.append(']');
            }
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private static void string(StringBuilder sb, String s) {
        sb.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> sb.append("\\\"");
                case '\\' -> sb.append("\\\\");
                case '\n' -> sb.append("\\n");
                case '\r' -> sb.append("\\r");
                case '\t' -> sb.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        sb.append(String.format("\\u%04x", (int) c));
                    } else {
                        sb.append(c);
                    }
                }
            }
        }
        sb.append('"');
    }
}
