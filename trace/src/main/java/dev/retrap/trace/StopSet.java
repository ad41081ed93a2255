package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Watch;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Where a run in a {@link Timeline}, forward or backward, stops.
 *
 * @param breakpoints linear addresses; the stop is before the instruction there runs
 * @param watches watched ranges; forward the stop is after the access, backward before it
 * @param crossings events to stop at, empty for none; forward the stop is after the crossing, backward before it. An
 *     {@link EventFilter} is such a predicate.
 * @param conditions for some of the breakpoints, what must hold there for a stop; evaluated on the machine standing at
 *     the breakpoint, which may be another than the timeline's own, by several threads at once; must not change it
 */
public record StopSet(
        Set<Long> breakpoints,
        List<Watch> watches,
        Optional<Predicate<Event>> crossings,
        Map<Long, Predicate<Machine>> conditions) {

    /** Stops nowhere but at the ends of history. */
    public static final StopSet NONE = new StopSet(Set.of(), List.of(), Optional.empty(), Map.of());

    public StopSet {
        breakpoints = Collections.unmodifiableSortedSet(new TreeSet<>(breakpoints));
        watches = List.copyOf(watches);
        conditions = Collections.unmodifiableSortedMap(new TreeMap<>(conditions));
    }

    /** Breakpoints only. */
    public static StopSet breakpoints(Collection<Long> addresses) {
        return new StopSet(new TreeSet<>(addresses), List.of(), Optional.empty(), Map.of());
    }

    /** The same with these watches instead. */
    public StopSet withWatches(Collection<Watch> ranges) {
        return new StopSet(breakpoints, List.copyOf(ranges), crossings, conditions);
    }

    /** The same, also stopping at these events. */
    public StopSet withCrossings(Predicate<Event> filter) {
        return new StopSet(breakpoints, watches, Optional.of(filter), conditions);
    }

    /** The same with a condition on a breakpoint. */
    public StopSet withCondition(long address, Predicate<Machine> condition) {
        Map<Long, Predicate<Machine>> all = new TreeMap<>(conditions);
        all.put(address, condition);
        return new StopSet(breakpoints, watches, crossings, all);
    }

    /** True if nothing is watched for. */
    public boolean isEmpty() {
        return breakpoints.isEmpty() && watches.isEmpty() && crossings.isEmpty();
    }

    /** True if the machine is about to run the instruction at one of the breakpoints, and its condition holds. */
    boolean breaksHere(Machine machine) {
        if (breakpoints.isEmpty() || !machine.instructionNext()) {
            return false;
        }
        long ip = machine.linearIp();
        if (!breakpoints.contains(ip)) {
            return false;
        }
        Predicate<Machine> condition = conditions.get(ip);
        return condition == null || condition.test(machine);
    }
}
