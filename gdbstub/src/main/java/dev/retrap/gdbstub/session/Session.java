package dev.retrap.gdbstub.session;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.GdbServer;
import dev.retrap.gdbstub.View;
import dev.retrap.gdbstub.guest.GuestFiles;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.guest.Tasks;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Request;
import dev.retrap.gdbstub.rsp.Request.Action;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.gdbstub.rsp.Request.ThreadAction;
import dev.retrap.gdbstub.rsp.ThreadId;
import dev.retrap.trace.HistoryException;
import dev.retrap.trace.InterruptedQueryException;
import dev.retrap.trace.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One client's session: what is done about each {@link Request}. Lives on the machine's thread. Who there is to be seen,
 * is {@link Inferiors}' business.
 */
public final class Session {
    /** Longest packet either side sends, in bytes ({@code PacketSize}). */
    public static final int PACKET_SIZE = 0x20000;
    private static final int EINVAL = 22;
    private static final int ESRCH = 3;
    private static final int EIO = 5;
    private static final List<String> LIVES = List.of("fork-events+", "vfork-events+", "exec-events+");
    private static final int HEX_PIECE = PACKET_SIZE / 2 - 16;
    /** Raw bytes may need an escape each. */
    private static final int RAW_PIECE = PACKET_SIZE / 2 - 64;

    private final Timeline timeline;
    private final Consumer<Reply> replies;
    private final Inferiors inferiors;
    private final Memory memory;
    private final Motion motion;
    private final Transfers transfers;
    private final HostFiles files;
    private final TraceFrames frames;
    private final Monitor monitor;
    private final Lldb lldb;
    private final Supplier<Optional<GuestProgram>> program;
    private boolean multiprocess;
    private boolean errorMessages;
    private boolean extended;
    private boolean exited;
    /** What {@code Hg} and {@code Hc} have chosen. */
    private InferiorThread general;
    /** Null: whichever is chosen for the rest. */
    private InferiorThread resumed;
    private boolean over;
    private final Consumer<String> notices;
    /** The line of history of the last request. */
    private String line;

    /**
     * A session with a client that has just connected.
     *
     * @param options what it is to see, whom to tell
     * @param program finds the guest's program
     * @param replies where replies go, in order
     */
    public Session(Timeline timeline, GdbServer.Options options, Supplier<Optional<GuestProgram>> program,
            Consumer<Reply> replies) {
        View view = options.view();
        BootImage image = timeline.recording().bootImage();
        Optional<Tasks> tasks = Tasks.of(image);
        // In the split view the kernel has the first number.
        GuestFiles guestFiles = new GuestFiles(image, tasks, view == View.SPLIT ? Views.FIRST : 0);
        this.timeline = timeline;
        this.program = program;
        this.replies = replies;
        this.inferiors = new Inferiors(timeline, view, new Views(timeline, tasks, program), tasks, guestFiles);
        this.general = inferiors.running();
        this.memory = new Memory(timeline, inferiors, HEX_PIECE);
        this.motion = new Motion(
                timeline, inferiors, program.get().map(GuestProgram::start).orElse(timeline.start()));
        this.transfers = new Transfers(timeline, program, inferiors, motion::signalInfo,
                new OsData(timeline, inferiors, options.tables()), RAW_PIECE);
        this.lldb = new Lldb(timeline);
        this.files = new HostFiles(timeline, guestFiles, program, RAW_PIECE);
        this.frames = new TraceFrames(timeline);
        this.monitor = new Monitor(timeline, inferiors, frames, program, options.branchFiles());
        this.notices = options.notices();
        this.line = timeline.line();
    }

    /** True once the client has detached or killed the target for good: the connection is to be closed. */
    public boolean isOver() {
        return over;
    }

    /** True if the client takes error texts in every reply. */
    public boolean takesErrorMessages() {
        return errorMessages;
    }

    /** The client is gone: leaves the timeline as if nobody had looked. */
    public void disconnected() {
        inferiors.clearPoints();
        frames.leave();
    }

    /** True if there is no process left to debug: it has exited, or the client has let go of it. */
    public boolean isWithoutProcess() {
        return exited || inferiors.attached().isEmpty();
    }

