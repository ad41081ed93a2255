package dev.retrap.repl.debug;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.EndStatus;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Moves along the timeline, passes over hits that do not count, and says why it stopped. */
final class Motion {
    /** Which way. */
    enum Direction { FORWARD, BACKWARD }

    private final Debugger debugger;
    /** First error in a condition during the current movement. */
    private String conditionError;
    /** Contents of watched memory when the current movement began. */
    private final Map<Integer, Long> watchedBefore = new TreeMap<>();

    Motion(Debugger debugger) {
        this.debugger = debugger;
    }

    /** Runs until something stops it. */
    void run(Direction direction) {
        move(direction, stops -> direction == Direction.FORWARD
                ? timeline().continueForward(stops)
                : timeline().continueBackward(stops), UnaryOperator.identity());
        debugger.showPlace();
    }

    /** Makes {@code n} steps; breakpoints stop it earlier. */
    void step(Direction direction, long n) {
        long from = timeline().position();
        travel(direction, direction == Direction.FORWARD ? add(from, n) : Math.max(from - n, -1));
        debugger.showPlace();
    }

    private static long add(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** Goes to a position of history, past breakpoints; {@code null} arrival means it is where we are. */
    void seek(long position) {
        Timeline t = timeline();
        if (position < t.start() || position > t.end()) {
            throw new Trouble("Position " + position + " is outside of the recording, which has "
                    + t.start() + " to " + t.end() + ".");
        }
        report(t.seek(position));
    }

    /**
     * Steps until a position, which may be -1 for one step before the start; breakpoints stop it earlier.
     *
     * @return true if it got there
     */
    private boolean travel(Direction direction, long target) {
        return move(direction, stops -> {
            long distance = direction == Direction.FORWARD
                    ? target - timeline().position()
                    : timeline().position() - target;
            if (distance <= 0) {
                return new Arrival.Stepped();
            }
            return direction == Direction.FORWARD
                    ? timeline().stepForward(distance, stops)
                    : timeline().stepBackward(distance, stops);
        }, UnaryOperator.identity());
    }

    /** One leg of a movement: goes on until one of the stops. */
    @FunctionalInterface
    private interface Leg {
        Arrival go(StopSet stops);
    }

    /**
     * Moves leg by leg until a stop that counts, and reports it.
     *
     * @param extra adds stops of the command's own; arriving at one of those is no news
     * @return true if the movement ended as the command meant it, false if something else stopped it
     */
    private boolean move(Direction direction, Leg leg, UnaryOperator<StopSet> extra) {
        conditionError = null;
        rememberWatched();
        while (true) {
            Arrival arrival = leg.go(extra.apply(debugger.breakpoints().stops(this::holds)));
            if (debugger.interrupted()) {
                report(new Arrival.Interrupted());
                return false;
            }
            switch (arrival) {
                case Arrival.Stepped s -> {
                    return true;
                }
                case Arrival.Breakpoint b -> {
                    List<Breakpoint> here = debugger.breakpoints().at(b.address());
                    List<Breakpoint> counting = counting(here);
                    if (!counting.isEmpty()) {
                        announce(counting);
                        return false;
                    }
                    if (extra.apply(StopSet.NONE).breakpoints().contains(b.address()) && ownStop(extra, b.address())) {
                        return true;
                    }
                }
                case Arrival.Watchpoint w -> {
                    List<Breakpoint> counting = counting(debugger.breakpoints().on(w.watch()));
                    if (!counting.isEmpty()) {
                        announce(counting);
                        counting.forEach(x -> describeAccess(direction, x, w));
                        return false;
                    }
                    rememberWatched();
                }
                case Arrival.Crossing c -> {
                    List<Breakpoint> counting = counting(debugger.breakpoints().on(c.event()));
                    if (!counting.isEmpty()) {
                        announce(counting);
                        out().println(debugger.events().line(c.event()));
                        return false;
                    }
                }
                default -> {
                    report(arrival);
                    return false;
                }
            }
        }
    }

    private boolean ownStop(UnaryOperator<StopSet> extra, long address) {
        Predicate<Machine> condition = extra.apply(StopSet.NONE).conditions().get(address);
        return condition == null || condition.test(debugger.machine());
    }

    /** Those whose condition holds and whose ignore count is used up; all of them count as hit. */
    private List<Breakpoint> counting(List<Breakpoint> candidates) {
        List<Breakpoint> counting = new ArrayList<>();
        for (Breakpoint b : candidates) {
            if (holds(b, debugger.machine())) {
                b.hits++;
                if (b.ignore > 0) {
                    b.ignore--;
                } else {
                    counting.add(b);
                }
            }
        }
        return counting;
    }

    /** A condition that cannot be evaluated stops, as in gdb. */
    private boolean holds(Breakpoint b, Machine machine) {
        if (b.condition == null) {
            return true;
        }
        try {
            MachineScope scope = new MachineScope(machine, debugger.symbols(), debugger.values()::get);
            return b.condition.evaluate(scope).isTrue();
        } catch (ExprException e) {
            if (conditionError == null) {
                conditionError = "Error in testing condition for breakpoint " + b.number + ": " + e.getMessage();
            }
            return true;
        }
    }

    private void announce(List<Breakpoint> hit) {
        if (conditionError != null) {
            out().println(conditionError);
        }
        for (Breakpoint b : hit) {
            String kind = b.temporary ? "temporary " + b.kind() : b.kind();
            out().println(Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + " " + b.number + ", " + b.text);
            debugger.breakpoints().stoppedAt(b);
            if (b.temporary) {
                debugger.breakpoints().delete(b.number);
            }
        }
    }

    private void rememberWatched() {
        watchedBefore.clear();
        for (Breakpoint b : debugger.breakpoints().all()) {
            Long value = watched(b);
            if (value != null) {
                watchedBefore.put(b.number, value);
            }
        }
    }

    private Long watched(Breakpoint b) {
        if (b.where instanceof Breakpoint.Where.Memory m && m.type() != null) {
            try {
                return debugger.scope().read(m.watch().address(), m.type().size());
            } catch (ExprException e) {
                return null;
            }
        }
        return null;
    }

    /** Says which access it was, with the values before and after it in the order of time. */
    private void describeAccess(Direction direction, Breakpoint b, Arrival.Watchpoint w) {
        boolean undone = direction == Direction.BACKWARD;
        StringBuilder sb = new StringBuilder(undone ? "about to " : "").append(w.write() ? "write" : "read")
                .append(" at ").append(debugger.symbols().format(w.address()));
        Long now = watched(b);
        Long then = watchedBefore.get(b.number);
        if (now != null && w.write() && then != null) {
            long before = undone ? now : then;
            long after = undone ? then : now;
            sb.append(": ").append(hex(b, before)).append(" -> ").append(hex(b, after));
            sb.append(before == after ? " (unchanged)" : "");
        } else if (now != null) {
            sb.append(": ").append(hex(b, now));
        }
        out().println(sb);
    }

    private String hex(Breakpoint b, long value) {
        Watch watch = ((Breakpoint.Where.Memory) b.where).watch();
        return Format.number(value, (int) Math.min(watch.length(), 8), 'z', debugger.symbols());
    }

    /** Says why a movement came to an end, where that is not what was asked for. */
    private void report(Arrival arrival) {
        String text = switch (arrival) {
            case Arrival.Stepped s -> null;
            case Arrival.StartOfHistory s -> "No more reverse-execution history: this is the start of the recording.";
            case Arrival.EndOfHistory e -> "No more history: this is the end of the recording ("
                    + end(debugger.recording().endStatus()) + ").";
            case Arrival.PoweredOff p -> "The guest powered off with status " + p.status()
                    + "; the recording ends here.";
            case Arrival.Shutdown s -> "The processor shut down: " + s.report() + "; the recording ends here.";
            case Arrival.Idle i -> "The guest has halted and waits for console input.";
            case Arrival.Interrupted i -> "Interrupted.";
            case Arrival.Breakpoint b -> null;
            case Arrival.Watchpoint w -> null;
            case Arrival.Crossing c -> null;
        };
        if (text != null) {
            out().println(text);
        }
    }

    private String end(EndStatus status) {
        return debugger.recording().truncation().orElseGet(status::describe);
    }

    // ------- commands that step over calls -------

    /**
     * One instruction; a call, a system call or an interrupt is passed over as a whole.
     *
     * @return true if it got there, false if something else stopped it
     */
    boolean next() {
        Timeline t = timeline();
        while (t.position() < t.end()) {
            Event event = debugger.recording().eventAt(t.position()).orElse(null);
            if (event != null && event.isEntry()) {
                if (event.pair() < 0) {
                    return travel(Direction.FORWARD, add(t.end(), 1));
                }
                if (!travel(Direction.FORWARD, debugger.recording().event(event.pair()).position() + 1)) {
                    return false;
                }
                // An interrupt came before the instruction; the instruction itself is still to run.
                if (event.kind() == Crossing.Kind.INTERRUPT || event.kind() == Crossing.Kind.NMI) {
                    continue;
                }
                return true;
            }
            Insn insn = debugger.code().at(debugger.machine().linearIp());
            if (insn == null || !Flow.isCall(insn)) {
                return travel(Direction.FORWARD, t.position() + 1);
            }
            long after = debugger.machine().linearIp() + insn.length;
            long stack = debugger.machine().get(Reg.RSP);
            return runTo(Direction.FORWARD, after, m -> Long.compareUnsigned(m.get(Reg.RSP), stack) >= 0);
        }
        return travel(Direction.FORWARD, add(t.end(), 1));
    }

    /** One instruction back; a call that has returned, a system call or an interrupt is passed over as a whole. */
    boolean previous() {
        Timeline t = timeline();
        if (!travel(Direction.BACKWARD, t.position() - 1)) {
            return false;
        }
        Event event = debugger.recording().eventAt(t.position()).orElse(null);
        if (event != null && !event.isEntry()) {
            return event.pair() < 0
                    || travel(Direction.BACKWARD, debugger.recording().event(event.pair()).position());
        }
        Machine m = debugger.machine();
        Insn insn = debugger.code().at(m.linearIp());
        if (insn == null || !Flow.isReturn(insn)) {
            return true;
        }
        int word = m.codeMode().bits() == 64 ? 8 : 4;
        long stack = m.get(Reg.RSP);
        return backToCall(debugger.scope().read(stack, word), stack + word);
    }

    /**
     * Runs on until an address is reached in a state.
     *
     * @param when tells the state
     */
    boolean runTo(Direction direction, long address, Predicate<Machine> when) {
        return runTo(direction, new TreeSet<>(List.of(address)), when);
    }

    /** Runs until the frame below a caller has returned to it, or the kernel entry has. */
    boolean finish(Frame caller) {
        Event entry = caller.crossing();
        if (entry != null) {
            return entry.pair() < 0
                    ? travel(Direction.FORWARD, add(timeline().end(), 1))
                    : travel(Direction.FORWARD, debugger.recording().event(entry.pair()).position() + 1);
        }
        return runTo(Direction.FORWARD, caller.ip(),
                m -> Long.compareUnsigned(m.get(Reg.RSP), caller.stackPointer()) >= 0);
    }

    /** Goes back to the call, or the entry, that led from a caller to the frame below it. */
    boolean reverseFinish(Frame caller) {
        return caller.crossing() != null
                ? travel(Direction.BACKWARD, caller.crossing().position())
                : backToCall(caller.ip(), caller.stackPointer());
    }

    private boolean runTo(Direction direction, TreeSet<Long> addresses, Predicate<Machine> when) {
        UnaryOperator<StopSet> extra = stops -> {
            TreeSet<Long> all = new TreeSet<>(stops.breakpoints());
            all.addAll(addresses);
            StopSet merged = new StopSet(all, stops.watches(), stops.crossings(), stops.conditions());
            for (long a : addresses) {
                Predicate<Machine> users = stops.conditions().get(a);
                if (!stops.breakpoints().contains(a)) {
                    merged = merged.withCondition(a, when);
                } else if (users != null) {
                    merged = merged.withCondition(a, users.or(when));
                }
            }
            return merged;
        };
        return move(direction, stops -> direction == Direction.FORWARD
                ? timeline().continueForward(stops)
                : timeline().continueBackward(stops), extra);
    }

    /**
     * Goes back to the call instruction that returns to an address.
     *
     * @param returnAddress the instruction after it
     * @param stack the stack pointer before it
     */
    boolean backToCall(long returnAddress, long stack) {
        TreeSet<Long> candidates = new TreeSet<>();
        for (int length = 2; length <= Flow.LONGEST_CALL; length++) {
            candidates.add(returnAddress - length);
        }
        return runTo(Direction.BACKWARD, candidates, m -> {
            if (m.get(Reg.RSP) != stack) {
                return false;
            }
            Insn insn = m.decodeAt(m.linearIp());
            return insn != null && Flow.isCall(insn) && m.linearIp() + insn.length == returnAddress;
        });
    }

    private Timeline timeline() {
        return debugger.timeline();
    }

    private PrintWriter out() {
        return debugger.out();
    }
}
