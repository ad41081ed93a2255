package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import java.util.ArrayList;
import java.util.List;

/** Events in words, for {@code monitor} and {@code info os}. */
final class Events {
    private Events() {}

    /** One line: number, position, what, where from and to. */
    static String line(Event e) {
        return "event %d  position %d  %s%s".formatted(e.index(), e.position(), "  ".repeat(e.depth()), summary(e));
    }

    /** What, where from and to. */
    static String summary(Event e) {
        return "%s  0x%x (CPL %d) -> 0x%x (CPL %d)%s".formatted(
                e.name(), e.before(Reg.RIP), e.before(Reg.CPL), e.after(Reg.RIP), e.after(Reg.CPL), details(e));
    }

    private static String details(Event e) {
        List<String> details = new ArrayList<>();
        if (e.systemCall() >= 0) {
            details.add("nr " + (int) e.systemCall());
        }
        if (e.hasErrorCode()) {
            details.add("error code 0x" + Integer.toHexString(e.errorCode()));
        }
        if (e.vector() == 14 && e.isEntry()) {
            details.add("CR2 0x" + Long.toHexString(e.cr2()));
        }
        return details.isEmpty() ? "" : "  " + String.join(", ", details);
    }
}