    /** Serves a request. Never throws: whatever goes wrong is an answer. */
    public void serve(Request request, Interruption interruption) {
        try {
            Reply reply = answer(request, interruption);
            tellOfBranch();
            if (!(reply instanceof Reply.None)) {
                replies.accept(reply);
            }
        } catch (InterruptedQueryException e) {
            replies.accept(request.mayTakeForever()
                    ? moved(motion.interrupted(client(interruption)))
                    : refusal(request, e.getMessage()));
        } catch (HistoryException | IllegalArgumentException | UnsupportedOperationException e) {
            replies.accept(refusal(request, e.getMessage()));
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            replies.accept(refusal(request, "internal error: " + e));
        }
    }

    /** Writing to the past starts a branch by itself; the replies to such packets have no room for that. */
    private void tellOfBranch() {
        if (!timeline.line().equals(line)) {
            line = timeline.line();
            notices.accept("now in branch " + line + ", recorded in " + timeline.recording().file());
        }
    }

    /** An error with its text where gdb can take one: it reads the replies to some packets as hexadecimal. */
    private static Reply refusal(Request request, String text) {
        return switch (request) {
            case Request.ReadMemory _, Request.WriteMemory _, Request.Monitor _ -> new Reply.Error(EIO, text);
            default -> new Reply.Refused(text);
        };
    }

