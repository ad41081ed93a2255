package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.View;
import dev.retrap.gdbstub.guest.ElfSegments;
import dev.retrap.gdbstub.guest.GuestFiles;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.guest.Task;
import dev.retrap.gdbstub.guest.Tasks;
import dev.retrap.gdbstub.rsp.ThreadId;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The processes that a session can see at the timeline's position, their threads, which of them the client is attached
 * to, and who has the processor. Processes of the guest become inferiors when they are first asked for.
 */
final class Inferiors {
    private final Timeline timeline;
    private final View view;
    private final Views views;
    private final Optional<Tasks> tasks;
    private final GuestFiles files;
    private final Optional<Inferior> first;
    /** By the protocol's number. */
    private final Map<Long, Inferior> programs = new TreeMap<>();
    private final Set<Long> attached = new TreeSet<>();
    private final Optional<Life> life;
    /** Positions at which the client was told of them. */
    private final Map<Long, Long> births = new TreeMap<>();
    private boolean tellsBeginnings;

    /** Those of a view; the client is attached to the first: the processor, the kernel, or the program. */
    Inferiors(Timeline timeline, View view, Views views, Optional<Tasks> tasks, GuestFiles files) {
        this.timeline = timeline;
        this.view = view;
        this.views = views;
        this.tasks = tasks;
        this.files = files;
        this.first = views.first(view);
        this.life = tasks.filter(_ -> view != View.FLAT).map(t -> new Life(timeline, t));
        attachAnew();
    }

    View view() {
        return view;
    }

    // ---- processes ----------------------------------------------------------------------------------------------

    /** The protocol's number of a process or thread of the guest: in the split view the kernel has the first. */
    long pid(long process) {
        return files.pid(process);
    }

    private Inferior program(long process) {
        return programs.computeIfAbsent(pid(process), pid -> views.program(pid, process,
                files.contents(executable(process), timeline.machine(), Optional.empty())));
    }

    /** Those that the client is attached to, by number. */
    List<Inferior> attached() {
        return all().stream().filter(i -> attached.contains(i.pid())).toList();
    }

    private List<Inferior> all() {
        List<Inferior> all = new ArrayList<>();
        first.ifPresent(all::add);
        all.addAll(programs.values());
        return all;
    }

    /** Numbers of the processes that one could attach to now. */
    List<Long> processes() {
        Set<Long> pids = new TreeSet<>();
        first.ifPresent(f -> pids.add(f.pid()));
        if (view != View.FLAT) {
            pids.add(pid(GuestProgram.PID));
            all(timeline.machine()).forEach(t -> pids.add(pid(t.tgid())));
        }
        return List.copyOf(pids);
    }

    /** True if one of them has 64-bit addresses. */
    boolean isWide() {
        return all().stream().anyMatch(i -> i.description().wordBytes() == 8);
    }

    /** Attaches to the first if there is none. */
    void attachAnew() {
        if (attached.isEmpty()) {
            attach(first.orElseGet(() -> program(GuestProgram.PID)));
        }
    }

    /** A process that there is now, or that the client has seen. */
    Optional<Inferior> ofProcess(long pid) {
        Optional<Inferior> known = all().stream().filter(i -> i.pid() == pid).findFirst();
        return known.isPresent() || !processes().contains(pid) ? known : Optional.of(program(files.process(pid)));
    }

    void attach(Inferior inferior) {
        attached.add(inferior.pid());
    }

    boolean isAttached(long pid) {
        return attached.contains(pid);
    }

    void detach(Inferior inferior) {
        inferior.points().clear();
        attached.remove(inferior.pid());
    }

    void detachAll() {
        all().forEach(this::detach);
    }

    /** Forgets where to stop. */
    void clearPoints() {
        all().forEach(i -> i.points().clear());
    }

    /** The user program whose system calls are meant if a request does not say whose. */
    Inferior program() {
        return attached().stream().filter(Inferior::isProgram).findFirst().orElseGet(() -> attached().isEmpty()
                ? all().getFirst()
                : attached().getFirst());
    }

    /** The auxiliary vector of a program that is not the first, or not any more the first one. */
    Optional<byte[]> auxiliaryVector(Inferior inferior) {
        return files.auxiliaryVector(inferior.process(), timeline.machine());
    }

    /** Path of the program file of a process. */
    String file(Inferior inferior) {
        if (!inferior.isProgram()) {
            return view == View.FLAT ? files.program() : GuestProgram.KERNEL_PATH;
        }
        return executable(inferior.process());
    }

