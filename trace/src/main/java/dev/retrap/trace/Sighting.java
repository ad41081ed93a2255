package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.StopCondition;
import dev.retrap.cpu.Watch;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Decides in the engine what stops a run: conditions are evaluated there, and a run that looks for the last hit of a
 * span notes each and goes on. One for each run.
 */
final class Sighting implements StopCondition {
    private final long[] conditional;
    private final Predicate<Machine>[] conditions;
    private final boolean goesOn;
    private long position = -1;
    private long breakpoint;
    private Arrival arrival;

    private Sighting(StopSet stops, boolean goesOn) {
        Map<Long, Predicate<Machine>> all = stops.conditions();
        conditional = all.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        @SuppressWarnings({"unchecked", "rawtypes"})
        Predicate<Machine>[] list = new Predicate[conditional.length];
        for (int i = 0; i < list.length; i++) {
            list[i] = all.get(conditional[i]);
        }
        conditions = list;
        this.goesOn = goesOn;
    }

    /** Stops at the first hit. */
    static Sighting first(StopSet stops) {
        return new Sighting(stops, false);
    }

    /** Never stops, and remembers the last hit. */
    static Sighting last(StopSet stops) {
        return new Sighting(stops, true);
    }

    @Override
    public boolean atBreakpoint(Machine machine, long address) {
        int i = conditional.length == 0 ? -1 : Arrays.binarySearch(conditional, address);
        if (i >= 0 && !conditions[i].test(machine)) {
            return false;
        }
        if (goesOn) {
            position = machine.position();
            arrival = null;
            breakpoint = address;
            return false;
        }
        return true;
    }

    @Override
    public boolean afterAccess(Machine machine, Watch watch, long address, boolean write) {
        if (goesOn) {
            position = machine.position() - 1;
            arrival = new Arrival.Watchpoint(watch, address, write);
            return false;
        }
        return true;
    }

    /** Where the last hit noted is, as a run backward stops at it; null if there is none. */
    Hit noted() {
        return position < 0 ? null : new Hit(position, arrival == null ? new Arrival.Breakpoint(breakpoint) : arrival);
    }

    /** The hit that a run forward has stopped at; null if it was none. */
    static Hit stoppedAt(Machine machine, Stop stop) {
        return switch (stop) {
            case Stop.Breakpoint(long address) -> new Hit(machine.position(), new Arrival.Breakpoint(address));
            case Stop.Watchpoint(var watch, long address, boolean write) ->
                new Hit(machine.position(), new Arrival.Watchpoint(watch, address, write));
            default -> null;
        };
    }

    /**
     * A place to stop.
     *
     * @param position where a run comes to stand
     * @param arrival why
     */
    record Hit(long position, Arrival arrival) {}
}
