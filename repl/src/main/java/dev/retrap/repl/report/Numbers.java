package dev.retrap.repl.report;

import java.util.Locale;

/** Numbers for people. */
public final class Numbers {
    private Numbers() {}

    /** {@return a count with separators: {@code 1,234,567}} */
    public static String grouped(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@return a number and its noun: {@code 1 event}, {@code 2,000 events}} */
    public static String count(long n, String singular) {
        return grouped(n) + " " + singular + (n == 1 ? "" : "s");
    }

    /** {@return a size: {@code 812 B}, {@code 14.2 KiB}, {@code 3.1 MiB}} */
    public static String bytes(long n) {
        if (n < 1024) {
            return n + " B";
        }
        double value = n;
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        int unit = -1;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /**
     * Parses a size in bytes.
     *
     * @param text a number, or one followed by K, M or G (also KiB and the like)
     * @return bytes
     * @throws NumberFormatException if it is none, or too large
     */
    public static long parseBytes(String text) {
        String t = text.strip().toUpperCase(Locale.ROOT).replaceFirst("I?B$", "");
        int shift = 0;
        if (!t.isEmpty()) {
            shift = switch (t.charAt(t.length() - 1)) {
                case 'K' -> 10;
                case 'M' -> 20;
                case 'G' -> 30;
                default -> 0;
            };
        }
        long n = Long.parseLong(shift == 0 ? t : t.substring(0, t.length() - 1).strip());
        if (n < 0 || n > Long.MAX_VALUE >> shift) {
            throw new NumberFormatException("not a size: " + text);
        }
        return n << shift;
    }

    /** {@return 32 bits as {@code 0x%08x}, more as {@code 0x%016x}} */
    public static String address(long a) {
        return a >>> 32 == 0 ? String.format("0x%08x", a) : String.format("0x%016x", a);
    }
}
