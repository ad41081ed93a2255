package dev.retrap.trace;

import dev.retrap.trace.Search.InterruptedSearch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Machines of their own for searching spans of history at once, one fewer than there are processors: the timeline's own
 * works beside them. They are made when first needed, and share the pages of the states that they start from.
 */
final class Crew implements AutoCloseable {
    /** Searches a span with a machine; null if there is nothing in it. */
    @FunctionalInterface
    interface Work<T> {
        T in(Replayer who, Span span) throws InterruptedSearch;
    }

    private final Supplier<Replayer> recruit;
    private final int most;
    private final List<Replayer> members = new ArrayList<>();
    private ExecutorService threads;
    private volatile boolean interrupted;

    /**
     * @param recruit makes a machine
     * @param most how many beside the timeline's own
     */
    Crew(Supplier<Replayer> recruit, int most) {
        this.recruit = recruit;
        this.most = most;
    }

    /**
     * What is found in the first of the spans in which anything is; null if there is nothing in any. The first span is
     * searched by {@code own} alone.
     */
    <T> T nearest(Replayer own, Iterator<Span> spans, Work<T> work) throws InterruptedSearch {
        interrupted = false;
        if (!spans.hasNext()) {
            return null;
        }
        T found = work.in(own, spans.next());
        if (found != null || !spans.hasNext()) {
            return found;
        }
        Hunt<T> hunt = new Hunt<>(spans, work);
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
        hunt.await(done, own);
        return hunt.result();
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

    /** Ends a search under way; any thread. */
    void interrupt() {
        interrupted = true;
        synchronized (this) {
            members.forEach(m -> m.machine.interrupt());
        }
    }

    /** Forgets the machines: history has changed. */
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
        private final List<Taken> taken = new ArrayList<>();
        private int next;
        private int best = Integer.MAX_VALUE;
        private T found;
        private Throwable failure;
        private boolean cutShort;

        private record Taken(Replayer who, int number) {}

        Hunt(Iterator<Span> spans, Work<T> work) {
            this.spans = spans;
            this.work = work;
        }

        void take(Replayer who) {
            while (true) {
                Span span;
                Taken mine;
                synchronized (this) {
                    if (best != Integer.MAX_VALUE || failure != null || cutShort || interrupted || !spans.hasNext()) {
                        cutShort |= interrupted;
                        return;
                    }
                    span = spans.next();
                    mine = new Taken(who, next++);
                    taken.add(mine);
                }
                T here = null;
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

        private synchronized void finished(Taken mine, T here, Throwable problem, boolean stopped) {
            taken.remove(mine);
            if (mine.number() > best) {
                return; // what it found, or was stopped at, does not matter any more
            }
            if (stopped) {
                cutShort = true;
            }
            if (problem != null) {
                failure = problem;
            }
            if (here != null) {
                best = mine.number();
                found = here;
            }
            if (stopped || problem != null || here != null) {
                for (Taken t : taken) {
                    if (t.number() > mine.number() || stopped || problem != null) {
                        t.who().machine.interrupt();
                    }
                }
            }
        }

        void await(CountDownLatch done, Replayer own) {
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
            synchronized (Crew.this) {
                members.forEach(m -> m.machine.clearInterrupt());
                own.machine.clearInterrupt(); // one of the user's shows in the flag
            }
        }

        synchronized T result() throws InterruptedSearch {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            if (cutShort || interrupted) {
                throw new InterruptedSearch();
            }
            return found;
        }
    }
}
