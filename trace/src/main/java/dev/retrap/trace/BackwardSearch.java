package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Stop;

/**
 * Finds the last place, before a position, at which a run backward stops: runs forward from ever earlier states and
 * keeps the last hit.
 */
final class BackwardSearch {
    /** So many hits in an interval, and its later half is searched first. */
    private static final int MANY = 20;
    /** Intervals shorter than this are run through whatever the hits. */
    private static final long SHORT = 1 << 10;

    /**
     * A place to stop.
     *
     * @param position where a run backward comes to stand
     * @param arrival why
     */
    record Hit(long position, Arrival arrival) {}

    /** The search was interrupted. */
    static final class InterruptedSearch extends Exception {
        private static final long serialVersionUID = 1;

        InterruptedSearch() {
            super(null, null, false, false);
        }
    }

    private final Machine machine;
    private final Travel travel;
    private final StopSet stops;

    BackwardSearch(Machine machine, Travel travel, StopSet stops) {
        this.machine = machine;
        this.travel = travel;
        this.stops = stops;
    }

    /** The last hit at a position {@code >= lower} and {@code < from}; null if there is none. */
    Hit last(long lower, long from) throws InterruptedSearch {
        long end = from;
        while (end > lower) {
            long start = Math.max(lower, travel.checkpointAtOrBefore(end - 1));
            Hit hit = lastOf(start, end);
            if (hit != null) {
                return hit;
            }
            end = start;
        }
        return null;
    }

    /** The same in an interval that is run through in one go if it has few hits. */
    private Hit lastOf(long start, long end) throws InterruptedSearch {
        reached(travel.to(start));
        Hit last = breakpointHere(end);
        int hits = 0;
        while (machine.position() < end) {
            if (hits >= MANY && end - machine.position() > SHORT) {
                return split(last, machine.position(), end);
            }
            travel.arm(stops, false);
            Stop stop = travel.forward(end);
            if (stop instanceof Stop.Interrupted) {
                throw new InterruptedSearch();
            }
            if (stop instanceof Stop.Watchpoint w) {
                last = new Hit(machine.position() - 1, new Arrival.Watchpoint(w.watch(), w.address(), w.write()));
            } else if (!(stop instanceof Stop.Breakpoint) && !(stop instanceof Stop.Reached)) {
                throw Divergence.at(machine, stop);
            }
            Hit here = breakpointHere(end);
            last = here != null ? here : last;
            hits++;
        }
        return last;
    }

    private Hit split(Hit last, long middle, long end) throws InterruptedSearch {
        travel.keep(end);
        long half = middle + (end - middle) / 2;
        Hit later = lastOf(half, end);
        if (later != null) {
            return later;
        }
        Hit earlier = lastOf(middle, half);
        return earlier != null ? earlier : last;
    }

    private Hit breakpointHere(long end) {
        long now = machine.position();
        return now < end && stops.breaksHere(machine) ? new Hit(now, new Arrival.Breakpoint(machine.linearIp())) : null;
    }

    private void reached(Stop stop) throws InterruptedSearch {
        if (stop instanceof Stop.Interrupted) {
            throw new InterruptedSearch();
        }
        if (!(stop instanceof Stop.Reached)) {
            throw Divergence.at(machine, stop);
        }
    }
}