    private String executable(long process) {
        return all(timeline.machine()).stream().filter(t -> t.tgid() == process && !t.executable().isEmpty())
                .map(Task::executable).findFirst().orElse(files.program());
    }

    // ---- their lives --------------------------------------------------------------------------------------------

    /**
     * What has happened to a process that the client is attached to.
     *
     * @param thread its thread that did it
     */
    record Told(Life.Turn turn, InferiorThread thread) {}

    /** True if this view can tell of forks and the like. */
    boolean knowsLives() {
        return life.isPresent();
    }

    /** Whether the client wants to be told of them. */
    void tellBeginnings(boolean on) {
        tellsBeginnings = on;
    }

    /** What the event that a run forward has just come over tells of a process that the client is attached to. */
    Optional<Told> told(Event event) {
        if (!tellsBeginnings || life.isEmpty() || timeline.position() != event.position() + 1) {
            return Optional.empty();
        }
        Life.Turn turn = life.get().turn(event);
        Optional<Task> task = turn instanceof Life.Turn.Vforked
                ? current().flatMap(child -> tasks.flatMap(t -> t.parent(timeline.machine(), child)))
                : current();
        return turn == null ? Optional.empty() : running(task).map(thread -> new Told(turn, thread));
    }

    /** The next event of the history that may be told of. */
    Optional<Event> nextBeginning(long position) {
        return tellsBeginnings ? life.flatMap(l -> l.next(position)) : Optional.empty();
    }

    /** A child that an attached process has made, which the client is attached to as well from now on. */
    Inferior born(long process, Inferior parent) {
        Inferior child = program(process);
        child.points().addAll(parent.points());
        births.put(child.pid(), timeline.position());
        attach(child);
        return child;
    }

    /** Position from which on a process is known to the client; 0 for the first. */
    long birth(Inferior inferior) {
        return births.getOrDefault(inferior.pid(), 0L);
    }

    /** A process runs another program: it is another inferior, in a memory without breakpoints. */
    InferiorThread executed(InferiorThread thread) {
        Inferior before = thread.inferior();
        programs.remove(before.pid());
        Inferior now = program(before.process());
        now.points().addCatches(before.points());
        return new InferiorThread(now, thread.id(), thread.task());
    }

    /** The process that ends where the machine stands, if the client is attached to it. The first ends the machine. */
    Optional<Inferior> ending() {
        return life.filter(l -> isEnd(l, timeline.machine()))
                .map(l -> programs.get(pid(l.ending(timeline.machine()))))
                .filter(_ -> first.filter(f -> f.points().breaksAt(timeline.machine())).isEmpty());
    }

    private boolean isEnd(Life l, Machine machine) {
        if (l.end().isEmpty() || machine.linearIp() != l.end().getAsLong()) {
            return false;
        }
        long process = l.ending(machine);
        return process > GuestProgram.PID && attached.contains(pid(process));
    }

    // ---- threads ------------------------------------------------------------------------------------------------

    private List<Task> all(Machine machine) {
        return tasks.map(t -> t.all(machine)).orElse(List.of());
    }

    /** The task that the processor works for; empty if the kernel's tasks are unknown, or there are none yet. */
    Optional<Task> current() {
        return tasks.flatMap(t -> t.current(timeline.machine()));
    }

    /** The tasks of all programs, whoever is attached. */
    List<Task> tasks() {
        return all(timeline.machine());
    }

    /** The threads of a process now. The first program has one at least, also before it has begun. */
    List<InferiorThread> threads(Inferior inferior) {
        List<InferiorThread> threads = new ArrayList<>();
        if (inferior.isProgram()) {
            for (Task t : all(timeline.machine())) {
                if (t.tgid() == inferior.process()) {
                    threads.add(thread(inferior, t));
                }
            }
        }
        if (threads.isEmpty() && inferior.process() <= GuestProgram.PID) {
            threads.add(new InferiorThread(inferior, new ThreadId(inferior.pid(), inferior.pid()), 0));
        }
        return threads;
    }

    private InferiorThread thread(Inferior inferior, Task task) {
        return new InferiorThread(inferior, new ThreadId(inferior.pid(), pid(task.pid())), task.pid());
    }

    /** Those of all processes that the client is attached to. */
    List<InferiorThread> threads() {
        return attached().stream().flatMap(i -> threads(i).stream()).toList();
    }

