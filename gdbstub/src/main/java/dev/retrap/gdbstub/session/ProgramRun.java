package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.session.Signals.Signal;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.util.Optional;

/**
 * Movements of the user program, as ptrace(2) makes them: what the kernel does for it happens within one of its steps, a
 * signal stops it where it strikes.
 */
final class ProgramRun {
    private static final int SIGNALLED = 128;

    private final Timeline timeline;
    private final Inferiors inferiors;
    private final Run run;
    private final Signals signals;
    private final long start;
    /** The signal that made the last movement stop. */
    private Optional<Signal> signal = Optional.empty();
    /** Position of the exit to the handler of the signal told of last. */
    private long told = -1;

    ProgramRun(Timeline timeline, Inferiors inferiors, Run run, long start) {
        this.timeline = timeline;
        this.inferiors = inferiors;
        this.run = run;
        this.start = start;
        this.signals = new Signals(timeline);
    }

    /** The signal that stopped the last movement forward, once. */
    Optional<Signal> signal() {
        Optional<Signal> now = signal;
        signal = Optional.empty();
        return now;
    }

    // ---- forward ------------------------------------------------------------------------------------------------

    Arrival run(Motion.Client client) {
        Arrival arrival = run.overCommands(this::runOn, client);
        return arrival instanceof Arrival.Watchpoint ? settled(arrival) : arrival;
    }

    private Arrival runOn() {
        while (timeline.position() < timeline.end()) {
            Optional<Signal> next = signals.next(Math.max(timeline.position(), told + 1));
            long limit = next.map(s -> s.delivered() + 1).orElse(timeline.end());
            if (limit <= timeline.position()) {
                break;
            }
            Arrival arrival = timeline.stepForward(limit - timeline.position(), inferiors.stops());
            if (!(arrival instanceof Arrival.Stepped)) {
                return arrival;
            }
            if (next.isPresent()) {
                return stopAt(next.get());
            }
        }
        Arrival arrival = timeline.continueForward(inferiors.stopsAnd(signals.deliveries()));
        if (arrival instanceof Arrival.Crossing(Event e) && !inferiors.isCaughtSystemCall(e)) {
            Optional<Signal> delivered = signals.next(e.position());
            if (delivered.isPresent() && delivered.get().delivered() == e.position()) {
                return stopAt(delivered.get());
            }
        }
        return arrival;
    }

    private Arrival stopAt(Signal s) {
        signal = Optional.of(s);
        told = s.delivered();
        return timeline.seek(s.position());
    }

