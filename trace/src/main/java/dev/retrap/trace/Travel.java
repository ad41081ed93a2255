package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Moves a machine within its known history: restores states, runs forward feeding the inputs at their positions, keeps
 * states on the way. The state at a position is the one after the inputs of that position.
 */
final class Travel {
    /** Distance from the goal of the last state kept on the way to it, in steps: a tenth of a millisecond to run. */
    private static final long NEAR = 1 << 10;
    /** Distance at which states are kept on a long way, in steps. */
    private static final long STRIDE = 1 << 21;

    private final Machine machine;
    private final Checkpoints checkpoints;
    private final Supplier<Recording> stored;
    private final List<Input> inputs;
    private int applied;
    private StopSet armed = StopSet.NONE;
    private boolean armedCrossings;

    /**
     * @param machine at position 0
     * @param stored the recording with the states that it holds, null if there is none yet
     */
    Travel(Machine machine, long budget, Supplier<Recording> stored, List<Input> inputs) {
        this.machine = machine;
        this.stored = stored;
        this.inputs = new ArrayList<>(inputs);
        checkpoints = new Checkpoints(budget);
        keep(machine.position());
        applyDue();
    }

    /** Sets what the machine stops at. */
    void arm(StopSet stops, boolean crossings) {
        if (stops != armed) {
            if (!stops.breakpoints().equals(armed.breakpoints())) {
                machine.setBreakpoints(stops.breakpoints());
            }
            if (!stops.watches().equals(armed.watches())) {
                machine.setWatches(stops.watches());
            }
            armed = stops;
        }
        if (crossings != armedCrossings) {
            machine.stopAtCrossings(crossings);
            armedCrossings = crossings;
        }
    }

    /** Keeps the state now; {@code present} is what states are to be dense around. */
    void keep(long present) {
        keep(machine.snapshot(), present);
    }

    /** Keeps a state of now. */
    void keep(Snapshot state, long present) {
        checkpoints.add(new StoredCheckpoint(state, applied), present);
    }

    /** An input made now, already done to the machine. */
    void made(Input input) {
        inputs.add(input);
        applied = inputs.size();
    }

    /** Does the inputs whose position is the present one. */
    private boolean applyDue() {
        boolean any = false;
        while (applied < inputs.size() && inputs.get(applied).position() <= machine.position()) {
            inputs.get(applied++).applyTo(machine);
            any = true;
        }
        return any;
    }

    /** Position of the last state known at or before a position. */
    long checkpointAtOrBefore(long position) {
        long inMemory = checkpoints.positionAtOrBefore(position);
        Recording r = stored.get();
        return r == null ? inMemory : Math.max(inMemory, r.checkpointPositionAtOrBefore(position));
    }

    private void restore(long position) {
        StoredCheckpoint c = checkpoints.atOrBefore(position);
        if (c.snapshot().position() != position) {
            c = stored.get().checkpointAtOrBefore(position).orElseThrow();
            checkpoints.add(c, position);
        }
        machine.restore(c.snapshot());
        applied = c.inputs();
        applyDue();
    }

    /**
     * Runs forward to a position of the known history, or to one of the stops armed. A breakpoint at that position is
     * the caller's to see.
     *
     * @return {@link Stop.Reached} at that position, or what came before it
     */
    Stop forward(long until) {
        while (machine.position() < until) {
            long leg = Math.min(until, (machine.position() | STRIDE - 1) + 1);
            if (applied < inputs.size()) {
                leg = Math.min(leg, inputs.get(applied).position());
            }
            Stop stop = machine.run(leg);
            boolean fed = applyDue();
            long now = machine.position();
            if (!goesOn(stop, fed, now == until)) {
                return stop;
            }
            if (now < until && armed.breakpoints().contains(machine.linearIp())) {
                return new Stop.Breakpoint(machine.linearIp()); // else the next leg would start on it and not see it
            }
            if ((now & STRIDE - 1) == 0 && now - checkpointAtOrBefore(now) >= STRIDE) {
                keep(now);
            }
        }
        return new Stop.Reached();
    }

    private static boolean goesOn(Stop stop, boolean fed, boolean there) {
        return switch (stop) {
            case Stop.Reached() -> true;
            case Stop.Idle() -> fed || there;
            case Stop.PoweredOff(_), Stop.Shutdown(_) -> there;
            default -> false;
        };
    }

    /** Goes to a position of the known history; stops armed before are disarmed. */
    Stop to(long position) {
        arm(StopSet.NONE, false);
        long from = checkpointAtOrBefore(position);
        if (machine.position() > position || machine.position() < from) {
            restore(from);
        }
        // States ever closer to the goal: whoever goes one step back next need not come from afar again.
        long distance = Long.highestOneBit(position - machine.position());
        for (; distance >= NEAR; distance >>= 1) {
            long stopover = position - distance;
            if (stopover > machine.position()) {
                Stop stop = forward(stopover);
                if (!(stop instanceof Stop.Reached)) {
                    return stop;
                }
                keep(position);
            }
        }
        return forward(position);
    }
}
