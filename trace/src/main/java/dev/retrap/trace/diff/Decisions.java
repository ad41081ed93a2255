package dev.retrap.trace.diff;

import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import java.util.ArrayList;
import java.util.List;

/** Exit decisions as numbers: which conditions were tested, which of them held, by which test. */
final class Decisions {
    private static final List<String> IDS = List.of("sep", "cs", "ss", "ip", "rf", "tf", "vm", "work", "rcx", "canonical", "r11");
    private static final ExitDecision.Style[] STYLES = ExitDecision.Style.values();
    private static final long NONE = -1;

    private Decisions() {}

    static long code(Event exit) {
        if (exit.decision().isEmpty()) {
            return NONE;
        }
        ExitDecision d = exit.decision().get();
        long code = (long) d.style().ordinal() << 32;
        for (ExitDecision.Condition c : d.conditions()) {
            int i = IDS.indexOf(c.id());
            code |= 1L << i | (c.holds() ? 1L << 16 + i : 0);
        }
        return code;
    }

    /** The decision in a line: by which test, and what failed or that all held. */
    static String show(long code) {
        if (code == NONE) {
            return "none recorded";
        }
        long tested = code & 0xffff;
        long held = code >> 16 & 0xffff;
        return switch (STYLES[(int) (code >> 32)]) {
            case UNCONDITIONAL -> "always IRET";
            case THREAD_FLAGS -> "thread flags: " + (held == tested ? "no work" : "work");
            case SYSRET64 -> "SYSRET64: " + (held == tested ? "same as IRET" : "not " + names(tested & ~held));
            case PT_REGS -> "pt_regs: " + (held == tested ? names(tested) + " hold" : "not " + names(tested & ~held));
        };
    }

    private static String names(long bits) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < IDS.size(); i++) {
            if ((bits >> i & 1) != 0) {
                names.add(IDS.get(i));
            }
        }
        return String.join(" ", names);
    }
}
