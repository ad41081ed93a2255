package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Moves the timeline's machine within its known history: restores states, runs forward, keeps states on the way. */
final class Travel extends Replayer {
    /** Distance from the goal of the last state kept on the way to it, in steps: some microseconds to run. */
    private static final long NEAR = 1 << 9;
    /** Distance at which states are kept on a long way, in steps. */
    private static final long STRIDE = 1 << 21;

    private final Checkpoints checkpoints;
    private final Supplier<Recording> stored;

    /**
     * @param machine at position 0
     * @param stored the recording with the states that it holds, null if there is none yet
     */
    Travel(Machine machine, long budget, Supplier<Recording> stored, List<Input> inputs) {
        super(machine, new ArrayList<>(inputs));
        this.stored = stored;
        checkpoints = new Checkpoints(budget);
        keep(machine.position());
        applyDue();
    }

    /** Keeps the state now; {@code present} is what states are to be dense around. */
    void keep(long present) {
        keep(machine.snapshot(), present);
    }

    /** Keeps a state of now. */
    synchronized void keep(Snapshot state, long present) {
        checkpoints.add(new StoredCheckpoint(state, applied), present);
    }

    /** An input made now, already done to the machine. */
    void made(Input input) {
        inputs.add(input);
        applied = inputs.size();
    }

    /** Position of the last state known at or before a position. */
    synchronized long checkpointAtOrBefore(long position) {
        long inMemory = checkpoints.positionAtOrBefore(position);
        Recording r = stored.get();
        return r == null ? inMemory : Math.max(inMemory, r.checkpointPositionAtOrBefore(position));
    }

    /** The state known at just that position, which {@link #checkpointAtOrBefore} gave; any thread. */
    synchronized StoredCheckpoint state(long position) {
        StoredCheckpoint c = checkpoints.atOrBefore(position);
        return c != null && c.snapshot().position() == position
                ? c
                : stored.get().checkpointAtOrBefore(position).orElseThrow();
    }

    @Override
    void passed(long position) {
        if ((position & STRIDE - 1) == 0 && position - checkpointAtOrBefore(position) >= STRIDE) {
            keep(position);
        }
    }

    /** Goes to a position of the known history; stops armed before are disarmed. */
    Stop to(long position) {
        arm(StopSet.NONE, null);
        long from = checkpointAtOrBefore(position);
        if (machine.position() > position || machine.position() < from) {
            StoredCheckpoint c = state(from);
            restore(c);
            synchronized (this) {
                checkpoints.add(c, position);
            }
        }
        // States ever closer to the goal: whoever goes one step back next need not come from afar again.
        long distance = Long.highestOneBit(position - machine.position());
        for (; distance >= NEAR; distance >>= 1) {
            long stopover = position - distance;
            if (stopover > machine.position()) {
                Stop stop = forward(stopover, -1);
                if (!(stop instanceof Stop.Reached)) {
                    return stop;
                }
                keep(position);
            }
        }
        return forward(position, -1);
    }

    /**
     * History is another one from now on, up to {@code agreed} the same; the machine stands nowhere until {@link #start}.
     *
     * @param all its inputs
     */
    synchronized void become(List<Input> all, long agreed) {
        checkpoints.removeAfter(agreed);
        List<Input> copy = List.copyOf(all);
        inputs.clear();
        inputs.addAll(copy);
    }

    /** Goes to a position from a state known, whatever the machine has been. */
    Stop start(long position) {
        arm(StopSet.NONE, null);
        restore(state(checkpointAtOrBefore(position)));
        return to(position);
    }

    int kept() {
        return checkpoints.count();
    }
}
