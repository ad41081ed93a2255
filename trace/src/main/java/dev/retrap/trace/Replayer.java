package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.StopCondition;
import java.util.List;

/**
 * A machine that goes through a known history: feeds the inputs at their positions. The state at a position is the one
 * after the inputs of that position.
 */
class Replayer {
    /** Steps that a machine is left alone for: bounds how long an interrupt waits. */
    private static final long LEG = 1 << 18;

    final Machine machine;
    /** Of the whole history, in order. */
    final List<Input> inputs;
    /** How many of them the machine has had. */
    int applied;
    private StopSet armed = StopSet.NONE;

    Replayer(Machine machine, List<Input> inputs) {
        this.machine = machine;
        this.inputs = inputs;
    }

    /** Sets what the machine stops at; {@code condition} decides, null: always. */
    final void arm(StopSet stops, StopCondition condition) {
        if (stops != armed) {
            if (!stops.breakpoints().equals(armed.breakpoints())) {
                machine.setBreakpoints(stops.breakpoints());
            }
            if (!stops.watches().equals(armed.watches())) {
                machine.setWatches(stops.watches());
            }
            armed = stops;
        }
        machine.setStopCondition(condition);
    }

    /** Becomes a state. */
    final void restore(StoredCheckpoint c) {
        machine.restore(c.snapshot());
        applied = c.inputs();
        applyDue();
    }

    /** Does the inputs whose position is the present one. */
    final boolean applyDue() {
        boolean any = false;
        while (applied < inputs.size() && inputs.get(applied).position() <= machine.position()) {
            inputs.get(applied++).applyTo(machine);
            any = true;
        }
        return any;
    }

    /**
     * Runs forward to a position of the known history, or to one of the stops armed; a breakpoint at that position is
     * not looked at.
     *
     * @param skip position at which a breakpoint does not count, -1 for none
     * @return {@link Stop.Reached} at that position, or what came before it
     */
    final Stop forward(long until, long skip) {
        while (machine.position() < until) {
            long leg = Math.min(until, (machine.position() | LEG - 1) + 1);
            if (applied < inputs.size()) {
                leg = Math.min(leg, inputs.get(applied).position());
            }
            Stop stop = machine.position() == skip ? machine.run(leg) : machine.resume(leg);
            boolean fed = applyDue();
            if (!goesOn(stop, fed, machine.position() == until)) {
                return stop;
            }
            passed(machine.position());
        }
        return new Stop.Reached();
    }

    /** Told of positions on the way. */
    void passed(long position) {}

    private static boolean goesOn(Stop stop, boolean fed, boolean there) {
        return switch (stop) {
            case Stop.Reached() -> true;
            case Stop.Idle() -> fed || there;
            case Stop.PoweredOff(_), Stop.Shutdown(_) -> there;
            default -> false;
        };
    }
}
