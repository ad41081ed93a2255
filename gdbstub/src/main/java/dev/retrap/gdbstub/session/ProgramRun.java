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
 * Movements of the user program, as ptrace(2) makes them: what the kernel does for it, and what other processes do
 * meanwhile, happens within one of its steps; a signal stops it where it strikes. While one thread steps, the others run.
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

    private Inferior program() {
        return inferiors.program();
    }

    // ---- forward ------------------------------------------------------------------------------------------------

    Arrival run(Motion.Client client) {
        Arrival arrival = run.overCommands(() -> runOn(client), client);
        return arrival instanceof Arrival.Watchpoint ? settled(arrival, inferiors.running(), client) : arrival;
    }

    private Arrival runOn(Motion.Client client) {
        while (timeline.position() < timeline.end()) {
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
            Optional<Signal> next = signals.next(Math.max(timeline.position(), told + 1));
            long limit = next.map(s -> s.delivered() + 1).orElse(timeline.end());
            if (limit <= timeline.position()) {
                break;
            }
            Optional<Event> beginning = inferiors.nextBeginning(timeline.position()).filter(e -> e.position() + 1 < limit);
            long to = beginning.map(e -> e.position() + 1).orElse(limit);
            Arrival arrival = timeline.stepForward(to - timeline.position(), inferiors.stopsForward());
            if (!(arrival instanceof Arrival.Stepped)) {
                return arrival;
            }
            if (beginning.isPresent()) {
                return new Arrival.Crossing(beginning.get());
            }
            if (next.isPresent()) {
                if (run.isIn(program())) {
                    return stopAt(next.get());
                }
                told = next.get().delivered();
            }
        }
        while (true) {
            Arrival arrival = timeline.continueForward(Inferiors.with(inferiors.stopsAtHead(), signals.deliveries()));
            if (arrival instanceof Arrival.Crossing(Event e) && !inferiors.isCaughtSystemCall(e)) {
                Optional<Signal> delivered = signals.next(e.position());
                if (delivered.isPresent() && delivered.get().delivered() == e.position()) {
                    if (run.isIn(program())) {
                        return stopAt(delivered.get());
                    }
                    if (client.interruption().requested()) {
                        return new Arrival.Interrupted();
                    }
                    continue;
                }
            }
            return arrival;
        }
    }

    private Arrival stopAt(Signal s) {
        signal = Optional.of(s);
        told = s.delivered();
        return timeline.seek(s.position());
    }

    Arrival stepOutOf(long from, long to, InferiorThread thread, Motion.Client client) {
        while (true) {
            Arrival arrival = step(thread, client);
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

    /** One instruction of a thread. */
    Arrival step(InferiorThread thread, Motion.Client client) {
        Machine machine = timeline.machine();
        if (!run.isAt(thread)) {
            Registers before = inferiors.registers(thread);
            long ip = before.get(Reg.RIP);
            boolean inCall = before.origAx() >= 0;
            Arrival out = out(thread, inferiors.stopsForward(), client);
            boolean atIts = out instanceof Arrival.Stepped && signal.isEmpty() && !inCall
                    && machine.get(Reg.RIP) == ip;
            if (!atIts) {
                return out;
            }
            // It waited for its turn: that was no step.
        }
        while (true) {
            long ip = machine.get(Reg.RIP);
            long sp = machine.get(Reg.RSP);
            boolean instruction = !interruptedNext();
            Arrival arrival = timeline.stepForward(1, inferiors.stopsForward());
            boolean entered = !run.isAt(thread);
            Arrival back = entered ? settled(arrival, thread, client) : arrival;
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

    /** After a movement that left the machine elsewhere: on to the thread's user mode; what was found is kept. */
    private Arrival settled(Arrival arrival, InferiorThread thread, Motion.Client client) {
        boolean goesOn = arrival instanceof Arrival.Stepped || arrival instanceof Arrival.Watchpoint
                || inferiors.isForeign(arrival);
        if (run.isAt(thread) || !goesOn) {
            return arrival;
        }
        boolean watched = arrival instanceof Arrival.Watchpoint && !inferiors.isForeign(arrival);
        Arrival out = out(thread, watched ? StopSet.NONE : inferiors.stopsForward(), client);
        return out instanceof Arrival.Stepped && watched ? arrival : out;
    }

    private Arrival out(InferiorThread thread, StopSet stops, Motion.Client client) {
        while (true) {
            long from = timeline.position();
            Arrival arrival = timeline.continueForward(Inferiors.with(stops, e -> e.toUser()));
            if (arrival instanceof Arrival.Crossing(Event e) && e.toUser()) {
                Optional<Signal> delivered = signals.next(e.position())
                        .filter(s -> s.delivered() == e.position() && e.position() != told && run.isIn(program()));
                if (delivered.isPresent() && (delivered.get().position() <= from || !run.isAt(thread))) {
                    return stopAt(delivered.get());
                }
                boolean caught = inferiors.isCaughtSystemCall(e) || inferiors.told(e).isPresent();
                if (caught && stops != StopSet.NONE && !inferiors.isForeign(arrival)) {
                    return arrival;
                }
                if (run.isAt(thread)) {
                    return new Arrival.Stepped();
                }
            } else if (arrival instanceof Arrival.Watchpoint && !inferiors.isForeign(arrival)) {
                Arrival rest = out(thread, StopSet.NONE, client);
                return rest instanceof Arrival.Stepped ? arrival : rest;
            } else if (!inferiors.isForeign(arrival)) {
                return arrival;
            }
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
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
        Arrival arrival = run.overCommands(() -> timeline.continueBackward(inferiors.stops()), client);
        return bounded(arrival, inferiors.running(), client);
    }

    Arrival stepBack(InferiorThread thread, Motion.Client client) {
        told = -1;
        boolean elsewhere = !run.isAt(thread);
        Arrival arrival = elsewhere
                ? back(new Arrival.Stepped(), thread, client)
                : timeline.stepBackward(1, inferiors.stops());
        while (true) {
            arrival = bounded(arrival, thread, client);
            if (!(arrival instanceof Arrival.Stepped)) {
                return arrival;
            }
            // Before an interrupt or a fault the program stands where it stands after it.
            if (elsewhere || !interruptedNext() || timeline.position() == Math.max(start, inferiors.birth(program()))) {
                return arrival;
            }
            arrival = timeline.stepBackward(1, inferiors.stops());
        }
    }

    /** After a movement backward: out of the kernel by where it was entered, and not before the program's start. */
    private Arrival bounded(Arrival arrival, InferiorThread thread, Motion.Client client) {
        boolean settles = arrival instanceof Arrival.Stepped || arrival instanceof Arrival.Watchpoint
                || inferiors.isForeign(arrival);
        Arrival there = settles && !run.isAt(thread) ? back(arrival, thread, client) : arrival;
        long first = Math.max(start, inferiors.birth(program()));
        if (timeline.position() < first) {
            timeline.seek(first);
            return new Arrival.StartOfHistory();
        }
        return there;
    }

    private Arrival back(Arrival found, InferiorThread thread, Motion.Client client) {
        while (true) {
            Arrival arrival = timeline.continueBackward(Inferiors.with(StopSet.NONE, Event::fromUser));
            if (!(arrival instanceof Arrival.Crossing)) {
                return arrival;
            }
            if (run.isAt(thread)) {
                return inferiors.isForeign(found) ? new Arrival.Stepped() : found;
            }
            if (client.interruption().requested()) {
                return new Arrival.Interrupted();
            }
        }
    }
}