    /** True if a thread, of a process that the client is attached to, exists now. */
    boolean isThere(InferiorThread thread) {
        return threads().stream().anyMatch(t -> t.id().equals(thread.id()));
    }

    /** The first thread that an id covers: the running one if it does. */
    Optional<InferiorThread> find(ThreadId id) {
        if (attached.isEmpty()) {
            return Optional.empty();
        }
        InferiorThread running = running();
        return id.covers(running.id())
                ? Optional.of(running)
                : threads().stream().filter(t -> id.covers(t.id())).findFirst();
    }

    /** Who has the processor; of those that the client is attached to. */
    InferiorThread running() {
        boolean program = view == View.USER || view == View.SPLIT && timeline.machine().get(Reg.CPL) == 3;
        List<Inferior> candidates = attached.isEmpty() ? all() : attached();
        Optional<Task> current = current();
        Optional<InferiorThread> running = program && current.isPresent()
                ? running(current)
                : candidates.stream().filter(i -> i.isProgram() == program).findFirst().flatMap(this::firstThread);
        return running.or(() -> candidates.stream().flatMap(i -> threads(i).stream()).findFirst())
                .orElseGet(() -> new InferiorThread(candidates.getFirst(),
                        new ThreadId(candidates.getFirst().pid(), candidates.getFirst().pid()), 0));
    }

    private Optional<InferiorThread> firstThread(Inferior inferior) {
        return threads(inferior).stream().findFirst();
    }

    private Optional<InferiorThread> running(Optional<Task> task) {
        return task.flatMap(t -> Optional.ofNullable(programs.get(pid(t.tgid())))
                .filter(i -> attached.contains(i.pid())).map(i -> thread(i, t)));
    }

    /** A thread's registers. */
    Registers registers(InferiorThread thread) {
        if (!thread.inferior().isProgram()) {
            return thread.inferior().registers();
        }
        return thread.inferior().registers().of(() -> tasks.filter(_ -> thread.task() != 0)
                .flatMap(t -> SavedContext.of(timeline, t, thread.task()))
                .orElseGet(() -> SavedContext.of(timeline)));
    }

    /**
     * Address of a thread-local variable of a thread's program; empty if the program has none.
     *
     * @param offset in the program's thread-local storage
     */
    OptionalLong threadLocal(InferiorThread thread, long offset) {
        ElfSegments program = files.contents(file(thread.inferior()), timeline.machine(), Optional.empty())
                .map(ElfSegments::of).orElse(null);
        if (program == null || program.threadLocal() == 0) {
            return OptionalLong.empty();
        }
        boolean wide = thread.inferior().description().wordBytes() == 8;
        long pointer = registers(thread).get(wide ? Reg.FS_BASE : Reg.GS_BASE);
        return OptionalLong.of(pointer - program.threadLocal() + offset & thread.inferior().description().addressMask());
    }

    /** What a thread is called. */
    String name(InferiorThread thread) {
        String file = file(thread.inferior());
        return all(timeline.machine()).stream().filter(t -> t.pid() == thread.task()).map(Task::command).findFirst()
                .orElse(file.substring(file.lastIndexOf('/') + 1));
    }

    /** What a thread is at, in a few words. */
    String state(InferiorThread thread) {
        Machine machine = timeline.machine();
        String state = "CPL " + machine.get(Reg.CPL);
        if (thread.inferior().isProgram()) {
            boolean user = machine.get(Reg.CPL) == 3;
            state = thread.is(current()) ? user ? "runs" : "in the kernel" : "waits";
            if (view == View.SPLIT && thread.task() != 0) {
                state = "pid %d, %s".formatted(thread.task(), state);
            }
        }
        return "position %d, %s".formatted(timeline.position(), state);
    }

    /** Reads memory as a process sees it; bytes read, less than all if an unmapped page comes first. */
    int read(Inferior inferior, long address, byte[] into) {
        Machine machine = timeline.machine();
        Optional<Task> other = inferior.isProgram() && !isCurrent(inferior)
                ? all(machine).stream().filter(t -> t.tgid() == inferior.process()).findFirst()
                : Optional.empty();
        return other.isPresent()
                ? machine.readOf(other.get().addressSpace(), address, into, 0, into.length)
                : machine.read(address, into, 0, into.length);
    }

    /** True if the processor works for that process, or for any that it could be. */
    boolean isCurrent(Inferior inferior) {
        return tasks.isEmpty() || !inferior.isProgram() || current().isEmpty()
                || current().get().tgid() == inferior.process();
    }