    private Reply answer(Request request, Interruption interruption) {
        return switch (request) {
            case Request.Supported(List<String> features) -> supported(features);
            case Request.MustReplyEmpty _ -> Reply.UNSUPPORTED;
            case Request.StartNoAckMode _, Request.Accepted _, Request.SymbolLookup _ -> Reply.OK;
            case Request.ExtendedMode _ -> {
                extended = true;
                yield Reply.OK;
            }
            case Request.NonStop(boolean on) ->
                    on ? new Reply.Error(EINVAL, "non-stop mode is not supported: there is one processor") : Reply.OK;

            case Request.StopReason _ -> isWithoutProcess()
                    ? new Reply.Text("W00")
                    : moved(motion.here(inferiors.running(), client(interruption)));
            case Request.SelectThread(char operation, ThreadId id) -> select(operation, id);
            case Request.ThreadAlive(ThreadId id) -> find(id).isPresent() ? Reply.OK : noThread(id);
            case Request.CurrentThread _ -> isWithoutProcess()
                    ? Reply.UNSUPPORTED
                    : new Reply.Text("QC" + general.id().text(multiprocess));
            case Request.FirstThreads _ -> isWithoutProcess()
                    ? new Reply.Text("l")
                    : new Reply.Text("m" + inferiors.threads().stream().map(t -> t.id().text(multiprocess))
                            .collect(Collectors.joining(",")));
            case Request.MoreThreads _ -> new Reply.Text("l");
            case Request.ThreadExtraInfo(ThreadId id) -> find(id)
                    .<Reply>map(t -> new Reply.Hex(inferiors.state(t).getBytes(StandardCharsets.UTF_8)))
                    .orElseGet(() -> noThread(id));
            case Request.Attached _ -> new Reply.Text(inferiors.view() == View.USER ? "0" : "1");
            case Request.Detach(long pid) -> leave(pid);
            case Request.KillProcess(long pid) -> leave(pid);
            case Request.Kill _ -> {
                leave(0);
                yield Reply.NONE;
            }
            case Request.Restart _ -> {
                startOver();
                yield Reply.NONE;
            }
            case Request.Run _ -> {
                startOver();
                yield moved(motion.here(inferiors.running(), client(interruption)));
            }
            case Request.Attach(long pid) -> attach(pid, client(interruption));

            case Request.ReadRegisters _ -> new Reply.Hex(registers().block());
            case Request.WriteRegisters(byte[] block) -> {
                registers().writeBlock(block);
                yield Reply.OK;
            }
            case Request.ReadRegister(long number) -> number >= 0 && number < registers().count()
                    ? new Reply.Hex(registers().value((int) number))
                    : new Reply.Error(EINVAL, "no register " + number);
            case Request.WriteRegister(long number, byte[] value) -> {
                if (number < 0 || number >= registers().count()) {
                    yield new Reply.Error(EINVAL, "no register " + number);
                }
                registers().write((int) number, value);
                yield Reply.OK;
            }
            case Request.ReadMemory(long address, long length, boolean binary) ->
                    memory.read(address, length, binary, general.inferior());
            case Request.WriteMemory(long address, byte[] data) -> memory.write(address, data, general.inferior());
            case Request.SearchMemory(long address, long length, byte[] pattern) ->
                    memory.search(address, length, pattern, interruption, general.inferior());
            case Request.ThreadLocalAddress(ThreadId id, long offset, long module) -> threadLocal(id, offset, module);
            case Request.Crc(long address, long length) -> memory.crc(address, length, interruption, general.inferior());

            case Request.InsertPoint insert -> insert(insert);
            case Request.RemovePoint(PointType type, long address, long kind) -> remove(type, address, kind);
            case Request.CatchSyscalls(boolean on, List<Long> numbers) -> {
                inferiors.program().points().catchSystemCalls(on, numbers);
                yield Reply.OK;
            }

            case Request.ResumeSupported _ -> new Reply.Text("vCont;c;C;s;S;r");
            case Request.Resume resume -> resume(resume, interruption);
            case Request.ReverseStep _ -> backward(true, interruption);
            case Request.ReverseContinue _ -> backward(false, interruption);

            case Request.TransferRead transfer when isWithoutProcess() && transfer.object().equals("threads") ->
                    new Reply.Binary("l", Transfers.NO_THREADS.getBytes(StandardCharsets.UTF_8));
            case Request.TransferRead transfer -> transfers.read(transfer, general.inferior());
            case Request.Monitor(String command) -> monitor.execute(command, this::console, errorMessages);
            case Request.FileSystem(long pid) -> files.setFileSystem(pid);
            case Request.FileOpen(String name, long flags) -> files.open(name, flags);
            case Request.FileClose(long descriptor) -> files.close(descriptor);
            case Request.FileRead(long descriptor, long count, long offset) -> files.read(descriptor, count, offset);
            case Request.FileStatus(long descriptor) -> files.status(descriptor);
            case Request.PathStatus(String name) -> files.status(name);
            case Request.ReadLink(String name) -> files.readLink(name);
            case Request.FileChange _ -> files.change();

            case Request.HostInfo _ -> {
                motion.forLldb();
                yield lldb.hostInfo(general.inferior().description());
            }
            case Request.ProcessInfo _ -> isWithoutProcess()
                    ? new Reply.Error(ESRCH, "no process")
                    : lldb.processInfo(general.inferior());
            case Request.MemoryRegionInfo(long address) -> lldb.memoryRegion(address, mask());
            case Request.RegisterInfo(long number) -> lldb.register(number, general.inferior().description());
            case Request.ThreadsInfo _ -> lldb.threads(inferiors.threads().stream()
                    .map(t -> new Lldb.Thread(t.id().tid(), inferiors.name(t), motion.isReported(t)
                            ? motion.signalInfo().signal() : 0)).toList());

            case Request.TraceStatus _ -> new Reply.Text("T0;tnotrun:0");
            case Request.SelectFrame(Request.FrameSelector selector) -> frames.select(selector);

            case Request.Unknown _ -> Reply.UNSUPPORTED;
            case Request.Malformed(String why) -> new Reply.Error(EINVAL, why);
        };
    }

    // ---- handshake ----------------------------------------------------------------------------------------------

    private Reply supported(List<String> features) {
        multiprocess = features.contains("multiprocess+");
        errorMessages = features.contains("error-message+");
        boolean lives = multiprocess && inferiors.knowsLives() && features.containsAll(LIVES);
        inferiors.tellBeginnings(lives);
        return new Reply.Text((lives ? String.join(";", LIVES) + ";" : "") + String.join(";",
                "PacketSize=" + Integer.toHexString(PACKET_SIZE),
                "QStartNoAckMode+",
                "multiprocess+",
                "swbreak+",
                "hwbreak+",
                "vContSupported+",
                "ReverseStep+",
                "ReverseContinue+",
                "ConditionalBreakpoints+",
                "BreakpointCommands+",
                "QCatchSyscalls+",
                "QPassSignals+",
                "QProgramSignals+",
                "binary-upload+",
                "qXfer:features:read+",
                "qXfer:auxv:read+",
                "qXfer:exec-file:read+",
                "qXfer:threads:read+",
                "qXfer:libraries-svr4:read+",
                "qXfer:memory-map:read+",
                "qXfer:siginfo:read+",
                "qXfer:osdata:read+"));
    }

