package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.StopCondition;
import dev.retrap.cpu.Watch;
import dev.retrap.trace.Search.InterruptedSearch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Questions to the history of a {@link Timeline}, answered by re-executing those spans of it that may hold the answer. The
 * timeline stands where it stood when a question is answered.
 *
 * <p>All methods throw {@link InterruptedQueryException} after {@link Timeline#interrupt()}.
 */
public final class Queries {
    /** Steps of the first window of a search that single-steps; each further one is four times as long. */
    private static final long FIRST_WINDOW = 1 << 9;
    private static final long LAST_WINDOW = 1 << 16;

    private final Timeline timeline;
    private final Travel travel;
    private final Crew crew;

    Queries(Timeline timeline, Travel travel, Crew crew) {
        this.timeline = timeline;
        this.travel = travel;
        this.crew = crew;
    }

    /** A question. */
    interface Question<T> {
        T answer() throws InterruptedSearch;
    }

    private Search search(StopSet stops) {
        return new Search(travel, crew, timeline.recording(), stops);
    }

    /**
     * Physical ranges of linear ones, by the page tables where the timeline stands: accesses through any mapping of that
     * memory count. Parts that are not mapped stay linear.
     */
    public List<Watch> ranges(long linear, long length, Watch.Access access) {
        List<Watch> all = new ArrayList<>();
        for (long done = 0; done < length; ) {
            long at = linear + done;
            long n = Math.min(length - done, 4096 - (at & 0xFFF));
            long physical = timeline.machine().translate(at);
            all.add(physical < 0
                    ? new Watch(at, n, access)
                    : new Watch(physical, n, access, Watch.Space.PHYSICAL));
            done += n;
        }
        return all;
    }

    /** The last access before a position. */
    public Optional<Access> last(Collection<Watch> ranges, long before) {
        return timeline.query(() -> Optional.ofNullable(lastAccess(ranges, before)));
    }

    Access lastAccess(Collection<Watch> ranges, long before) throws InterruptedSearch {
        Sighting.Hit hit = before <= timeline.start() ? null
                : search(StopSet.NONE.withWatches(ranges)).last(timeline.start(), from(before));
        Access byDebugger = lastByDebugger(ranges, hit == null ? timeline.start() : hit.position() + 1, before);
        return byDebugger != null ? byDebugger : hit == null ? null : access(hit);
    }

    /** Searches backward begin where the timeline stands, if that is where they shall, or else go there. */
    private long from(long before) throws InterruptedSearch {
        return Math.min(before, timeline.end());
    }

    /** The first access at or after a position. */
    public Optional<Access> next(Collection<Watch> ranges, long from) {
        return all(ranges, from, timeline.end(), 1).stream().findFirst();
    }

    /** Accesses at positions {@code from <= p < to} in order, at most so many; those of debuggers not among them. */
    public List<Access> all(Collection<Watch> ranges, long from, long to, int limit) {
        return timeline.query(() -> accesses(ranges, from, to, false, limit));
    }

    /** The latest of those accesses, the last one first. */
    public List<Access> latest(Collection<Watch> ranges, long from, long to, int limit) {
        return timeline.query(() -> accesses(ranges, from, to, true, limit));
    }

    private List<Access> accesses(Collection<Watch> ranges, long from, long to, boolean latest, int limit)
            throws InterruptedSearch {
        StopSet stops = StopSet.NONE.withWatches(ranges);
        return search(stops).all(from, Math.min(to, timeline.end()), latest, limit, (who, span) -> {
            Noted noted = new Noted(latest ? Integer.MAX_VALUE : limit);
            who.arm(stops, noted);
            finish(who, span.end());
            if (noted.hits.isEmpty()) {
                return List.of();
            }
            List<Sighting.Hit> hits = noted.hits;
            if (latest && hits.size() > limit) {
                hits = hits.subList(hits.size() - limit, hits.size());
            }
            who.arm(StopSet.NONE, null);
            search(stops).goTo(who, span.start());
            List<Access> found = new ArrayList<>();
            for (Sighting.Hit hit : hits) {
                Search.reached(who, who.forward(hit.position(), -1));
                found.add(access(who, hit));
            }
            if (latest) {
                Collections.reverse(found);
            }
            return found;
        });
    }

    /** Runs to the end of a span, or until it has noted enough. */
    private static void finish(Replayer who, long end) throws InterruptedSearch {
        Stop stop = who.forward(end, -1);
        if (!(stop instanceof Stop.Watchpoint) && !(stop instanceof Stop.Breakpoint)) {
            Search.reached(who, stop);
        }
    }

    /** Notes all hits, up to so many. */
    private static final class Noted implements StopCondition {
        final List<Sighting.Hit> hits = new ArrayList<>();
        private final int limit;

        Noted(int limit) {
            this.limit = limit;
        }

        @Override
        public boolean atBreakpoint(Machine machine, long address) {
            hits.add(new Sighting.Hit(machine.position(), new Arrival.Breakpoint(address)));
            return hits.size() >= limit;
        }

        @Override
        public boolean afterAccess(Machine machine, Watch watch, long address, boolean write) {
            hits.add(new Sighting.Hit(machine.position() - 1, new Arrival.Watchpoint(watch, address, write)));
            return hits.size() >= limit;
        }
    }

    private Access access(Sighting.Hit hit) throws InterruptedSearch {
        Search.reached(travel, travel.to(hit.position()));
        return access(travel, hit);
    }

    /** The access of the step that a machine stands before; the machine makes the step. */
    private static Access access(Replayer who, Sighting.Hit hit) throws InterruptedSearch {
        Arrival.Watchpoint w = (Arrival.Watchpoint) hit.arrival();
        long ip = who.machine.linearIp();
        byte[] before = bytes(who.machine, w.watch());
        Search.reached(who, who.forward(hit.position() + 1, -1));
        return new Access(hit.position(), ip, w.watch(), w.address(), w.write(), before,
                bytes(who.machine, w.watch()), false);
    }

    private static byte[] bytes(Machine machine, Watch watch) {
        byte[] bytes = new byte[(int) Math.min(watch.length(), Access.SHOWN)];
        int n = watch.space() == Watch.Space.PHYSICAL
                ? machine.readPhysical(watch.address(), bytes, 0, bytes.length)
                : machine.read(watch.address(), bytes, 0, bytes.length);
        return n == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, Math.max(0, n));
    }

    /** What a debugger wrote last at a position {@code from <= p < before}, or at {@code before} itself. */
    private Access lastByDebugger(Collection<Watch> ranges, long from, long before) throws InterruptedSearch {
        for (Input input : travel.inputs.reversed()) {
            if (input instanceof Input.MemoryWrite w && w.position() >= from && w.position() <= before) {
                Search.reached(travel, travel.to(w.position()));
                for (Watch watch : ranges) {
                    long a = watch.space() == Watch.Space.PHYSICAL ? travel.machine.translate(w.linear()) : w.linear();
                    if (watch.counts(true) && watch.overlaps(a, w.bytes().length)) {
                        byte[] now = bytes(travel.machine, watch);
                        return new Access(w.position(), travel.machine.linearIp(), watch, w.linear(), true, new byte[0],
                                now, true);
                    }
                }
            }
        }
        return null;
    }

    /**
     * Positions {@code from <= p < to} at which the instruction at a linear address is about to be executed, at most so
     * many.
     *
     * @param latest the last of them, the last one first
     */
    public List<Long> executions(long address, long from, long to, boolean latest, int limit) {
        StopSet stops = StopSet.breakpoints(List.of(address));
        return timeline.query(() -> search(stops).all(from, Math.min(to, timeline.end()), latest, limit, (who, span) -> {
            Noted noted = new Noted(latest ? Integer.MAX_VALUE : limit);
            who.arm(stops, noted);
            finish(who, span.end());
            List<Long> found = new ArrayList<>(noted.hits.stream().map(Sighting.Hit::position).toList());
            if (latest) {
                Collections.reverse(found);
            }
            return found;
        }));
    }

    /** The last change of a register's value before a position. */
    public Optional<Change> lastChange(Reg register, long before) {
        return timeline.query(() -> Optional.ofNullable(lastStep(before, steps -> steps.change(register))));
    }

    /** The first change of a register's value at or after a position. */
    public Optional<Change> nextChange(Reg register, long from) {
        return timeline.query(() -> {
            List<Change> found = search(StopSet.NONE).all(from, timeline.end(), false, 1, (who, span) -> {
                Change c = new Steps(who, span).firstChange(register);
                return c == null ? List.of() : List.of(c);
            });
            return found.stream().findFirst();
        });
    }

    /** Looks at a window's single steps; null if what it looks for is not there. */
    interface Look<T> {
        T at(Steps steps) throws InterruptedSearch;
    }

    /** What is found in the last window before a position that it is in; windows are looked at backward, one by one. */
    <T> T lastStep(long before, Look<T> look) throws InterruptedSearch {
        long window = FIRST_WINDOW;
        Search search = search(StopSet.NONE);
        for (long end = from(before); end > timeline.start(); ) {
            long start = Math.max(timeline.start(), end - window);
            if (window == LAST_WINDOW || end - start < window) {
                start = Math.max(start, timeline.start());
            }
            search.goTo(travel, start);
            T found = look.at(new Steps(travel, new Span(start, end)));
            if (found != null) {
                return found;
            }
            end = start;
            window = Math.min(LAST_WINDOW, window * 4);
        }
        return null;
    }

    /**
     * Who called the function, or entered the kernel, that we are in: the last call not yet returned from. It is found by
     * its return address on the stack, from the present stack pointer up, so code that keeps its stack otherwise (a task
     * switch, {@code longjmp}) may hide it.
     */
    public Optional<Caller> whoCalled() {
        return timeline.query(() -> {
            CallSearch calls = new CallSearch(travel.machine);
            Caller found = lastStep(timeline.position(), calls);
            return Optional.ofNullable(found).map(c -> c.entry().isEmpty() && calls.wasEntry()
                    ? new Caller(c.position(), c.ip(), timeline.recording().eventAt(c.position()))
                    : c);
        });
    }

    /**
     * Where a value comes from: follows copies back, from register to memory to register, through the user/kernel
     * boundary, to the instruction that made it.
     *
     * @param most links at most
     * @return the way back, nearest first; the last link is where it ends
     */
    public List<Origin> origin(Origin.Place place, int most) {
        return timeline.query(() -> new OriginSearch(this, travel, timeline).follow(place, timeline.position(), most));
    }

    /** Ranges by the page tables where the timeline's machine stands; as {@link #ranges}. */
    List<Watch> written(long linear, int length) {
        return ranges(linear, length, Watch.Access.WRITE);
    }
}
