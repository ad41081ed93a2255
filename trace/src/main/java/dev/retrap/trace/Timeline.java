package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A run of a machine that one can go back and forth in: a {@linkplain #replay recording}, or a {@linkplain #live
 * running guest} with all of its past.
 *
 * <p>Going back is restoring a checkpoint and running forward. History is fixed: re-executing it feeds the recorded
 * inputs at their positions and shows the guest's output to nobody again. At the head of a live timeline the guest
 * makes new history.
 *
 * <p>Not thread-safe: one thread at a time, except {@link #interrupt()}.
 */
public final class Timeline implements AutoCloseable {
    /** Bytes of RAM pages that checkpoints in memory may take, unless told otherwise. */
    public static final long DEFAULT_BUDGET = 256L << 20;
    /** Name of the line of history that a timeline begins with. */
    public static final String MAIN = "main";

    /** A line of history that is not the present one. */
    private record Line(Head head, Recording recording, List<Input> inputs, long position) {}

    private final Machine machine;
    private final Travel travel;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private String line = MAIN;
    /** Null for a recording. */
    private Head head;
    private Recording recording;
    private MachineObserver listener;
    private Function<String, Path> branchFiles;
    private final Crew crew;
    private volatile boolean interruptRequested;

    private Timeline(Machine machine, BootImage image, long budget, Recording recording, Head head) {
        this.machine = machine;
        this.recording = recording;
        this.head = head;
        travel = new Travel(machine, budget, this::stored, recording == null ? List.of() : recording.inputs());
        MachineConfig config = machine.config();
        crew = new Crew(() -> new Replayer(Machine.boot(config, image), travel.inputs),
                Runtime.getRuntime().availableProcessors() - 1, () -> interruptRequested);
    }

    /**
     * A timeline over a recording, standing at its start. The recording stays the caller's to close.
     */
    public static Timeline replay(Recording recording) {
        return replay(recording, DEFAULT_BUDGET);
    }

    /** The same with a bound on the memory that checkpoints take, in bytes. */
    public static Timeline replay(Recording recording, long budget) {
        Machine machine = Machine.boot(recording.config(), recording.bootImage());
        return new Timeline(machine, recording.bootImage(), budget, recording, null);
    }

    /**
     * A timeline over a guest that is about to start, live. With a recorder, which becomes the timeline's to close,
     * everything is recorded; without one, the past is kept in a temporary file.
     *
     * @throws IOException if the temporary file cannot be written
     */
    public static Timeline live(MachineConfig config, BootImage image, Recorder recorderOrNull) throws IOException {
        return live(config, image, recorderOrNull, DEFAULT_BUDGET);
    }

    /** The same with a bound on the memory that checkpoints take, in bytes. */
    public static Timeline live(MachineConfig config, BootImage image, Recorder recorderOrNull, long budget)
            throws IOException {
        Machine machine = Machine.boot(config, image);
        Head head = recorderOrNull == null
                ? Head.temporary(machine, config, image)
                : new Head(machine, recorderOrNull, null);
        return new Timeline(machine, image, budget, null, head);
    }

    /** The same with states stored at another distance, a power of two. */
    static Timeline live(MachineConfig config, BootImage image, Recorder recorder, long budget, long stride) {
        Machine machine = Machine.boot(config, image);
        return new Timeline(machine, image, budget, null, new Head(machine, recorder, null, stride));
    }

    private Recording stored() {
        return head == null ? recording : head.viewIfAny();
    }

    /** The machine at the current position, for reading its state; the timeline alone moves or changes it. */
    public Machine machine() {
        return machine;
    }

    /** The history so far. Of a live timeline: everything up to its head, brought up to date by this call. */
    public Recording recording() {
        return head == null ? recording : head.view();
    }

    /** Where we are. */
    public long position() {
        return machine.position();
    }

    /** First position of the history. */
    public long start() {
        return 0;
    }

    /** Last position of the history: the end of the recording, or the live head. */
    public long end() {
        return head == null ? recording.endPosition() : head.position();
    }

    /** True if the guest can make new history at the head. */
    public boolean isLive() {
        return head != null;
    }

    /** True at {@link #end()} of a live timeline: what is done here is new history. */
    public boolean atLiveHead() {
        return isLive() && position() == end();
    }

    /**
     * Goes to a position of the history.
     *
     * @return {@link Arrival.Stepped}, or {@link Arrival.Interrupted} somewhere on the way
     * @throws HistoryException unless it is between {@link #start()} and {@link #end()}
     */
    public Arrival seek(long position) {
        if (position < start() || position > end()) {
            throw new HistoryException("position " + position + " is not in the history, which goes from " + start()
                    + " to " + end());
        }
        return movement(() -> go(position, new Arrival.Stepped()));
    }

    /**
     * Goes to an event: to the state just before its crossing step.
     *
     * @throws HistoryException if there is no such event, or if re-execution does not agree with it
     */
    public Arrival seekEvent(long index) {
        Recording r = recording();
        if (index < 0 || index >= r.eventCount()) {
            throw new HistoryException("no event " + index + ": the history has "
                    + (r.eventCount() == 0 ? "none" : "events 0 to " + (r.eventCount() - 1)));
        }
        Event event = r.event(index);
        Arrival a = seek(event.position());
        if (a instanceof Arrival.Stepped) {
            Divergence.check(machine, event);
        }
        return a;
    }

    /** The event whose crossing step comes next, if the machine stands before one and it is history. */
    public Optional<Event> event() {
        return position() < end() ? recording().eventAt(position()) : Optional.empty();
    }

    /**
     * Makes steps forward; breakpoints do not stop it.
     *
     * @param n how many, at least 1
     */
    public Arrival stepForward(long n) {
        return stepForward(n, StopSet.NONE);
    }

    /** Makes steps forward and stops early at one of {@code stops}. */
    public Arrival stepForward(long n, StopSet stops) {
        return movement(() -> forward(limit(n), stops));
    }

    private long limit(long n) {
        if (n < 1) {
            throw new IllegalArgumentException("steps must be at least 1: " + n);
        }
        return n > Long.MAX_VALUE - position() ? Long.MAX_VALUE : position() + n;
    }

    /**
     * Takes steps back; breakpoints do not stop it.
     *
     * @param n how many, at least 1
     */
    public Arrival stepBackward(long n) {
        return stepBackward(n, StopSet.NONE);
    }

    /** Takes steps back and stops early at one of {@code stops}. */
    public Arrival stepBackward(long n, StopSet stops) {
        limit(n);
        long to = position() - n;
        return movement(() -> to < start()
                ? backward(start(), stops, new Arrival.StartOfHistory())
                : backward(to, stops, new Arrival.Stepped()));
    }

    /**
     * Runs forward until one of {@code stops} or an end. A breakpoint at the current position does not count. A live
     * timeline runs on past the head; an event that it stops at there has no probes in it yet, see {@link #recording}.
     */
    public Arrival continueForward(StopSet stops) {
        return movement(() -> forward(Long.MAX_VALUE, stops));
    }

    /**
     * Runs backward until one of {@code stops} or the start. A breakpoint at the current position does not count; the
     * one arrived at is about to be executed. A watched access, or an event, that one arrives at has just been undone.
     */
    public Arrival continueBackward(StopSet stops) {
        return movement(() -> backward(start(), stops, new Arrival.StartOfHistory()));
    }

    /** Questions to the history. */
    public Queries queries() {
        return new Queries(this, travel, crew);
    }

    /** Answers a question and goes back to where we are. */
    <T> T query(Queries.Question<T> question) {
        long here = position();
        recording();
        leaveHead(-1);
        T answer = null;
        boolean broken = interruptRequested;
        try {
            answer = broken ? null : question.answer();
        } catch (Search.InterruptedSearch e) {
            broken = true;
        } finally {
            broken |= backTo(here);
        }
        if (broken) {
            throw new InterruptedQueryException();
        }
        return answer;
    }

    /** Goes back to where a question was asked, whatever comes; true if it was interrupted, then or before. */
    private boolean backTo(long here) {
        boolean interrupted = false;
        do {
            interrupted |= interruptRequested;
            clearInterrupt();
        } while (go(here, new Arrival.Stepped()) instanceof Arrival.Interrupted);
        interrupted |= interruptRequested;
        clearInterrupt();
        return interrupted;
    }

    /**
     * The first event at or after a position that passes a filter.
     *
     * @throws InterruptedQueryException after {@link #interrupt()}, likewise the following
     */
    public Optional<Event> nextEvent(long position, Predicate<Event> filter) {
        return look(() -> recording().findForward(position, patient(filter)));
    }

    /** The last event before a position that passes a filter. */
    public Optional<Event> lastEvent(long position, Predicate<Event> filter) {
        return look(() -> recording().findBackward(position, patient(filter)));
    }

    /** Shows events {@code from <= index < to} in order. */
    public void eachEvent(long from, long to, Consumer<Event> each) {
        Predicate<Event> look = patient(e -> {
            each.accept(e);
            return true;
        });
        look(() -> {
            recording().events(from, to).forEachRemaining(look::test);
            return null;
        });
    }

    /** A look through the events, in which nothing moves. */
    private <T> T look(Supplier<T> events) {
        try {
            return events.get();
        } catch (InterruptedLook e) {
            clearInterrupt();
            throw new InterruptedQueryException();
        }
    }

    /** A movement of the machine that can be interrupted. */
    private interface Movement {
        Arrival go();
    }

    /** An interrupt came while events were looked through. */
    private static final class InterruptedLook extends RuntimeException {
        private static final long serialVersionUID = 1;

        InterruptedLook() {
            super(null, null, false, false);
        }
    }

    /** The same filter, which an interrupt ends. */
    private Predicate<Event> patient(Predicate<Event> filter) {
        return e -> {
            if (interruptRequested) {
                throw new InterruptedLook();
            }
            return filter.test(e);
        };
    }

    private Arrival movement(Movement m) {
        try {
            return interruptRequested ? new Arrival.Interrupted() : m.go();
        } catch (InterruptedLook e) {
            return new Arrival.Interrupted();
        } finally {
            clearInterrupt();
        }
    }

    private Arrival go(long position, Arrival whenThere) {
        leaveHead(position);
        Stop stop = travel.to(position);
        if (stop instanceof Stop.Interrupted) {
            return new Arrival.Interrupted();
        }
        if (!(stop instanceof Stop.Reached)) {
            throw Divergence.at(machine, stop);
        }
        return whenThere;
    }

    /** The recorder hears nothing of what happens before the head. */
    private void leaveHead(long destination) {
        if (head != null && destination < head.position()) {
            head.detach();
        }
    }

    // ------------------------------------------------------------------ forward

    private Arrival forward(long limit, StopSet stops) {
        long from = position();
        if (position() < end()) {
            Arrival a = forwardInHistory(Math.min(limit, end()), stops);
            if (a != null) {
                return a;
            }
        }
        if (position() == limit) {
            return atLimit(stops);
        }
        return head == null ? endOfRecording() : live(limit, stops, from);
    }

    private Arrival endOfRecording() {
        return switch (recording.endStatus()) {
            case EndStatus.PoweredOff(int status) -> new Arrival.PoweredOff(status);
            case EndStatus.Shutdown(String report) -> new Arrival.Shutdown(report);
            default -> new Arrival.EndOfHistory();
        };
    }

    /** Runs within the history, at least a step; null if nothing stopped it before {@code limit}. */
    private Arrival forwardInHistory(long limit, StopSet stops) {
        leaveHead(position());
        Optional<Event> event = stops.crossings().flatMap(f -> recording().findForward(position(), patient(f)))
                .filter(e -> e.position() < limit);
        long until = event.map(e -> e.position() + 1).orElse(limit);
        if (!stops.breakpoints().isEmpty() || !stops.watches().isEmpty()) {
            try {
                Sighting.Hit hit = search(stops).first(position(), until, position());
                if (hit != null && !(event.isPresent() && hit.position() == until)) {
                    return go(hit.position(), hit.arrival());
                }
            } catch (Search.InterruptedSearch e) {
                return new Arrival.Interrupted();
            }
        }
        Arrival there = go(until, new Arrival.Stepped());
        if (!(there instanceof Arrival.Stepped)) {
            return there;
        }
        return event.isPresent() ? new Arrival.Crossing(event.get()) : null;
    }

    private Search search(StopSet stops) {
        return new Search(travel, crew, recording(), stops);
    }

    private Arrival atLimit(StopSet stops) {
        return stops.breaksHere(machine)
                ? new Arrival.Breakpoint(machine.linearIp())
                : new Arrival.Stepped();
    }

    private Arrival live(long limit, StopSet stops, long skip) {
        head.attach();
        head.start();
        travel.arm(stops, Sighting.first(stops));
        machine.stopAtCrossings(stops.crossings().isPresent());
        try {
            while (position() < limit) {
                if (interruptRequested) {
                    return new Arrival.Interrupted();
                }
                if (head.waits()) {
                    continue;
                }
                head.typed().ifPresent(this::apply);
                Stop stop = head.run(Math.min(limit, head.nextPause()), skip);
                Arrival a = liveArrival(stop, stops);
                if (head.checkpointDue()) {
                    Snapshot state = machine.snapshot();
                    head.checkpoint(state);
                    travel.keep(state, position());
                }
                if (a != null) {
                    return a;
                }
            }
        } finally {
            machine.stopAtCrossings(false);
        }
        return atLimit(stops);
    }

    private Arrival liveArrival(Stop stop, StopSet stops) {
        return switch (stop) {
            case Stop.Reached() -> null;
            case Stop.Breakpoint(long address) -> new Arrival.Breakpoint(address);
            case Stop.Watchpoint(var watch, long address, boolean write) ->
                new Arrival.Watchpoint(watch, address, write);
            case Stop.Crossed() -> {
                Event e = head.lastEvent();
                boolean wanted = stops.crossings().isPresent() && stops.crossings().get().test(e);
                yield wanted ? new Arrival.Crossing(e) : null;
            }
            case Stop.Interrupted() -> new Arrival.Interrupted();
            case Stop.PoweredOff(int status) -> new Arrival.PoweredOff(status);
            case Stop.Shutdown(String report) -> new Arrival.Shutdown(report);
            case Stop.Idle() -> head.hasTyped() ? null : new Arrival.Idle();
        };
    }

    // ------------------------------------------------------------------ backward

    private Arrival backward(long lower, StopSet stops, Arrival atLower) {
        long from = position();
        if (from == start()) {
            return new Arrival.StartOfHistory();
        }
        Optional<Event> event = stops.crossings().flatMap(f -> recording().findBackward(from, patient(f)))
                .filter(e -> e.position() >= lower);
        long earliest = event.map(Event::position).orElse(lower);
        leaveHead(earliest);
        if (from - earliest == 1 && stops.watches().isEmpty()) {
            // What debuggers do most: nothing to search for.
            Arrival a = go(earliest, event.isPresent() ? new Arrival.Crossing(event.get()) : atLower);
            return a == atLower && stops.breaksHere(machine) ? new Arrival.Breakpoint(machine.linearIp()) : a;
        }
        if (!stops.breakpoints().isEmpty() || !stops.watches().isEmpty()) {
            try {
                Sighting.Hit hit = search(stops).last(earliest, from);
                if (hit != null) {
                    return go(hit.position(), hit.arrival());
                }
            } catch (Search.InterruptedSearch e) {
                return new Arrival.Interrupted();
            }
        }
        return go(earliest, event.isPresent() ? new Arrival.Crossing(event.get()) : atLower);
    }

    /** Makes the current movement (or the next, if there is none) end with {@link Arrival.Interrupted}; any thread. */
    public void interrupt() {
        interruptRequested = true;
        crew.interrupt();
        machine.interrupt();
    }

    /** Forgets an {@link #interrupt()} that no movement has seen yet. */
    public void clearInterrupt() {
        interruptRequested = false;
        machine.clearInterrupt();
    }

    // ------------------------------------------------------------------ new history

    /**
     * Whether a live guest's time passes no faster than the wall clock's: for guests that someone sits before. Off at
     * first: a guest that waits for a timer then waits as briefly as the machine can run.
     */
    public void setPaced(boolean on) {
        if (head != null) {
            head.setPaced(on);
        }
    }

    /** Whom to tell about the guest's console output and the like, new history only; null for nobody. */
    public void setListener(MachineObserver listener) {
        this.listener = listener;
        if (head != null) {
            head.setListener(listener);
        }
    }

    /**
     * Bytes for the guest's console, typed now; they arrive at the live head, soon if the guest runs there, else as
     * soon as it does. Any thread.
     *
     * @throws HistoryException if the timeline is not live
     */
    public void consoleInput(byte[] bytes) {
        if (head == null) {
            throw new HistoryException("a recording takes no console input");
        }
        head.type(bytes);
    }

    /**
     * Writes a register at the live head; the recording remembers it as an input.
     *
     * @throws HistoryException elsewhere, unless that {@linkplain #setBranchFiles starts a branch}
     * @throws IllegalArgumentException if this register cannot be written
     */
    public void writeRegister(Reg register, long value) {
        write(position -> new Input.RegisterWrite(position, register, value));
    }

    /**
     * Writes memory at the live head; the recording remembers it as an input.
     *
     * @return bytes written, less than all if an unmapped page comes first
     * @throws HistoryException elsewhere, unless that {@linkplain #setBranchFiles starts a branch}
     */
    public int writeMemory(long linear, byte[] bytes) {
        int mapped = machine.read(linear, new byte[bytes.length], 0, bytes.length);
        if (mapped > 0 || bytes.length == 0) {
            byte[] written = Arrays.copyOf(bytes, mapped);
            write(position -> new Input.MemoryWrite(position, linear, written));
        }
        return mapped;
    }

    /**
     * Replaces x87/SSE state at the live head from an FXSAVE image; the recording remembers it as an input.
     *
     * @throws HistoryException elsewhere, unless that {@linkplain #setBranchFiles starts a branch}
     */
    public void writeFx(byte[] image) {
        write(position -> new Input.FxWrite(position, image.clone()));
    }

    private void write(Function<Long, Input> input) {
        if (!atLiveHead()) {
            if (branchFiles == null) {
                throw new HistoryException(head == null
                        ? "a recording is not changed: registers and memory can be written at the head of a live guest, "
                                + "or in a branch"
                        : "history is not changed: go to the live head (position " + end() + ") to write, or branch off");
            }
            String name = "branch-1";
            for (int n = 2; lines().contains(name); n++) {
                name = "branch-" + n;
            }
            try {
                branch(name, branchFiles.apply(name));
            } catch (IOException e) {
                throw new HistoryException(e.getMessage());
            }
        }
        apply(input.apply(position()));
    }

    // ------------------------------------------------------------------ branches

    /**
     * From now on writing registers or memory in the past starts a branch by itself, named {@code branch-1} and so on.
     *
     * @param files the file for a branch's name; null: such writing is refused
     */
    public void setBranchFiles(Function<String, Path> files) {
        branchFiles = files;
    }

    /** Names of the lines of history: {@link #MAIN} and the branches made since. */
    public List<String> lines() {
        List<String> names = new ArrayList<>(lines.keySet());
        if (!names.contains(line)) {
            names.add(line);
        }
        return names;
    }

    /** Name of the line of history that we are in. */
    public String line() {
        return line;
    }

    /**
     * Starts a branch here and enters it: a live head with the history up to here as its past, in a recording of its own
     * that takes over the stored chunks of the one that we are in. That one stays as it is, and can be
     * {@linkplain #enter entered} again.
     *
     * @param name of the branch, not in use yet
     * @param file for its recording; an existing one is replaced
     * @throws HistoryException if the name is in use
     * @throws IOException if the file cannot be written; the message is one line for the user
     */
    public void branch(String name, Path file) throws IOException {
        if (name.isBlank() || lines().contains(name)) {
            throw new HistoryException(name.isBlank() ? "a branch needs a name" : "there is a branch " + name);
        }
        Recording from = recording();
        if (Files.exists(file) && Files.isSameFile(file, from.file())) {
            throw new HistoryException(file + " is the recording that is to be branched off");
        }
        long fork = position();
        BranchPoint point = BranchPoint.of(from, fork);
        Recorder recorder = Recorder.branch(file, from, point,
                new Branch(name, from.file().getFileName().toString(), fork));
        leaveHead(-1);
        crew.close();
        lines.put(line, new Line(head, recording, List.copyOf(travel.inputs), fork));
        travel.become(travel.inputs.stream().filter(i -> i.position() <= fork).toList(), fork);
        reached(travel.start(point.position()));
        recorder.attach(machine);
        int logged = point.inputs();
        while (true) {
            while (logged < travel.inputs.size() && travel.inputs.get(logged).position() <= position()) {
                recorder.input(travel.inputs.get(logged++));
            }
            if (position() == fork) {
                break;
            }
            long next = logged < travel.inputs.size() ? travel.inputs.get(logged).position() : fork;
            reached(travel.forward(next, -1));
        }
        line = name;
        recording = null;
        head = Head.branch(machine, recorder);
        head.setListener(listener);
        head.view();
    }

    private void reached(Stop stop) {
        if (!(stop instanceof Stop.Reached)) {
            throw Divergence.at(machine, stop);
        }
    }

    /**
     * Enters a line of history, at the position where it was left.
     *
     * @throws HistoryException if there is none of that name
     */
    public void enter(String name) {
        if (name.equals(line)) {
            return;
        }
        Line to = lines.get(name);
        if (to == null) {
            throw new HistoryException("no branch " + name + ": there are " + String.join(", ", lines()));
        }
        leaveHead(-1);
        crew.close();
        lines.put(line, new Line(head, recording, List.copyOf(travel.inputs), position()));
        line = name;
        head = to.head();
        recording = to.recording();
        travel.become(to.inputs(), start());
        clearInterrupt();
        reached(travel.start(to.position()));
    }

    private void apply(Input input) {
        input.applyTo(machine);
        travel.made(input);
        head.log(input);
    }

    /** Ends the timeline; of a live one, also the recording, and those of branches. */
    @Override
    public void close() throws IOException {
        crew.close();
        if (head != null) {
            head.close();
        }
        lines.remove(line);
        for (Line other : lines.values()) {
            if (other.head() != null) {
                other.head().close();
            }
        }
    }
}