    private Motion.Client client(Interruption interruption) {
        return new Motion.Client(interruption, this::console, multiprocess);
    }

    private Registers registers() {
        return inferiors.registers(general);
    }

    /** Bits that an address has. */
    private long mask() {
        return general.inferior().description().addressMask();
    }

    /** The first thread that an id covers: the running one if it does. */
    private Optional<InferiorThread> find(ThreadId id) {
        return isWithoutProcess() ? Optional.empty() : inferiors.find(id);
    }

    private Reply select(char operation, ThreadId id) {
        if (operation == 'c' && (id.tid() == ThreadId.ALL || id.tid() == ThreadId.ANY)) {
            resumed = null;
            return find(id).isPresent() ? Reply.OK : noThread(id);
        }
        InferiorThread current = operation == 'c' ? resumed() : general;
        // "Any" is not to change what has been chosen: gdb asks qC next.
        Optional<InferiorThread> chosen = inferiors.isThere(current) && id.covers(current.id())
                ? Optional.of(current)
                : find(id);
        if (chosen.isEmpty()) {
            return noThread(id);
        }
        if (operation == 'c') {
            resumed = chosen.get();
        } else {
            general = chosen.get();
        }
        return Reply.OK;
    }

    /** The thread that a movement is for if the request does not say. */
    private InferiorThread resumed() {
        return resumed != null && inferiors.isThere(resumed) ? resumed : general;
    }

    private Reply threadLocal(ThreadId id, long offset, long module) {
        Optional<InferiorThread> thread = find(id);
        if (thread.isEmpty()) {
            return noThread(id);
        }
        OptionalLong address = module == 0 ? inferiors.threadLocal(thread.get(), offset) : OptionalLong.empty();
        return address.isPresent()
                ? new Reply.Text(Long.toHexString(address.getAsLong()))
                : new Reply.Error(EINVAL, "thread-local storage is known of static programs only");
    }

    private Reply noThread(ThreadId id) {
        return new Reply.Error(ESRCH, "no thread " + id + ": there are "
                + inferiors.threads().stream().map(t -> t.id().toString()).collect(Collectors.joining(", ")));
    }

    private Reply attach(long pid, Motion.Client client) {
        Optional<Inferior> inferior = inferiors.ofProcess(pid);
        if (inferior.isEmpty()) {
            return new Reply.Error(ESRCH, "no process " + pid + ": there are "
                    + inferiors.processes().stream().map(Object::toString).collect(Collectors.joining(", ")));
        }
        exited = false;
        inferiors.attach(inferior.get());
        general = inferiors.find(new ThreadId(pid, ThreadId.ANY)).orElseGet(inferiors::running);
        resumed = null;
        return motion.here(general, client);
    }

    /** Lets go of a process, 0 for all; of the last one, of the session. */
    private Reply leave(long pid) {
        Optional<Inferior> inferior = inferiors.ofProcess(pid);
        if (pid != 0 && inferior.isEmpty()) {
            return new Reply.Error(ESRCH, "no process " + pid);
        }
        inferior.ifPresentOrElse(inferiors::detach, inferiors::detachAll);
        if (inferiors.attached().isEmpty()) {
            disconnected();
            over = !extended;
        } else {
            general = inferiors.running();
            resumed = null;
        }
        return Reply.OK;
    }

    /** Back to the program's first instruction, or to power-on if it has none yet. */
    private void startOver() {
        frames.leave();
        exited = false;
        inferiors.attachAnew();
        general = inferiors.running();
        resumed = null;
        timeline.seek(program.get().map(GuestProgram::start).orElse(timeline.start()));
    }

    private void console(String text) {
        for (int at = 0; at < text.length(); at += HEX_PIECE / 4) {
            replies.accept(new Reply.Console(text.substring(at, Math.min(text.length(), at + HEX_PIECE / 4))));
        }
    }

