package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Movements of the processor, whatever it runs. */
final class Run {
    private final Timeline timeline;
    private final Inferiors inferiors;

    Run(Timeline timeline, Inferiors inferiors) {
        this.timeline = timeline;
        this.inferiors = inferiors;
    }

    Arrival forward(Motion.Client client) {
        return overCommands(() -> forward(inferiors.stopsForward(), inferiors.stopsAtHead()), client);
    }

    /**
     * On to the next stop, or the next event that may have to be told of: those of the history are known, so that nobody
     * has to look for them again and again.
     *
     * @param stops in the history
     * @param atHead those and what else, where new history is made
     */
    Arrival forward(StopSet stops, StopSet atHead) {
        if (timeline.position() < timeline.end()) {
            Optional<Event> next = inferiors.nextBeginning(timeline.position());
            long limit = next.map(e -> e.position() + 1).orElse(timeline.end());
            Arrival arrival = timeline.stepForward(limit - timeline.position(), stops);
            if (!(arrival instanceof Arrival.Stepped)) {
                return arrival;
            }
            if (next.isPresent()) {
                return new Arrival.Crossing(next.get());
            }
        }
        return timeline.continueForward(atHead);
    }

    Arrival backward(Motion.Client client) {
        return overCommands(() -> timeline.continueBackward(inferiors.stops()), client);
    }

    /** Runs on over breakpoints that have commands, and runs those. */
    Arrival overCommands(Supplier<Arrival> motion, Motion.Client client) {
        while (true) {
            Arrival arrival = motion.get();
            List<AgentExpression> commands = arrival instanceof Arrival.Breakpoint
                    ? inferiors.running().inferior().points().commandsAt(timeline.machine())
                    : List.of();
            if (commands.isEmpty() && !inferiors.isForeign(arrival)) {
                return arrival;
            }
            commands.forEach(c -> c.run(timeline.machine(), client.console()));
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
    }

    Arrival stepOutOf(long start, long end, Motion.Client client) {
        while (true) {
            Arrival arrival = timeline.stepForward(1, inferiors.stopsForward());
            long ip = timeline.machine().linearIp();
            if (!(arrival instanceof Arrival.Stepped) || Long.compareUnsigned(ip, start) < 0
                    || Long.compareUnsigned(ip, end) >= 0) {
                return arrival;
            }
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
    }

    /** Runs until a thread has the processor: the step it takes is the one that brings it there. */
    Arrival forwardTo(InferiorThread thread, Motion.Client client) {
        return to(thread, true, () -> timeline.continueForward(
                Inferiors.with(inferiors.stopsAtHead(), e -> passesTo(e, thread, true))), client);
    }

    Arrival backwardTo(InferiorThread thread, Motion.Client client) {
        return to(thread, false, () -> timeline.continueBackward(
                inferiors.stopsAnd(e -> passesTo(e, thread, false))), client);
    }

    private Arrival to(InferiorThread thread, boolean forward, Supplier<Arrival> motion, Motion.Client client) {
        while (true) {
            Arrival arrival = motion.get();
            boolean caught = arrival instanceof Arrival.Crossing(Event e)
                    && (inferiors.isCaughtSystemCall(e) || inferiors.told(e).isPresent());
            boolean passed = arrival instanceof Arrival.Crossing(Event e) && passesTo(e, thread, forward) && !caught;
            if (passed && (!thread.inferior().isProgram() || thread.is(inferiors.current()))) {
                return new Arrival.Stepped();
            }
            if (!passed && !inferiors.isForeign(arrival)) {
                return arrival;
            }
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
    }

    private static boolean passesTo(Event e, InferiorThread thread, boolean forward) {
        boolean toUser = forward ? e.toUser() : e.fromUser();
        boolean fromUser = forward ? e.fromUser() : e.toUser();
        return toUser != fromUser && toUser == thread.inferior().isProgram();
    }

    private boolean inUserMode() {
        return timeline.machine().get(Reg.CPL) == 3;
    }

    /** True if a thread of a user program has the processor, in user mode. */
    boolean isAt(InferiorThread thread) {
        return inUserMode() && thread.is(inferiors.current());
    }

    /** True if a process has the processor, in user mode. */
    boolean isIn(Inferior inferior) {
        return inUserMode() && inferiors.isCurrent(inferior);
    }
}