    // ---- where to stop ------------------------------------------------------------------------------------------

    /** The thread that a watchpoint has stopped. */
    InferiorThread owner(Watch watch) {
        return attached().stream().filter(i -> i.points().watches(watch) && isCurrent(i)).findFirst()
                .flatMap(i -> i.isProgram() ? running(current()).or(() -> firstThread(i)) : firstThread(i))
                .orElseGet(this::running);
    }

    /** The thread that a system call has stopped. */
    InferiorThread caller() {
        return view == View.FLAT ? running() : running(current())
                .or(() -> firstThread(program())).orElseGet(this::running);
    }

    boolean isCaughtSystemCall(Event event) {
        return all().stream().anyMatch(i -> i.points().isCaughtSystemCall(event));
    }

    /** True if a run has come to something that happened to a process that the client is not attached to. */
    boolean isForeign(Arrival arrival) {
        if (tasks.isEmpty() || view == View.FLAT) {
            return false;
        }
        return switch (arrival) {
            case Arrival.Watchpoint(Watch watch, long _, boolean _) ->
                    attached().stream().noneMatch(i -> i.points().watches(watch) && isCurrent(i));
            case Arrival.Crossing(Event e) when isBeginning(e) && !isCaughtSystemCall(e) && !isCaughtEvent(e) ->
                    told(e).isEmpty();
            case Arrival.Crossing(Event e) when isCaughtSystemCall(e) && !isCaughtEvent(e) ->
                    attached().stream().noneMatch(i -> i.isProgram() && isCurrent(i));
            default -> false;
        };
    }

    /** Stops at these events as well; empty for none. */
    void catchEvents(Optional<Predicate<Event>> filter) {
        all().getFirst().points().catchEvents(filter);
    }

    private boolean isCaughtEvent(Event event) {
        return all().getFirst().points().isCaughtEvent(event);
    }

    /** What any of them wants to stop at. */
    StopSet stops() {
        List<Inferior> all = all();
        if (all.size() == 1) {
            return all.getFirst().points().stops();
        }
        Set<Long> breakpoints = new TreeSet<>();
        List<Watch> watches = new ArrayList<>();
        Map<Long, Predicate<Machine>> conditions = new TreeMap<>();
        Optional<Predicate<Event>> crossings = Optional.empty();
        for (Inferior i : all) {
            StopSet own = i.points().stops();
            breakpoints.addAll(own.breakpoints());
            watches.addAll(own.watches());
            // All of them have a scope, so there is a condition for every breakpoint.
            own.conditions().forEach((address, condition) -> conditions.merge(address, condition, Predicate::or));
            crossings = crossings.isEmpty() ? own.crossings() : crossings.map(c -> own.crossings().map(c::or).orElse(c));
        }
        return new StopSet(breakpoints, watches, crossings, conditions);
    }

    private boolean isBeginning(Event e) {
        return tellsBeginnings && life.isPresent() && life.get().mayBegin(e);
    }

    /** What a run forward is to stop at: also the ends of processes. */
    StopSet stopsForward() {
        StopSet stops = stops();
        OptionalLong end = life.map(Life::end).orElse(OptionalLong.empty());
        if (end.isEmpty() || attached().stream().noneMatch(i -> i.process() > GuestProgram.PID)) {
            return stops;
        }
        long address = end.getAsLong();
        Predicate<Machine> ends = m -> isEnd(life.get(), m);
        Predicate<Machine> own = stops.conditions().get(address);
        if (stops.breakpoints().contains(address)) {
            return own == null ? stops : stops.withCondition(address, own.or(ends));
        }
        Set<Long> breakpoints = new TreeSet<>(stops.breakpoints());
        breakpoints.add(address);
        return new StopSet(breakpoints, stops.watches(), stops.crossings(), stops.conditions())
                .withCondition(address, ends);
    }

    /** What a run forward past the live head is to stop at: also the beginnings, which are not known there. */
    StopSet stopsAtHead() {
        return tellsBeginnings && life.isPresent() ? with(stopsForward(), life.get()::mayBegin) : stopsForward();
    }

    /** That, and at some events. */
    StopSet stopsAnd(Predicate<Event> events) {
        return with(stops(), events);
    }

    static StopSet with(StopSet stops, Predicate<Event> events) {
        return stops.withCrossings(stops.crossings().map(c -> c.or(events)).orElse(events));
    }
}
