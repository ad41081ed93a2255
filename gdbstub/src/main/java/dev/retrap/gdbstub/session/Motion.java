package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.View;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Reply.StopCause;
import dev.retrap.gdbstub.rsp.Request.Action;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.gdbstub.rsp.ThreadId;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.Timeline;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Moves the timeline for {@code vCont}, {@code bs}, {@code bc}, and says in the protocol's words where it came to. */
final class Motion {
    private static final int SIGINT = 2;
    private static final int SIGTRAP = 5;
    private static final int SIGNALLED = 128;
    /** The signal in a wait status. */
    private static final int SIGNAL_BITS = 0x7f;

    private final Timeline timeline;
    private final Inferiors inferiors;
    private final Run run;
    private final ProgramRun program;
    private SignalInfo signalInfo = SignalInfo.NONE;
    /** Position of the breakpoint that was reported last; -1 if something else was. */
    private long reportedAt = -1;
    private int endSignal = SIGTRAP;
    /** Position at which the program ends by a signal that has been told of; -1 for none. */
    private long fatalAt = -1;
    private InferiorThread reported;

    /** What a movement may need of the session. */
    record Client(Interruption interruption, Consumer<String> console, boolean multiprocess) {}

    Motion(Timeline timeline, Inferiors inferiors, long programStart) {
        this.timeline = timeline;
        this.inferiors = inferiors;
        this.run = new Run(timeline, inferiors);
        this.program = new ProgramRun(timeline, inferiors, run, programStart);
    }

    /** LLDB knows no ends of history: it would take a step that goes nowhere again and again. */
    void forLldb() {
        endSignal = SIGINT;
    }

    /** The thread of the last stop reported. */
    InferiorThread reported() {
        return reported;
    }

    boolean isReported(InferiorThread thread) {
        return reported != null && reported.id().equals(thread.id());
    }

    /** Why it stands where it stands. */
    SignalInfo signalInfo() {
        return signalInfo;
    }

    /** Where we are, as the answer to {@code ?}. */
    Reply.Stopped here(InferiorThread thread, Client client) {
        boolean atEnd = !timeline.isLive() && timeline.position() == timeline.end();
        return stopped(SIGTRAP, atEnd ? new StopCause.HistoryEnd() : new StopCause.Plain(), thread, client);
    }

    /** Stopped where we are, by the client. */
    Reply interrupted(Client client) {
        return stopped(new Arrival.Interrupted(), client);
    }

    /** Runs forward as an action says. */
    Reply forward(Action action, InferiorThread thread, Client client) {
        Machine machine = timeline.machine();
        InferiorThread here = inferiors.running();
        StopPoints points = here.inferior().points();
        if (points.breaksAt(machine) && machine.position() != reportedAt) {
            // A breakpoint instruction here would trap at once. gdb takes it out first to step over it, but not one
            // whose commands it could not compile: that has been told of once.
            List<AgentExpression> commands = points.commandsAt(machine);
            if (commands.isEmpty()) {
                return stopped(SIGTRAP, breakpoint(here, machine.linearIp()), here, client);
            }
            commands.forEach(c -> c.run(machine, client.console()));
        }
        // What was looked up before may have used up an interrupt that the timeline would else see.
        if (action instanceof Action.Stop || client.interruption().requested()) {
            return stopped(new Arrival.Interrupted(), client);
        }
        boolean alone = inferiors.view() == View.USER;
        Arrival arrival = switch (action) {
            case Action.Continue _ -> alone ? program.run(client) : run.forward(client);
            case Action.Step _ when alone -> program.step(thread, client);
            case Action.Step _ -> thread.id().equals(here.id())
                    ? timeline.stepForward(1, inferiors.stops())
                    : run.forwardTo(thread, client);
            case Action.StepRange(long start, long end) -> thread.inferior().isProgram()
                    ? program.stepOutOf(start, end, thread, client)
                    : run.stepOutOf(start, end, client);
            case Action.Stop _ -> new Arrival.Interrupted();
        };
        return program.signal().map(s -> signalled(s, client)).orElseGet(() -> stopped(arrival, client));
    }

    /** Runs backward: one step or until something stops it. */
    Reply backward(boolean step, InferiorThread thread, Client client) {
        if (client.interruption().requested()) {
            return stopped(new Arrival.Interrupted(), client);
        }
        Arrival arrival;
        if (inferiors.view() == View.USER) {
            arrival = step ? program.stepBack(thread, client) : program.runBack(client);
        } else if (!step) {
            arrival = run.backward(client);
        } else {
            arrival = thread.id().equals(inferiors.running().id())
                    ? timeline.stepBackward(1, inferiors.stops())
                    : run.backwardTo(thread, client);
        }
        return stopped(arrival, client);
    }

    private Reply signalled(Signals.Signal signal, Client client) {
        return stoppedBy(signal.info(), client);
    }

    private Reply stoppedBy(SignalInfo info, Client client) {
        Reply reply = stopped(GdbSignals.ofLinux(info.signal()), new StopCause.Plain(), inferiors.running(), client);
        signalInfo = info;
        return reply;
    }

