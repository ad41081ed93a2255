package dev.retrap.trace.diff;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.Timeline;

/** Re-executes from the exit of a call to where the vDSO has returned to its caller. */
final class CallerRegisters {
    /** Steps looked at: the tail of a vDSO has under ten instructions, interrupts may come in between. */
    private static final int MAX_STEPS = 50_000;

    private CallerRegisters() {}

    /** All registers at the caller's first instruction, by {@link Reg#slot()}; null if the call does not get there. */
    static long[] after(Event exit, Timeline t, Space space) {
        if (!exit.toUser() || exit.position() + 1 > t.end()) {
            return null;
        }
        t.seek(exit.position() + 1);
        Machine m = t.machine();
        for (int i = 0; i < MAX_STEPS; i++) {
            if (m.get(Reg.CPL) == 3) {
                if (!space.inVdso(m.get(Reg.RIP))) {
                    long[] registers = new long[Reg.COUNT];
                    m.capture(registers);
                    return registers;
                }
                if (t.event().filter(e -> Call.isCall(e)).isPresent()) {
                    return null; // a fault, or a system call of its own, as after a restart
                }
            }
            if (!(t.stepForward(1) instanceof Arrival.Stepped)) {
                return null;
            }
        }
        return null;
    }
}
