package dev.retrap.trace.diff;

/** EFLAGS in words (SDM vol. 1, 3.4.3). */
final class Eflags {
    private static final String[] NAMES = {
        "CF", null, "PF", null, "AF", null, "ZF", "SF", "TF", "IF", "DF", "OF", null, null, "NT", null, "RF", "VM",
        "AC", "VIF", "VIP", "ID"
    };

    private Eflags() {}

    /** The value and the flags set in it, the highest first: {@code 0x246 (IF ZF PF)}. */
    static String show(long flags) {
        StringBuilder s = new StringBuilder();
        for (int i = NAMES.length - 1; i >= 0; i--) {
            if (i == 12 && (flags >> 12 & 3) != 0) {
                s.append(" IOPL=").append(flags >> 12 & 3);
            } else if (NAMES[i] != null && (flags >> i & 1) != 0) {
                s.append(' ').append(NAMES[i]);
            }
        }
        return "0x" + Long.toHexString(flags) + " (" + s.toString().strip() + ")";
    }
}