    private Reply stopped(Arrival arrival, Client client) {
        InferiorThread here = inferiors.running();
        return switch (arrival) {
            case Arrival.Stepped _ -> stopped(SIGTRAP, new StopCause.Plain(), here, client);
            case Arrival.Breakpoint _ when inferiors.ending().isPresent() -> ended(inferiors.ending().get(), client);
            case Arrival.Breakpoint(long address) -> stopped(SIGTRAP, breakpoint(here, address), here, client);
            case Arrival.Watchpoint(Watch watch, long address, boolean _) ->
                    stopped(SIGTRAP, new StopCause.Watchpoint(type(watch), address), inferiors.owner(watch), client);
            case Arrival.Crossing(Event event) -> crossed(event, here, client);
            case Arrival.StartOfHistory _ -> stopped(endSignal, new StopCause.HistoryBegin(), here, client);
            case Arrival.EndOfHistory _ -> stopped(endSignal, new StopCause.HistoryEnd(), here, client);
            case Arrival.PoweredOff(int status) when inferiors.view() == View.USER -> exited(status, client);
            case Arrival.PoweredOff _, Arrival.Shutdown _, Arrival.Idle _ -> {
                // Not an exit (W): gdb would forget the process, and with it the way back.
                client.console().accept("[" + Arrivals.describe(arrival) + "]\n");
                yield stopped(endSignal, new StopCause.HistoryEnd(), here, client);
            }
            case Arrival.Interrupted _ -> stopped(SIGINT, new StopCause.Plain(), here, client);
        };
    }

    /** The program has ended, and with it the machine. By a signal: that is told first, where it struck. */
    private Reply exited(int status, Client client) {
        long end = timeline.position();
        boolean bySignal = program.endedBySignal(status);
        if (bySignal && fatalAt != end) {
            fatalAt = end;
            Signals.Signal signal = program.fatal(status - SIGNALLED);
            return stoppedBy(signal.info(), client);
        }
        return bySignal
                ? new Reply.Signalled(GdbSignals.ofLinux(status - SIGNALLED), inferiors.program().pid(), client.multiprocess())
                : new Reply.Exited(status, inferiors.program().pid(), client.multiprocess());
    }

    /** A process that is not the first has ended; the others and the machine go on. */
    private Reply ended(Inferior inferior, Client client) {
        int status = Life.status(timeline.machine());
        inferiors.detach(inferior);
        reportedAt = -1;
        return (status & SIGNAL_BITS) == 0
                ? new Reply.Exited(status >> 8, inferior.pid(), client.multiprocess())
                : new Reply.Signalled(GdbSignals.ofLinux(status & SIGNAL_BITS), inferior.pid(), client.multiprocess());
    }

    private Reply.Stopped begun(Inferiors.Told told, Client client) {
        InferiorThread thread = told.thread();
        return switch (told.turn()) {
            case Life.Turn.Forked(long child) -> stopped(SIGTRAP, forked(child, false, thread), thread, client);
            case Life.Turn.Vforked(long child) -> stopped(SIGTRAP, forked(child, true, thread), thread, client);
            case Life.Turn.VforkDone _ -> stopped(SIGTRAP, new StopCause.VforkDone(), thread, client);
            case Life.Turn.Executed _ -> {
                InferiorThread now = inferiors.executed(thread);
                yield stopped(SIGTRAP, new StopCause.Executed(inferiors.file(now.inferior())), now, client);
            }
        };
    }

    private StopCause forked(long child, boolean vfork, InferiorThread parent) {
        long pid = inferiors.born(child, parent.inferior()).pid();
        return new StopCause.Forked(new ThreadId(pid, pid).toString(), vfork);
    }

    private Reply.Stopped crossed(Event event, InferiorThread here, Client client) {
        Optional<Inferiors.Told> told = inferiors.told(event);
        if (told.isPresent()) {
            return begun(told.get(), client);
        }
        if (!inferiors.isCaughtSystemCall(event)) {
            client.console().accept("[" + Events.line(event) + "]\n");
            return stopped(SIGTRAP, new StopCause.Plain(), here, client);
        }
        long number = event.systemCall();
        return stopped(SIGTRAP,
                event.isEntry() ? new StopCause.SyscallEntry(number) : new StopCause.SyscallReturn(number),
                inferiors.caller(), client);
    }

    private static StopCause breakpoint(InferiorThread thread, long address) {
        return thread.inferior().points().breakpointType(address) == PointType.HARDWARE_BREAKPOINT
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

    private SignalInfo signalInfo(int signal, StopCause cause) {
        return switch (cause) {
            case StopCause.SoftwareBreakpoint _ -> new SignalInfo(signal, SignalInfo.SI_KERNEL, 0);
            case StopCause.HardwareBreakpoint _ ->
                    new SignalInfo(signal, SignalInfo.TRAP_HWBKPT, timeline.machine().linearIp());
            case StopCause.Watchpoint(var _, long address) -> new SignalInfo(signal, SignalInfo.TRAP_HWBKPT, address);
            default -> signal == SIGTRAP
                    ? new SignalInfo(signal, SignalInfo.TRAP_TRACE, timeline.machine().get(Reg.RIP))
                    : new SignalInfo(signal, 0, 0);
        };
    }

    private Reply.Stopped stopped(int signal, StopCause cause, InferiorThread thread, Client client) {
        signalInfo = signalInfo(signal, cause);
        reportedAt = isBreakpoint(cause) ? timeline.position() : -1;
        reported = thread;
        Registers registers = inferiors.registers(thread);
        List<Reply.ExpeditedRegister> values = registers.expedited().stream()
                .map(n -> new Reply.ExpeditedRegister(n, registers.value(n)))
                .toList();
        return new Reply.Stopped(signal, cause, values, thread.id().text(client.multiprocess()));
    }
}
