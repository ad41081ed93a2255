package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.View;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The all of a session, which of them the client is attached to, and who has the processor. */
final class Inferiors {
    private final Timeline timeline;
    private final View view;
    private final List<Inferior> all;
    private final Set<Long> attached = new TreeSet<>();

    /**
     * A inferiors.
     *
     * @param all by process id, ascending; the client is attached to the first of them
     */
    Inferiors(Timeline timeline, View view, List<Inferior> all) {
        this.timeline = timeline;
        this.view = view;
        this.all = List.copyOf(all);
        attached.add(all.getFirst().pid());
    }

    View view() {
        return view;
    }

    /** Those that the client is attached to. */
    List<Inferior> attached() {
        return all.stream().filter(i -> attached.contains(i.pid())).toList();
    }

    /** Process ids of all. */
    List<Long> processes() {
        return all.stream().map(Inferior::pid).toList();
    }

    /** True if one of them has 64-bit addresses. */
    boolean isWide() {
        return all.stream().anyMatch(i -> i.description().wordBytes() == 8);
    }

    /** Attaches to the first if there is none. */
    void attachAnew() {
        if (attached.isEmpty()) {
            attach(all.getFirst());
        }
    }

    Optional<Inferior> ofProcess(long pid) {
        return all.stream().filter(i -> i.pid() == pid).findFirst();
    }

    void attach(Inferior inferior) {
        attached.add(inferior.pid());
    }

    void detach(Inferior inferior) {
        inferior.points().clear();
        attached.remove(inferior.pid());
    }

    void detachAll() {
        all.forEach(this::detach);
    }

    /** Forgets where to stop. */
    void clearPoints() {
        all.forEach(i -> i.points().clear());
    }

    /** The user program: what system calls are reported for. */
    Inferior program() {
        return attached.contains(all.getLast().pid()) ? all.getLast() : all.getFirst();
    }

    /** Who has the processor; of those that the client is attached to. */
    Inferior running() {
        boolean user = timeline.machine().get(Reg.CPL) == 3;
        return attached().stream().filter(i -> i.isProgram() == user).findFirst()
                .orElseGet(() -> attached.isEmpty() ? all.getFirst() : attached().getFirst());
    }

    /** Whose watchpoint it is. */
    Inferior owner(Watch watch) {
        return attached().stream().filter(i -> i.points().watches(watch)).findFirst().orElseGet(this::running);
    }

    boolean isCaughtSystemCall(Event event) {
        return all.stream().anyMatch(i -> i.points().isCaughtSystemCall(event));
    }

    /** Stops at these events as well; empty for none. */
    void catchEvents(Optional<Predicate<Event>> filter) {
        all.getFirst().points().catchEvents(filter);
    }

    /** What any of them wants to stop at. */
    StopSet stops() {
        if (all.size() == 1) {
            return all.getFirst().points().stops();
        }
        Set<Long> breakpoints = new TreeSet<>();
        List<Watch> watches = new ArrayList<>();
        Map<Long, Predicate<Machine>> conditions = new TreeMap<>();
        Optional<Predicate<Event>> crossings = Optional.empty();
        for (Inferior i : all) {
            StopSet own = i.points().stops();
            breakpoints.addAll(own.breakpoints());
            watches.addAll(own.watches());
            // All of them have a scope, so there is a condition for every breakpoint.
            own.conditions().forEach((address, condition) -> conditions.merge(address, condition, Predicate::or));
            crossings = crossings.isEmpty() ? own.crossings() : crossings.map(c -> own.crossings().map(c::or).orElse(c));
        }
        return new StopSet(breakpoints, watches, crossings, conditions);
    }

    /** That, and at some events. */
    StopSet stopsAnd(Predicate<Event> events) {
        return with(stops(), events);
    }

    static StopSet with(StopSet stops, Predicate<Event> events) {
        return stops.withCrossings(stops.crossings().map(c -> c.or(events)).orElse(events));
    }
}
