package dev.retrap.trace;

import dev.retrap.trace.Search.InterruptedSearch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Machines of their own for searching spans of history at once, one fewer than there are processors: the timeline's own
 * works beside them. They are made when first needed, and share the pages of the states that they start from.
 */
final class Crew implements AutoCloseable {
    /** Searches a span with a machine. */
    @FunctionalInterface
    interface Work<T> {
        /** What is found, in the order of the spans' direction; empty for nothing. */
        List<T> in(Replayer who, Span span) throws InterruptedSearch;
    }

    private final Supplier<Replayer> recruit;
    private final int most;
    private final List<Replayer> members = new ArrayList<>();
    private ExecutorService threads;
    private final BooleanSupplier interrupted;

    /**
     * @param recruit makes a machine
     * @param most how many beside the timeline's own
     * @param interrupted whether what is under way is to end
     */
    Crew(Supplier<Replayer> recruit, int most, BooleanSupplier interrupted) {
        this.recruit = recruit;
        this.most = most;
        this.interrupted = interrupted;
    }

    /**
     * What is found in the spans, in their order, up to so many. The first span is searched by {@code own} alone: most
     * of what anybody looks for is near.
     */
    <T> List<T> search(Replayer own, Iterator<Span> spans, Work<T> work, int limit) throws InterruptedSearch {
        forgetInterrupts();
        List<T> found = new ArrayList<>();
        if (spans.hasNext()) {
            found.addAll(work.in(own, spans.next()));
        }
        if (found.size() < limit && spans.hasNext()) {
            Hunt<T> hunt = new Hunt<>(spans, work, limit - found.size());
            List<Replayer> helpers = most == 0 ? List.of() : helpers();
            CountDownLatch done = new CountDownLatch(helpers.size());
            for (Replayer helper : helpers) {
                threads.execute(() -> {
                    try {
                        hunt.take(helper);
                    } finally {
                        done.countDown();
                    }
                });
            }
            hunt.take(own);
            await(done, own);
            found.addAll(hunt.result());
        }
        if (interrupted.getAsBoolean()) {
            throw new InterruptedSearch();
        }
        return found.size() > limit ? found.subList(0, limit) : found;
    }

    private synchronized List<Replayer> helpers() {
        if (threads == null) {
            threads = Executors.newFixedThreadPool(most,
                    r -> Thread.ofPlatform().daemon().name("retrap-search").unstarted(r));
        }
        while (members.size() < most) {
            members.add(recruit.get());
        }
        return List.copyOf(members);
    }

    private void await(CountDownLatch done, Replayer own) {
        boolean wasInterrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        forgetInterrupts();
        own.machine.clearInterrupt(); // one of the user's shows in the flag
    }

    /** Those of members whose search was not needed any more, or that came too late for the last one. */
    private synchronized void forgetInterrupts() {
        members.forEach(m -> m.machine.clearInterrupt());
    }

    boolean isInterrupted() {
        return interrupted.getAsBoolean();
    }

    /** Has the members look whether a search under way is to end; any thread. */
    synchronized void interrupt() {
        members.forEach(m -> m.machine.interrupt());
    }

    /** Forgets the machines. */
    @Override
    public synchronized void close() {
        members.clear();
        if (threads != null) {
            threads.shutdown();
            threads = null;
        }
    }

    /** One search by many. */
    private final class Hunt<T> {
        private final Iterator<Span> spans;
        private final Work<T> work;
        private final int limit;
        private final List<Taken> taken = new ArrayList<>();
        private final TreeMap<Integer, List<T>> results = new TreeMap<>();
        private int next;
        /** Spans from this number on are not needed. */
        private int enough = Integer.MAX_VALUE;
        private Throwable failure;
        private boolean cutShort;

        private record Taken(Replayer who, int number) {}

        Hunt(Iterator<Span> spans, Work<T> work, int limit) {
            this.spans = spans;
            this.work = work;
            this.limit = limit;
        }

        void take(Replayer who) {
            while (true) {
                Span span;
                Taken mine;
                synchronized (this) {
                    cutShort |= interrupted.getAsBoolean();
                    if (enough <= next || failure != null || cutShort || !spans.hasNext()) {
                        return;
                    }
                    span = spans.next();
                    mine = new Taken(who, next++);
                    taken.add(mine);
                }
                List<T> here = List.of();
                Throwable problem = null;
                boolean stopped = false;
                try {
                    here = work.in(who, span);
                } catch (InterruptedSearch e) {
                    stopped = true;
                } catch (RuntimeException | Error e) {
                    problem = e;
                }
                finished(mine, here, problem, stopped);
            }
        }

        private synchronized void finished(Taken mine, List<T> here, Throwable problem, boolean stopped) {
            taken.remove(mine);
            if (mine.number() >= enough) {
                return; // what it found, or was stopped at, does not matter any more
            }
            cutShort |= stopped;
            failure = problem != null ? problem : failure;
            if (!here.isEmpty()) {
                results.put(mine.number(), here);
                // So many in these spans alone: those after them are not needed, whatever the others hold.
                int sum = 0;
                for (var e : results.entrySet()) {
                    sum += e.getValue().size();
                    if (sum >= limit) {
                        enough = e.getKey() + 1;
                        break;
                    }
                }
            }
            for (Taken t : taken) {
                if (t.number() >= enough || stopped || problem != null) {
                    t.who().machine.interrupt();
                }
            }
        }

        synchronized List<T> result() throws InterruptedSearch {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            if (cutShort || interrupted.getAsBoolean()) {
                throw new InterruptedSearch();
            }
            List<T> all = new ArrayList<>();
            results.headMap(enough).values().forEach(all::addAll);
            return all;
        }
    }
}
