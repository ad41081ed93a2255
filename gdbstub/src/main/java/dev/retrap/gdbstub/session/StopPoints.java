package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The breakpoints, watchpoints and catchpoints of a session, and the {@link StopSet} they amount to. */
final class StopPoints {
    /** Most addresses with breakpoints, and most watchpoints: far above use, and a bound on what a client can fill. */
    static final int MOST = 1 << 16;

    /**
     * A breakpoint.
     *
     * @param conditions of which one has to hold; empty for none
     * @param commands to run instead of stopping; empty to stop
     */
    record Breakpoint(List<AgentExpression> conditions, List<AgentExpression> commands) {
        boolean holds(Machine machine) {
            return conditions.isEmpty() || conditions.stream().anyMatch(c -> c.test(machine));
        }
    }

    /** What must hold of the machine for any of the breakpoints to count; empty for nothing. */
    private final Optional<Predicate<Machine>> scope;
    /** At an address, by type. */
    private final Map<Long, Map<PointType, Breakpoint>> breakpoints = new TreeMap<>();
    private final Set<Watch> watches = new LinkedHashSet<>();
    private boolean catchSystemCalls;
    private Set<Long> caughtNumbers = Set.of();
    private Optional<Predicate<Event>> caughtEvents = Optional.empty();
    private StopSet stops = StopSet.NONE;

    /** Stop points that count wherever the machine is. */
    StopPoints() {
        scope = Optional.empty();
    }

    /** Stop points of which breakpoints count only where something holds. */
    StopPoints(Predicate<Machine> scope) {
        this.scope = Optional.of(scope);
    }

    /** Those of another as well: a child by fork has copies of its parent's breakpoints. */
    void addAll(StopPoints other) {
        other.breakpoints.forEach((address, here) ->
                breakpoints.computeIfAbsent(address, _ -> new TreeMap<>()).putAll(here));
        catchSystemCalls = other.catchSystemCalls;
        caughtNumbers = other.caughtNumbers;
        stops = null;
    }

    /** Those that outlive the memory they were set in: system calls to catch. */
    void addCatches(StopPoints other) {
        catchSystemCalls = other.catchSystemCalls;
        caughtNumbers = other.caughtNumbers;
        stops = null;
    }

    /** True if one of the watchpoints is this one. */
    boolean watches(Watch watch) {
        return watches.contains(watch);
    }

    /** What to stop at. */
    StopSet stops() {
        if (stops == null) {
            stops = build();
        }
        return stops;
    }

    /** Inserts one, or replaces its conditions and commands; false if there are too many. */
    boolean insertBreakpoint(PointType type, long address, Breakpoint breakpoint) {
        if (breakpoints.size() >= MOST && !breakpoints.containsKey(address)) {
            return false;
        }
        breakpoints.computeIfAbsent(address, _ -> new TreeMap<>()).put(type, breakpoint);
        stops = null;
        return true;
    }

    void removeBreakpoint(PointType type, long address) {
        Map<PointType, Breakpoint> here = breakpoints.get(address);
        if (here != null) {
            here.remove(type);
            if (here.isEmpty()) {
                breakpoints.remove(address);
            }
            stops = null;
        }
    }

    /** Inserts one; false if there are too many. */
    boolean insertWatch(Watch watch) {
        if (watches.size() >= MOST) {
            return false;
        }
        watches.add(watch);
        stops = null;
        return true;
    }

    void removeWatch(Watch watch) {
        watches.remove(watch);
        stops = null;
    }

    /** Stops at system calls, all or those with these numbers. */
    void catchSystemCalls(boolean on, List<Long> numbers) {
        catchSystemCalls = on;
        caughtNumbers = new HashSet<>(numbers);
        stops = null;
    }

    /** Stops at these events as well; empty for none. */
    void catchEvents(Optional<Predicate<Event>> filter) {
        caughtEvents = filter;
        stops = null;
    }

    /** True if an event is one of those that {@link #catchEvents} named. */
    boolean isCaughtEvent(Event event) {
        return caughtEvents.isPresent() && caughtEvents.get().test(event);
    }

    /** Forgets everything. */
    void clear() {
        breakpoints.clear();
        watches.clear();
        catchSystemCalls = false;
        caughtEvents = Optional.empty();
        stops = StopSet.NONE;
    }

    /** Type of the breakpoint at an address. */
    PointType breakpointType(long address) {
        return breakpoints.getOrDefault(address, Map.of()).containsKey(PointType.HARDWARE_BREAKPOINT)
                        && !breakpoints.get(address).containsKey(PointType.SOFTWARE_BREAKPOINT)
                ? PointType.HARDWARE_BREAKPOINT
                : PointType.SOFTWARE_BREAKPOINT;
    }

    /** True if the machine stands at a breakpoint whose condition holds. */
    boolean breaksAt(Machine machine) {
        Map<PointType, Breakpoint> here = breakpoints.get(machine.linearIp());
        return here != null && scoped(condition(here)).map(c -> c.test(machine)).orElse(true);
    }

    /**
     * What is to be run where the machine stands at a breakpoint; empty if it is to stop there, as it is if only one of
     * the breakpoints there has no commands.
     */
    List<AgentExpression> commandsAt(Machine machine) {
        List<AgentExpression> commands = new ArrayList<>();
        for (Breakpoint breakpoint : breakpoints.getOrDefault(machine.linearIp(), Map.of()).values()) {
            if (breakpoint.holds(machine)) {
                if (breakpoint.commands().isEmpty()) {
                    return List.of();
                }
                commands.addAll(breakpoint.commands());
            }
        }
        return commands;
    }

    /** True if an event is one of the system calls to catch. */
    boolean isCaughtSystemCall(Event event) {
        boolean systemCall = event.isEntry() ? event.isSystemCallEntry() : event.systemCall() >= 0 && event.toUser();
        return catchSystemCalls && systemCall
                && (caughtNumbers.isEmpty() || caughtNumbers.contains(event.systemCall()));
    }

    private StopSet build() {
        Map<Long, Predicate<Machine>> conditions = new TreeMap<>();
        breakpoints.forEach((address, here) ->
                scoped(condition(here)).ifPresent(c -> conditions.put(address, c)));
        Optional<Predicate<Event>> crossings = caughtEvents;
        if (catchSystemCalls) {
            Predicate<Event> calls = this::isCaughtSystemCall;
            crossings = Optional.of(caughtEvents.map(calls::or).orElse(calls));
        }
        return new StopSet(new TreeSet<>(breakpoints.keySet()), List.copyOf(watches), crossings, conditions);
    }

    private Optional<Predicate<Machine>> scoped(Optional<Predicate<Machine>> condition) {
        return scope.map(s -> condition.map(s::and).orElse(s)).or(() -> condition);
    }

    /** The condition of an address: empty if one of its breakpoints has none. */
    private static Optional<Predicate<Machine>> condition(Map<PointType, Breakpoint> here) {
        Predicate<Machine> any = null;
        for (Breakpoint breakpoint : here.values()) {
            if (breakpoint.conditions().isEmpty()) {
                return Optional.empty();
            }
            for (Predicate<Machine> condition : breakpoint.conditions()) {
                any = any == null ? condition : any.or(condition);
            }
        }
        return Optional.ofNullable(any);
    }
}
