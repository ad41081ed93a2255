package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import java.util.ArrayList;
import java.util.List;

/** Values in words. */
final class Text {
    private static final String[] FLAGS = {
        "CF", null, "PF", null, "AF", null, "ZF", "SF", "TF", "IF", "DF", "OF", "IOPL", "IOPL", "NT", null, "RF", "VM",
        "AC", "VIF", "VIP", "ID"
    };

    private Text() {}

    static String hex(long v) {
        return "0x" + Long.toHexString(v);
    }

    /** A register's name in 32-bit or 64-bit code. */
    static String name(Reg r, boolean wide) {
        String label = r.label();
        return !wide && label.startsWith("r") && !Character.isDigit(label.charAt(1)) ? "e" + label.substring(1) : label;
    }

    /** Names of the bits set. */
    static String flags(long bits) {
        List<String> names = new ArrayList<>();
        for (int i = FLAGS.length - 1; i >= 0; i--) {
            if ((bits >>> i & 1) != 0 && FLAGS[i] != null && !names.contains(FLAGS[i])) {
                names.add(FLAGS[i]);
            }
        }
        return String.join(" ", names);
    }

    /** {@code ebx 0x1, expected 0x2}. */
    static String differs(String what, long actual, long expected) {
        return what + " is " + hex(actual) + ", expected " + hex(expected);
    }
}
