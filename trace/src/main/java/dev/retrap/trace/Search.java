package dev.retrap.trace;

import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.Watch;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the next place, forward or backward, at which a run stops. History is divided at the recording's checkpoints;
 * spans whose footprint cannot hold a hit are passed over, the nearest of the others is run by the timeline's own
 * machine, and those beyond it by all of the {@link Crew} at once.
 */
final class Search {
    /** The search was interrupted. */
    static final class InterruptedSearch extends Exception {
        private static final long serialVersionUID = 1;

        InterruptedSearch() {
            super(null, null, false, false);
        }
    }

    private final Travel travel;
    private final Crew crew;
    private final Recording recording;
    private final StopSet stops;

    /**
     * @param recording up to date; null if there is none yet
     */
    Search(Travel travel, Crew crew, Recording recording, StopSet stops) {
        this.travel = travel;
        this.crew = crew;
        this.recording = recording;
        this.stops = stops;
    }

    /** The last hit at a position {@code >= lower} and {@code < from}; null if there is none. */
    Sighting.Hit last(long lower, long from) throws InterruptedSearch {
        // Up to the stored checkpoint before, in steps that grow: there are states in memory, dense near the present.
        long border = Math.max(lower, stored(from - 1));
        long end = from;
        Span whole = span(stored(from - 1), from);
        if (whole != null && !mayHit(whole)) {
            end = border;
        }
        while (end > border) {
            long start = Math.max(border, travel.checkpointAtOrBefore(end - 1));
            Sighting.Hit hit = lastOf(travel, new Span(start, end));
            if (hit != null) {
                return hit;
            }
            end = start;
        }
        return only(crew.search(travel, backward(lower, end), (who, span) -> listOf(lastOf(who, span)), 1));
    }

    /**
     * The first hit after {@code from}, at which the machine stands, up to {@code to}; null if there is none.
     *
     * @param skip position at which a breakpoint does not count
     */
    Sighting.Hit first(long from, long to, long skip) throws InterruptedSearch {
        long next = recording == null ? to : recording.checkpointPositionAfter(from);
        Span near = new Span(from, next < 0 ? to : Math.min(to, next));
        Sighting.Hit hit = firstOf(travel, near, skip);
        if (hit != null || near.end() == to) {
            return hit;
        }
        return only(crew.search(travel, forward(near.end(), to), (who, span) -> listOf(firstOf(who, span, -1)), 1));
    }

    private static List<Sighting.Hit> listOf(Sighting.Hit hitOrNull) {
        return hitOrNull == null ? List.of() : List.of(hitOrNull);
    }

    private static Sighting.Hit only(List<Sighting.Hit> hits) {
        return hits.isEmpty() ? null : hits.getFirst();
    }

    /**
     * What {@code work} finds in {@code [from, to)}, up to so many: it is given spans that may hold a hit, with a machine
     * that stands at their start.
     *
     * @param latest from the end backward, each span's finds as well
     */
    <T> List<T> all(long from, long to, boolean latest, int limit, Crew.Work<T> work) throws InterruptedSearch {
        return crew.search(travel, latest ? backward(from, to) : forward(from, to), (who, span) -> {
            goTo(who, span.start());
            return work.in(who, span);
        }, limit);
    }

    /** Position of the last checkpoint in the file, at most {@code position}; 0 without any. */
    private long stored(long position) {
        return recording == null ? 0 : Math.max(0, recording.checkpointPositionAtOrBefore(position));
    }

    private Iterator<Span> backward(long lower, long from) {
        return new Candidates() {
            private long end = from;

            @Override
            Span step() {
                if (end <= lower) {
                    return null;
                }
                long start = stored(end - 1);
                Span span = new Span(Math.max(lower, start), end);
                known = span(start, end);
                end = span.start();
                return span;
            }
        };
    }

    private Iterator<Span> forward(long from, long to) {
        return new Candidates() {
            private long start = from;

            @Override
            Span step() {
                if (start >= to) {
                    return null;
                }
                long next = recording == null ? -1 : recording.checkpointPositionAfter(start);
                Span span = new Span(start, next < 0 ? to : Math.min(to, next));
                known = next < 0 ? null : new Span(stored(start), next);
                start = span.end();
                return span;
            }
        };
    }

    /** The span between two checkpoints that a span up to {@code end} belongs to; null if it has no footprint. */
    private Span span(long start, long end) {
        long next = recording == null ? -1 : recording.checkpointPositionAfter(end - 1);
        return next < 0 ? null : new Span(start, next);
    }

    /** Spans that may hold a hit. */
    private abstract class Candidates implements Iterator<Span> {
        /** Of the last step: the whole span between checkpoints. */
        Span known;
        private Span next;

        abstract Span step();

        @Override
        public boolean hasNext() {
            // Footprints are read from the file: an interrupt that comes meanwhile ends the spans, and so the search.
            while (next == null && !crew.isInterrupted()) {
                next = step();
                if (next == null) {
                    return false;
                }
                if (known != null && !mayHit(known)) {
                    next = null;
                }
            }
            return next != null;
        }

        @Override
        public Span next() {
            hasNext();
            Span s = next;
            next = null;
            return s;
        }
    }

    private boolean mayHit(Span span) {
        if (stops.isEmpty()) {
            return true; // looks for what no footprint tells
        }
        Optional<Footprint> footprint = recording.footprint(span.start(), span.end());
        if (footprint.isEmpty()) {
            return true;
        }
        for (long address : stops.breakpoints()) {
            if (footprint.get().mayExecute(address)) {
                return true;
            }
        }
        for (Watch w : stops.watches()) {
            if (footprint.get().mayTouch(w)) {
                return true;
            }
        }
        return false;
    }

    private Sighting.Hit lastOf(Replayer who, Span span) throws InterruptedSearch {
        goTo(who, span.start());
        Sighting sighting = Sighting.last(stops);
        who.arm(stops, sighting);
        reached(who, who.forward(span.end(), -1));
        return sighting.noted();
    }

    private Sighting.Hit firstOf(Replayer who, Span span, long skip) throws InterruptedSearch {
        goTo(who, span.start());
        who.arm(stops, Sighting.first(stops));
        Stop stop = who.forward(span.end(), skip);
        Sighting.Hit hit = Sighting.stoppedAt(who.machine, stop);
        if (hit == null) {
            reached(who, stop);
        }
        return hit;
    }

    void goTo(Replayer who, long position) throws InterruptedSearch {
        if (who.machine.position() == position) {
            return;
        }
        long from = travel.checkpointAtOrBefore(position);
        who.arm(StopSet.NONE, null);
        if (who.machine.position() > position || who.machine.position() < from) {
            who.restore(travel.state(from));
        }
        reached(who, who.forward(position, -1));
    }

    static void reached(Replayer who, Stop stop) throws InterruptedSearch {
        if (stop instanceof Stop.Interrupted) {
            throw new InterruptedSearch();
        }
        if (!(stop instanceof Stop.Reached)) {
            throw Divergence.at(who.machine, stop);
        }
    }
}
