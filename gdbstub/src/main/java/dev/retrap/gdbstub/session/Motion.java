package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Reply.StopCause;
import dev.retrap.gdbstub.rsp.Request.Action;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.Timeline;
import java.util.List;
import java.util.function.Consumer;

/** Moves the timeline for {@code vCont}, {@code bs}, {@code bc}, and says in the protocol's words where it came to. */
final class Motion {
    private static final int SIGINT = 2;
    private static final int SIGTRAP = 5;

    private final Timeline timeline;
    private final StopPoints points;
    private final Registers registers;
    private final List<Integer> expedited;

    Motion(Timeline timeline, StopPoints points, Registers registers) {
        this.timeline = timeline;
        this.points = points;
        this.registers = registers;
        this.expedited = registers.expedited();
    }

    /** Where we are, as the answer to {@code ?}. */
    Reply.Stopped here(String threadId) {
        boolean atEnd = !timeline.isLive() && timeline.position() == timeline.end();
        return stopped(SIGTRAP, atEnd ? new StopCause.HistoryEnd() : new StopCause.Plain(), threadId);
    }

    /** Runs forward as an action says. */
    Reply.Stopped forward(Action action, Interruption interruption, Consumer<String> console, String threadId) {
        Machine machine = timeline.machine();
        if (points.breaksAt(machine)) {
            // A breakpoint instruction here would trap at once. gdb takes it out first to step over it.
            return stopped(SIGTRAP, breakpoint(machine.linearIp()), threadId);
        }
        Arrival arrival = switch (action) {
            case Action.Continue _ -> timeline.continueForward(points.stops());
            case Action.Step _ -> timeline.stepForward(1, points.stops());
            case Action.StepRange(long start, long end) -> stepOutOf(start, end, interruption);
            case Action.Stop _ -> new Arrival.Interrupted();
        };
        return stopped(arrival, console, threadId);
    }

    /** Runs backward: one step or until something stops it. */
    Reply.Stopped backward(boolean step, Consumer<String> console, String threadId) {
        Arrival arrival = step
                ? timeline.stepBackward(1, points.stops())
                : timeline.continueBackward(points.stops());
        return stopped(arrival, console, threadId);
    }

    private Arrival stepOutOf(long start, long end, Interruption interruption) {
        while (true) {
            Arrival arrival = timeline.stepForward(1, points.stops());
            long ip = timeline.machine().linearIp();
            if (!(arrival instanceof Arrival.Stepped) || ip < start || ip >= end) {
                return arrival;
            }
            if (interruption.requested()) {
                return new Arrival.Interrupted();
            }
        }
    }

    private Reply.Stopped stopped(Arrival arrival, Consumer<String> console, String threadId) {
        return switch (arrival) {
            case Arrival.Stepped _ -> stopped(SIGTRAP, new StopCause.Plain(), threadId);
            case Arrival.Breakpoint(long address) -> stopped(SIGTRAP, breakpoint(address), threadId);
            case Arrival.Watchpoint(Watch watch, long address, boolean _) ->
                    stopped(SIGTRAP, new StopCause.Watchpoint(type(watch), address), threadId);
            case Arrival.Crossing(Event event) -> crossed(event, console, threadId);
            case Arrival.StartOfHistory _ -> stopped(SIGTRAP, new StopCause.HistoryBegin(), threadId);
            case Arrival.EndOfHistory _ -> stopped(SIGTRAP, new StopCause.HistoryEnd(), threadId);
            case Arrival.PoweredOff _, Arrival.Shutdown _, Arrival.Idle _ -> {
                // Not an exit (W): gdb would forget the process, and with it the way back.
                console.accept("[" + Arrivals.describe(arrival) + "]\n");
                yield stopped(SIGTRAP, new StopCause.HistoryEnd(), threadId);
            }
            case Arrival.Interrupted _ -> stopped(SIGINT, new StopCause.Plain(), threadId);
        };
    }

    private Reply.Stopped crossed(Event event, Consumer<String> console, String threadId) {
        if (!points.isCaughtSystemCall(event)) {
            console.accept("[" + Events.line(event) + "]\n");
            return stopped(SIGTRAP, new StopCause.Plain(), threadId);
        }
        long number = event.systemCall();
        return stopped(SIGTRAP,
                event.isEntry() ? new StopCause.SyscallEntry(number) : new StopCause.SyscallReturn(number), threadId);
    }

    private StopCause breakpoint(long address) {
        return points.breakpointType(address) == PointType.HARDWARE_BREAKPOINT
                ? new StopCause.HardwareBreakpoint()
                : new StopCause.SoftwareBreakpoint();
    }

    private static PointType type(Watch watch) {
        return switch (watch.access()) {
            case READ -> PointType.READ_WATCHPOINT;
            case WRITE -> PointType.WRITE_WATCHPOINT;
            case ACCESS -> PointType.ACCESS_WATCHPOINT;
        };
    }

    private Reply.Stopped stopped(int signal, StopCause cause, String threadId) {
        List<Reply.ExpeditedRegister> values = expedited.stream()
                .map(n -> new Reply.ExpeditedRegister(n, registers.value(n)))
                .toList();
        return new Reply.Stopped(signal, cause, values, threadId);
    }
}
