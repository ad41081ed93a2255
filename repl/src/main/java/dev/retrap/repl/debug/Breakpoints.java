package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Watch;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The session's breakpoints by number, and the {@link StopSet} they amount to. */
final class Breakpoints {
    private final TreeMap<Integer, Breakpoint> all = new TreeMap<>();
    private int last;
    private Breakpoint lastHit;

    Breakpoint add(Breakpoint.Where where, String text, boolean temporary) {
        Breakpoint b = new Breakpoint(++last, where, text, temporary);
        all.put(b.number, b);
        return b;
    }

    /** {@return the one that stopped a movement last and is still there, or null} */
    Breakpoint lastHit() {
        return lastHit != null && all.containsKey(lastHit.number) ? lastHit : null;
    }

    void stoppedAt(Breakpoint b) {
        lastHit = b;
    }

    List<Breakpoint> all() {
        return List.copyOf(all.values());
    }

    Breakpoint get(int number) {
        Breakpoint b = all.get(number);
        if (b == null) {
            throw new Trouble("No breakpoint number " + number + ".");
        }
        return b;
    }

    void delete(int number) {
        get(number);
        all.remove(number);
    }

    void clear() {
        all.clear();
    }

    /** Enabled breakpoints at an address. */
    List<Breakpoint> at(long address) {
        return enabled(b -> b.where instanceof Breakpoint.Where.Code c && c.address() == address);
    }

    /** Enabled watchpoints on exactly this range and access. */
    List<Breakpoint> on(Watch watch) {
        return enabled(b -> b.where instanceof Breakpoint.Where.Memory m && m.watch().equals(watch));
    }

    /** Enabled catchpoints that an event meets. */
    List<Breakpoint> on(Event event) {
        return enabled(b -> b.where instanceof Breakpoint.Where.Crossing c && c.filter().test(event));
    }

    private List<Breakpoint> enabled(Predicate<Breakpoint> which) {
        return all.values().stream().filter(b -> b.enabled).filter(which).toList();
    }

    /**
     * Where a run has to stop. Conditions of breakpoints are evaluated by the run itself; those of watchpoints and
     * catchpoints only after it has stopped.
     *
     * @param holds evaluates a breakpoint's condition on a machine standing at it
     */
    StopSet stops(BiPredicate<Breakpoint, Machine> holds) {
        TreeSet<Long> addresses = new TreeSet<>();
        List<Watch> watches = new ArrayList<>();
        List<Breakpoint.Where.Crossing> crossings = new ArrayList<>();
        for (Breakpoint b : enabled(b -> true)) {
            switch (b.where) {
                case Breakpoint.Where.Code c -> addresses.add(c.address());
                case Breakpoint.Where.Memory m -> watches.add(m.watch());
                case Breakpoint.Where.Crossing c -> crossings.add(c);
            }
        }
        StopSet stops = StopSet.breakpoints(addresses).withWatches(watches);
        if (!crossings.isEmpty()) {
            stops = stops.withCrossings(e -> crossings.stream().anyMatch(c -> c.filter().test(e)));
        }
        for (long address : addresses) {
            List<Breakpoint> here = at(address);
            if (here.stream().allMatch(b -> b.condition != null)) {
                stops = stops.withCondition(address, m -> here.stream().anyMatch(b -> holds.test(b, m)));
            }
        }
        return stops;
    }
}
