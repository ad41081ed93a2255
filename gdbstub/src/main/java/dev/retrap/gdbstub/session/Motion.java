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
import java.util.function.Supplier;

/** Moves the timeline for {@code vCont}, {@code bs}, {@code bc}, and says in the protocol's words where it came to. */
final class Motion {
    private static final int SIGINT = 2;
    private static final int SIGTRAP = 5;

    private final Timeline timeline;
    private final StopPoints points;
    private final Registers registers;
    private final List<Integer> expedited;
    private SignalInfo signalInfo = SignalInfo.NONE;
    /** Position of the breakpoint that was reported last; -1 if something else was. */
    private long reportedAt = -1;
    private int endSignal = SIGTRAP;

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
        if (points.breaksAt(machine) && machine.position() != reportedAt) {
            // A breakpoint instruction here would trap at once. gdb takes it out first to step over it, but not one
            // whose commands it could not compile: that has been told of once.
            List<AgentExpression> commands = points.commandsAt(machine);
            if (commands.isEmpty()) {
                return stopped(SIGTRAP, breakpoint(machine.linearIp()), threadId);
            }
            commands.forEach(c -> c.run(machine, console));
        }
        Arrival arrival = switch (action) {
            case Action.Continue _ -> run(() -> timeline.continueForward(points.stops()), interruption, console);
            case Action.Step _ -> timeline.stepForward(1, points.stops());
            case Action.StepRange(long start, long end) -> stepOutOf(start, end, interruption);
            case Action.Stop _ -> new Arrival.Interrupted();
        };
        return stopped(arrival, console, threadId);
    }

    /** Runs backward: one step or until something stops it. */
    Reply.Stopped backward(boolean step, Interruption interruption, Consumer<String> console, String threadId) {
        Arrival arrival = step
                ? timeline.stepBackward(1, points.stops())
                : run(() -> timeline.continueBackward(points.stops()), interruption, console);
        return stopped(arrival, console, threadId);
    }

    /** Runs on over breakpoints that have commands, and runs those. */
    private Arrival run(Supplier<Arrival> motion, Interruption interruption, Consumer<String> console) {
        while (true) {
            Arrival arrival = motion.get();
            List<AgentExpression> commands = arrival instanceof Arrival.Breakpoint
                    ? points.commandsAt(timeline.machine())
                    : List.of();
            if (commands.isEmpty()) {
                return arrival;
            }
            commands.forEach(c -> c.run(timeline.machine(), console));
            if (interruption.requested()) {
                return new Arrival.Interrupted();
            }
        }
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
            case Arrival.StartOfHistory _ -> stopped(endSignal, new StopCause.HistoryBegin(), threadId);
            case Arrival.EndOfHistory _ -> stopped(endSignal, new StopCause.HistoryEnd(), threadId);
            case Arrival.PoweredOff _, Arrival.Shutdown _, Arrival.Idle _ -> {
                // Not an exit (W): gdb would forget the process, and with it the way back.
                console.accept("[" + Arrivals.describe(arrival) + "]\n");
                yield stopped(endSignal, new StopCause.HistoryEnd(), threadId);
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

    private static boolean isBreakpoint(StopCause cause) {
        return cause instanceof StopCause.SoftwareBreakpoint || cause instanceof StopCause.HardwareBreakpoint;
    }

    /** Why it stands where it stands. */
    SignalInfo signalInfo() {
        return signalInfo;
    }

    private SignalInfo signalInfo(int signal, StopCause cause) {
        return switch (cause) {
            case StopCause.SoftwareBreakpoint _ -> new SignalInfo(signal, SignalInfo.SI_KERNEL, 0);
            case StopCause.HardwareBreakpoint _ ->
                    new SignalInfo(signal, SignalInfo.TRAP_HWBKPT, timeline.machine().linearIp());
            case StopCause.Watchpoint(var _, long address) -> new SignalInfo(signal, SignalInfo.TRAP_HWBKPT, address);
            default -> signal == SIGTRAP
                    ? new SignalInfo(signal, SignalInfo.TRAP_TRACE, timeline.machine().linearIp())
                    : new SignalInfo(signal, 0, 0);
        };
    }

    /** LLDB knows no ends of history: it would take a step that goes nowhere again and again. */
    void forLldb() {
        endSignal = SIGINT;
    }

    private Reply.Stopped stopped(int signal, StopCause cause, String threadId) {
        signalInfo = signalInfo(signal, cause);
        reportedAt = isBreakpoint(cause) ? timeline.position() : -1;
        List<Reply.ExpeditedRegister> values = expedited.stream()
                .map(n -> new Reply.ExpeditedRegister(n, registers.value(n)))
                .toList();
        return new Reply.Stopped(signal, cause, values, threadId);
    }
}