    // ---- running ------------------------------------------------------------------------------------------------

    private Reply resume(Request.Resume resume, Interruption interruption) {
        Resumption resumption = resumption(resume);
        if (resumption == null) {
            return new Reply.Error(ESRCH, "no thread to resume");
        }
        frames.leave();
        if (resume.from().isPresent() && resume.from().getAsLong() != timeline.machine().get(Reg.RIP)) {
            timeline.writeRegister(Reg.RIP, resume.from().getAsLong());
        }
        return moved(motion.forward(resumption.action(), resumption.thread(), client(interruption)));
    }

    /** What is to be done, for whom. */
    private record Resumption(Action action, InferiorThread thread) {}

    /** The one thread that is to step decides; else it is a run. */
    private Resumption resumption(Request.Resume resume) {
        Resumption first = null;
        for (ThreadAction action : resume.actions()) {
            Optional<InferiorThread> thread = action.thread().equals(ThreadId.EVERY)
                    ? Optional.of(resumed()).filter(_ -> !isWithoutProcess())
                    : find(action.thread());
            boolean steps = action.action() instanceof Action.Step || action.action() instanceof Action.StepRange;
            if (thread.isPresent() && (first == null || steps && first.action() instanceof Action.Continue)) {
                first = new Resumption(action.action(), thread.get());
            }
        }
        return first;
    }

    /** gdb takes the thread of a stop for the one it has chosen, without saying so. */
    private Reply moved(Reply reply) {
        boolean ended = reply instanceof Reply.Exited || reply instanceof Reply.Signalled;
        // Of a process that ended while others go on the session has let go already.
        exited |= ended && inferiors.isAttached(switch (reply) {
            case Reply.Exited e -> e.pid();
            case Reply.Signalled s -> s.pid();
            default -> 0;
        });
        if (reply instanceof Reply.Stopped) {
            general = motion.reported();
        } else if (ended && !isWithoutProcess()) {
            general = inferiors.running();
            resumed = null;
        }
        return reply;
    }

    private Reply backward(boolean step, Interruption interruption) {
        if (isWithoutProcess()) {
            return new Reply.Error(ESRCH, "no thread to resume");
        }
        frames.leave();
        return moved(motion.backward(step, resumed(), client(interruption)));
    }

    // ---- breakpoints and watchpoints ----------------------------------------------------------------------------

    private Reply insert(Request.InsertPoint insert) {
        long address = insert.address() & mask();
        switch (insert.type()) {
            case SOFTWARE_BREAKPOINT, HARDWARE_BREAKPOINT -> {
                StopPoints.Breakpoint breakpoint = new StopPoints.Breakpoint(
                        expressions(insert.conditions()), expressions(insert.commands()));
                return general.inferior().points().insertBreakpoint(insert.type(), address, breakpoint) ? Reply.OK : tooMany();
            }
            case WRITE_WATCHPOINT, READ_WATCHPOINT, ACCESS_WATCHPOINT -> {
                return general.inferior().points().insertWatch(watch(insert.type(), address, insert.kind())) ? Reply.OK : tooMany();
            }
        }
        throw new IllegalStateException();
    }

    private List<AgentExpression> expressions(List<byte[]> code) {
        return code.stream().map(c -> new AgentExpression(c, registers(), mask())).toList();
    }

    private static Reply tooMany() {
        return new Reply.Refused("more than " + StopPoints.MOST + " breakpoints or watchpoints");
    }

    private Reply remove(PointType type, long address, long kind) {
        long linear = address & mask();
        switch (type) {
            case SOFTWARE_BREAKPOINT, HARDWARE_BREAKPOINT -> general.inferior().points().removeBreakpoint(type, linear);
            case WRITE_WATCHPOINT, READ_WATCHPOINT, ACCESS_WATCHPOINT -> general.inferior().points().removeWatch(watch(type, linear, kind));
        }
        return Reply.OK;
    }

    private static Watch watch(PointType type, long address, long length) {
        return new Watch(address, length, switch (type) {
            case READ_WATCHPOINT -> Watch.Access.READ;
            case ACCESS_WATCHPOINT -> Watch.Access.ACCESS;
            default -> Watch.Access.WRITE;
        });
    }
}
