package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.util.List;
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
        return overCommands(() -> timeline.continueForward(inferiors.stops()), client);
    }

    Arrival backward(Motion.Client client) {
        return overCommands(() -> timeline.continueBackward(inferiors.stops()), client);
    }

    /** Runs on over breakpoints that have commands, and runs those. */
    Arrival overCommands(Supplier<Arrival> motion, Motion.Client client) {
        while (true) {
            Arrival arrival = motion.get();
            List<AgentExpression> commands = arrival instanceof Arrival.Breakpoint
                    ? inferiors.running().points().commandsAt(timeline.machine())
                    : List.of();
            if (commands.isEmpty()) {
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
            Arrival arrival = timeline.stepForward(1, inferiors.stops());
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

    /** Runs until an inferior has the processor: the step it takes is the one that brings it there. */
    Arrival forwardTo(Inferior inferior) {
        return arrived(timeline.continueForward(to(inferior, true)), inferior, true);
    }

    Arrival backwardTo(Inferior inferior) {
        return arrived(timeline.continueBackward(to(inferior, false)), inferior, false);
    }

    private StopSet to(Inferior inferior, boolean forward) {
        return inferiors.stopsAnd(e -> passesTo(e, inferior, forward));
    }

    private static boolean passesTo(Event e, Inferior inferior, boolean forward) {
        boolean toUser = forward ? e.toUser() : e.fromUser();
        boolean fromUser = forward ? e.fromUser() : e.toUser();
        return toUser != fromUser && toUser == inferior.isProgram();
    }

    private Arrival arrived(Arrival arrival, Inferior inferior, boolean forward) {
        return arrival instanceof Arrival.Crossing(Event e) && passesTo(e, inferior, forward)
                        && !inferiors.isCaughtSystemCall(e)
                ? new Arrival.Stepped()
                : arrival;
    }

    boolean inUserMode() {
        return timeline.machine().get(Reg.CPL) == 3;
    }
}
