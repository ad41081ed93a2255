package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Stop;
import dev.retrap.trace.Search.InterruptedSearch;

/** The single steps of a span, which a machine stands at the start of. */
final class Steps {
    private final Replayer who;
    private final Span span;

    Steps(Replayer who, Span span) {
        this.who = who;
        this.span = span;
    }

    Machine machine() {
        return who.machine;
    }

    Span span() {
        return span;
    }

    /** Makes the next step; false at the end of the span. */
    boolean next() throws InterruptedSearch {
        long now = who.machine.position();
        if (now >= span.end()) {
            return false;
        }
        Search.reached(who, who.forward(now + 1, now));
        return true;
    }

    /** The last change of a register; null if there is none. */
    Change change(Reg register) throws InterruptedSearch {
        Machine m = who.machine;
        long value = m.get(register);
        Change last = null;
        while (m.position() < span.end()) {
            long ip = m.linearIp();
            next();
            long now = m.get(register);
            if (now != value) {
                last = new Change(m.position() - 1, ip, register, value, now);
                value = now;
            }
        }
        return last;
    }

    /** The first change of a register; null if there is none. */
    Change firstChange(Reg register) throws InterruptedSearch {
        Machine m = who.machine;
        long value = m.get(register);
        while (m.position() < span.end()) {
            long ip = m.linearIp();
            next();
            long now = m.get(register);
            if (now != value) {
                return new Change(m.position() - 1, ip, register, value, now);
            }
        }
        return null;
    }
}