    Arrival stepOutOf(long from, long to, Motion.Client client) {
        while (true) {
            Arrival arrival = step(client);
            long ip = timeline.machine().linearIp();
            if (!(arrival instanceof Arrival.Stepped) || signal.isPresent()
                    || Long.compareUnsigned(ip, from) < 0 || Long.compareUnsigned(ip, to) >= 0) {
                return arrival;
            }
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
    }

    /** One instruction of the program. */
    Arrival step(Motion.Client client) {
        if (!run.inUserMode()) {
            return out(inferiors.stops());
        }
        while (true) {
            Machine machine = timeline.machine();
            long ip = machine.get(Reg.RIP);
            long sp = machine.get(Reg.RSP);
            boolean instruction = !interruptedNext();
            Arrival arrival = timeline.stepForward(1, inferiors.stops());
            boolean entered = !run.inUserMode();
            Arrival back = entered ? settled(arrival) : arrival;
            if (signal.isPresent() || !(back instanceof Arrival.Stepped)) {
                return back;
            }
            // A page fault or an interrupt in between is none of the program's steps.
            boolean again = entered && machine.get(Reg.RIP) == ip && machine.get(Reg.RSP) == sp && !instruction;
            if (!again) {
                return back;
            }
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
    }

    /** True if what comes next is no instruction of the program, but an interrupt or a fault. */
    private boolean interruptedNext() {
        return timeline.event().map(e -> e.isEntry() && !e.isSystemCallEntry()).orElse(timeline.atLiveHead());
    }

    /** After a movement that left the machine in the kernel: on to user mode, what was found on the way is kept. */
    private Arrival settled(Arrival arrival) {
        boolean goesOn = arrival instanceof Arrival.Stepped || arrival instanceof Arrival.Watchpoint;
        if (run.inUserMode() || !goesOn) {
            return arrival;
        }
        Arrival out = out(arrival instanceof Arrival.Stepped ? inferiors.stops() : StopSet.NONE);
        return out instanceof Arrival.Stepped && arrival instanceof Arrival.Watchpoint ? arrival : out;
    }

    private Arrival out(StopSet stops) {
        long from = timeline.position();
        Arrival arrival = timeline.continueForward(Inferiors.with(stops, e -> e.toUser()));
        if (arrival instanceof Arrival.Crossing(Event e) && e.toUser()) {
            Optional<Signal> delivered = signals.next(e.position());
            if (delivered.isPresent() && delivered.get().delivered() == e.position() && e.position() != told
                    && delivered.get().position() <= from) {
                return stopAt(delivered.get());
            }
            return inferiors.isCaughtSystemCall(e) && stops != StopSet.NONE ? arrival : new Arrival.Stepped();
        }
        if (arrival instanceof Arrival.Watchpoint) {
            Arrival rest = out(StopSet.NONE);
            return rest instanceof Arrival.Stepped ? arrival : rest;
        }
        return arrival;
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    /** True if the status with which the machine was switched off is that of a signal, not one the program gave. */
    boolean endedBySignal(int status) {
        Optional<Event> entry = Context.lastEntry(timeline, timeline.position());
        boolean exits = entry.filter(Event::isSystemCallEntry).map(Event::systemCall).filter(ProgramRun::exits).isPresent();
        return status > SIGNALLED && status <= SIGNALLED + 64 && !exits;
    }

    /** exit and exit_group, i386 and x86-64. */
    private static boolean exits(long number) {
        return number == 1 || number == 252 || number == 60 || number == 231;
    }

    /** Goes to where the signal struck that ended the program. */
    Signal fatal(int number) {
        Signal s = signals.fatal(timeline.position(), number).orElseThrow();
        timeline.seek(s.position());
        return s;
    }

    // ---- backward -----------------------------------------------------------------------------------------------

    Arrival runBack(Motion.Client client) {
        told = -1;
        return bounded(run.overCommands(() -> timeline.continueBackward(inferiors.stops()), client));
    }

    Arrival stepBack() {
        told = -1;
        boolean inKernel = !run.inUserMode();
        Arrival arrival = inKernel ? back(new Arrival.Stepped()) : timeline.stepBackward(1, inferiors.stops());
        while (true) {
            arrival = bounded(arrival);
            if (!(arrival instanceof Arrival.Stepped)) {
                return arrival;
            }
            // Before an interrupt or a fault the program stands where it stands after it.
            if (inKernel || !interruptedNext() || timeline.position() == start) {
                return arrival;
            }
            arrival = timeline.stepBackward(1, inferiors.stops());
        }
    }

    /** After a movement backward: out of the kernel by where it was entered, and not before the program's start. */
    private Arrival bounded(Arrival arrival) {
        boolean settles = arrival instanceof Arrival.Stepped || arrival instanceof Arrival.Watchpoint;
        Arrival there = settles && !run.inUserMode() ? back(arrival) : arrival;
        if (timeline.position() < start) {
            timeline.seek(start);
            return new Arrival.StartOfHistory();
        }
        return there;
    }

    private Arrival back(Arrival found) {
        Arrival arrival = timeline.continueBackward(Inferiors.with(StopSet.NONE, Event::fromUser));
        return arrival instanceof Arrival.Crossing ? found : arrival;
    }
}
