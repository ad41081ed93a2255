package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Stop;

/** Tells that re-execution does not agree with what was recorded: the machine is another than the one that recorded. */
final class Divergence {
    private Divergence() {}

    /** Compares the machine, standing before an event, with the event. */
    static void check(Machine machine, Event e) {
        for (int i = 0; i < Reg.CROSSING_SLOTS; i++) {
            Reg r = Reg.ofSlot(i);
            long now = machine.get(r);
            if (now != e.before(r)) {
                throw new HistoryException("re-execution disagrees with the recording at event " + e.index()
                        + " (position " + e.position() + "): " + r.label() + " is 0x" + Long.toHexString(now)
                        + ", recorded was 0x" + Long.toHexString(e.before(r)));
            }
        }
    }

    static HistoryException at(Machine machine, Stop stop) {
        return new HistoryException("re-execution disagrees with the history: " + stop + " at position "
                + machine.position());
    }
}
