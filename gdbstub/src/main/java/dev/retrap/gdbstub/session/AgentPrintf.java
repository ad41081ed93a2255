package dev.retrap.gdbstub.session;

import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** C's printf as agent expressions use it: whole numbers of 64 bits, and strings in the target's memory. */
final class AgentPrintf {
    private static final Pattern CONVERSION =
            Pattern.compile("%([-+ #0]*)(\\d*)(?:\\.(\\d+))?(hh|h|ll|l|j|z|t)?([diouxXcsp%])");

    private AgentPrintf() {}

    /**
     * Formats.
     *
     * @param format what printf takes; conversions it does not know stay as they are
     * @param values as many as there are; missing ones are 0
     * @param strings reads the string at an address
     */
    static String format(String format, long[] values, LongFunction<String> strings) {
        StringBuilder text = new StringBuilder();
        Matcher m = CONVERSION.matcher(format);
        int next = 0;
        while (m.find()) {
            String word;
            if (m.group(5).equals("%")) {
                word = "%";
            } else {
                long value = next < values.length ? values[next] : 0;
                next++;
                word = pad(m.group(1), m.group(2), convert(m.group(5).charAt(0), m.group(1), m.group(4), value, strings));
            }
            m.appendReplacement(text, Matcher.quoteReplacement(word));
        }
        return m.appendTail(text).toString();
    }

    private static String convert(char conversion, String flags, String size, long value, LongFunction<String> strings) {
        long narrow = size == null ? (int) value : switch (size) {
            case "hh" -> (byte) value;
            case "h" -> (short) value;
            default -> value;
        };
        long unsigned = size == null ? value & 0xffff_ffffL : switch (size) {
            case "hh" -> value & 0xff;
            case "h" -> value & 0xffff;
            default -> value;
        };
        boolean prefixed = flags.contains("#");
        return switch (conversion) {
            case 'd', 'i' -> (flags.contains("+") && narrow >= 0 ? "+" : "") + narrow;
            case 'u' -> Long.toUnsignedString(unsigned);
            case 'o' -> (prefixed ? "0" : "") + Long.toOctalString(unsigned);
            case 'x' -> (prefixed ? "0x" : "") + Long.toHexString(unsigned);
            case 'X' -> (prefixed ? "0X" : "") + Long.toHexString(unsigned).toUpperCase(java.util.Locale.ROOT);
            case 'p' -> "0x" + Long.toHexString(value);
            case 'c' -> String.valueOf((char) (value & 0xff));
            default -> strings.apply(value);
        };
    }

    private static String pad(String flags, String width, String word) {
        int missing = width.isEmpty() ? 0 : Math.min(Integer.parseInt(width), 200) - word.length();
        if (missing <= 0) {
            return word;
        }
        if (flags.contains("-")) {
            return word + " ".repeat(missing);
        }
        return (flags.contains("0") ? "0" : " ").repeat(missing) + word;
    }
}
