package dev.retrap.repl.cli;

import dev.retrap.cpu.Machine;
import dev.retrap.trace.EndStatus;

/**
 * Runs a guest to its end in slices, between which progress is shown, Ctrl-C is noticed and the console gets what was
 * typed. While somebody types, the guest's time is held back to that of the clock on the wall, or a guest that waits
 * for a key would see years go by; which state it is in at which position does not depend on that.
 */
final class GuestRun {
    private static final long FIRST_SLICE = 100_000;
    private static final long SLICE_NANOS = 50_000_000;
    /** Guest time may be this far ahead. */
    private static final long AHEAD_NANOS = 20_000_000;
    private static final long SHORTEST_SLICE = 500;

    /** What is run. */
    interface Engine {
        /** The machine, between slices. */
        Machine machine();

        /**
         * Runs at most so many steps.
         *
         * @return how it ended, or null if it can go on
         */
        EndStatus slice(long steps);

        /** Gives the guest console input. */
        void input(byte[] bytes);

        /** Ends the slice that is running, from another thread. */
        void interrupt();

        /** Number of events so far, -1 if they are not counted. */
        long events();

        /** Bytes written so far, -1 if nothing is. */
        long bytes();
    }

    private final Context context;
    private final Engine engine;
    private final Progress progress;
    private final long maxSteps;
    private final TypedInput input;
    private volatile boolean interrupted;

    /**
     * A run.
     *
     * @param maxSteps position at which it ends at the latest
     * @param input where console input comes from
     */
    GuestRun(Context context, Engine engine, long maxSteps, TypedInput input) {
        this.context = context;
        this.engine = engine;
        this.maxSteps = maxSteps;
        this.input = input;
        this.progress = new Progress(context.io());
    }

    /** Runs; returns how it ended, {@link EndStatus.Incomplete} if at {@code maxSteps}. */
    EndStatus run() {
        try (Interrupts _ = Interrupts.handle(this::interrupt)) {
            byte[] first = input.atPowerOn();
            if (first.length > 0) {
                engine.input(first);
            }
            return loop();
        } finally {
            progress.clear();
            context.out().flush();
        }
    }

    private void interrupt() {
        interrupted = true;
        engine.interrupt();
    }

    private EndStatus loop() {
        long slice = FIRST_SLICE;
        long start = System.nanoTime();
        while (!interrupted) {
            long left = maxSteps - engine.machine().position();
            if (left <= 0) {
                return new EndStatus.Incomplete();
            }
            long began = System.nanoTime();
            long from = engine.machine().position();
            EndStatus end = engine.slice(Math.min(slice, left));
            context.out().flush();
            long took = Math.max(System.nanoTime() - began, 1);
            boolean idle = end instanceof EndStatus.Idle && input.isLive();
            if (end != null && !idle) {
                return interrupted ? new EndStatus.Interrupted() : end;
            }
            long made = engine.machine().position() - from;
            // Keeps slices at a length at which Ctrl-C and progress are prompt.
            slice = Math.clamp((long) ((double) made * SLICE_NANOS / took), SHORTEST_SLICE, slice * 4);
            progress.show(engine.machine().position(), engine.events(), engine.bytes());
            if (input.isLive()) {
                long ahead = engine.machine().nanos() - (System.nanoTime() - start);
                if (ahead > AHEAD_NANOS) {
                    slice = SHORTEST_SLICE;
                }
                type(idle ? Long.MAX_VALUE : ahead);
            }
        }
        return new EndStatus.Interrupted();
    }

    /** Hands over what has been typed; waits for that, or until the wall's clock has caught up. */
    private void type(long nanos) {
        long until = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanos;
        while (!interrupted) {
            long left = until == Long.MAX_VALUE ? AHEAD_NANOS : Math.min(until - System.nanoTime(), AHEAD_NANOS);
            byte[] bytes = input.poll(Math.max(left, 0));
            if (bytes != null) {
                engine.input(bytes);
                return;
            }
            if (left <= 0) {
                return;
            }
        }
    }
}
