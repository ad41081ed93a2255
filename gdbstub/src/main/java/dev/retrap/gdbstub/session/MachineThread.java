package dev.retrap.gdbstub.session;

import dev.retrap.trace.Arrival;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that touches the timeline. It serves tasks in order; between them, if told so, it lets a live guest
 * run. The network thread only ever hands tasks over and interrupts.
 */
public final class MachineThread implements AutoCloseable {
    private static final int HALT_MILLIS = 50;
    /** A run that begins while the thread is being closed goes on for so long at most. */
    private static final int CLOSING_MILLIS = 20;

    private final Timeline timeline;
    private final Consumer<String> notices;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    /** The run between tasks, that a new task has to break into; null for none. */
    private volatile Interruption idleRun;
    /** Of the task that moves the timeline just now; null for none. */
    private volatile Interruption serving;
    private boolean closed;
    private boolean runsWhenIdle;
    /** The guest has halted: only console input can wake it, so it is tried now and then. */
    private boolean halted;

    /**
     * Starts the thread.
     *
     * @param notices told, on the thread and in one line each, what a run between tasks came to
     */
    public MachineThread(Timeline timeline, Consumer<String> notices) {
        this.timeline = timeline;
        this.notices = notices;
        this.thread = Thread.ofPlatform().name("retrap-gdb-machine").daemon().unstarted(this::loop);
        thread.start();
    }

    /** Adds a task; any thread. Tasks must not throw. */
    public void submit(Runnable task) {
        tasks.add(task);
        Interruption run = idleRun;
        if (run != null) {
            run.request();
        }
    }

    /** Adds a task that moves the timeline and can be interrupted through {@code interruption}; any thread. */
    public void submit(Interruption interruption, Consumer<Interruption> task) {
        submit(() -> {
            serving = interruption;
            interruption.begin();
            try {
                task.accept(interruption);
            } finally {
                interruption.end();
                serving = null;
            }
        });
    }

    /** Whether a live guest runs while there is no task; on the machine's thread. */
    public void runWhenIdle(boolean on) {
        runsWhenIdle = on && timeline.isLive();
    }

    private void loop() {
        while (!closed) {
            Runnable task = next();
            if (task != null) {
                run(task);
            } else if (runsWhenIdle) {
                runIdle();
            }
        }
    }

    /** The next task: waits for it if the guest is not to run meanwhile; else null if there is none. */
    private Runnable next() {
        try {
            if (!runsWhenIdle) {
                return tasks.take();
            }
            return halted ? tasks.poll(HALT_MILLIS, TimeUnit.MILLISECONDS) : tasks.poll();
        } catch (InterruptedException e) {
            return null;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Sessions answer for what goes wrong; this is the last line that keeps the thread alive.
            notices.accept("internal error: " + e);
        }
    }

    private void runIdle() {
        Interruption run = new Interruption(timeline);
        idleRun = run;
        run.begin();
        try {
            // A task that came before idleRun was set did not interrupt it.
            if (tasks.isEmpty()) {
                ended(timeline.continueForward(StopSet.NONE));
            }
        } catch (RuntimeException e) {
            runsWhenIdle = false;
            notices.accept("the guest does not run any further: " + e.getMessage());
        } finally {
            idleRun = null;
            run.end();
        }
    }

    private void ended(Arrival arrival) {
        boolean waits = arrival instanceof Arrival.Idle;
        if (!(arrival instanceof Arrival.Interrupted) && !(waits && halted)) {
            notices.accept(Arrivals.describe(arrival));
        }
        runsWhenIdle &= waits || arrival instanceof Arrival.Interrupted;
        halted = waits;
    }

    /** Ends the thread after the tasks it has, whose runs are broken off; waits for it. */
    @Override
    public void close() {
        submit(() -> closed = true);
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            Interruption run = serving;
            if (run != null) {
                run.request();
            }
            try {
                thread.join(CLOSING_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
