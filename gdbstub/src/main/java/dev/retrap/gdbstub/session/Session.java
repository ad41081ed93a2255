package dev.retrap.gdbstub.session;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.OsTable;
import dev.retrap.gdbstub.guest.GuestFiles;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Request;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.gdbstub.rsp.Request.ThreadAction;
import dev.retrap.gdbstub.rsp.ThreadId;
import dev.retrap.trace.HistoryException;
import dev.retrap.trace.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One client's session: what is done about each {@link Request}. Lives on the machine's thread. The target is one
 * process with one thread, {@link #THREAD}: the processor, in kernel and user mode alike.
 */
public final class Session {
    /** Longest packet either side sends, in bytes ({@code PacketSize}). */
    public static final int PACKET_SIZE = 0x20000;
    /** The one thread. */
    public static final ThreadId THREAD = new ThreadId(GuestProgram.PID, 1);

    private static final int EINVAL = 22;
    private static final int ESRCH = 3;
    private static final int EIO = 5;
    private static final long EFER_LMA = 1 << 10;
    private static final int HEX_PIECE = PACKET_SIZE / 2 - 16;
    /** Raw bytes may need an escape each. */
    private static final int RAW_PIECE = PACKET_SIZE / 2 - 64;

    private final Timeline timeline;
    private final long addressMask;
    private final Consumer<Reply> replies;
    private final StopPoints points = new StopPoints();
    private final Registers registers;
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
    private boolean attached = true;
    private boolean over;

    /**
     * A session with a client that has just connected.
     *
     * @param program finds the guest's program
     * @param tables more tables for {@code info os}
     * @param replies where replies go, in order
     */
    public Session(Timeline timeline, Supplier<Optional<GuestProgram>> program,
            List<OsTable> tables, Consumer<Reply> replies) {
        CpuModel cpu = timeline.recording().config().cpu();
        TargetDescription description = TargetDescription.of(timeline.recording().bootImage(), cpu,
                () -> isLongMode(timeline.machine()) || program.get().map(GuestProgram::longMode).orElse(false));
        this.addressMask = description.addressMask();
        GuestFiles guestFiles = new GuestFiles(timeline.recording().bootImage());
        this.timeline = timeline;
        this.program = program;
        this.replies = replies;
        this.registers = new Registers(timeline, description);
        this.memory = new Memory(timeline, addressMask, HEX_PIECE);
        this.motion = new Motion(timeline, points, registers);
        this.transfers = new Transfers(timeline, description, program,
                () -> attached ? Optional.of(thread()) : Optional.empty(), motion::signalInfo,
                new OsData(timeline, tables), RAW_PIECE);
        this.lldb = new Lldb(timeline, description);
        this.files = new HostFiles(timeline, guestFiles, program, RAW_PIECE);
        this.frames = new TraceFrames(timeline);
        this.monitor = new Monitor(timeline, points, frames, program);
    }

    private static boolean isLongMode(Machine machine) {
        return (machine.get(Reg.EFER) & EFER_LMA) != 0;
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
        points.clear();
        frames.leave();
    }

    /** Serves a request. Never throws: whatever goes wrong is an answer. */
    public void serve(Request request, Interruption interruption) {
        try {
            Reply reply = answer(request, interruption);
            if (!(reply instanceof Reply.None)) {
                replies.accept(reply);
            }
        } catch (HistoryException | IllegalArgumentException | UnsupportedOperationException e) {
            replies.accept(refusal(request, e.getMessage()));
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            replies.accept(refusal(request, "internal error: " + e));
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

            case Request.StopReason _ -> attached ? motion.here(thread()) : new Reply.Text("W00");
            case Request.SelectThread(char _, ThreadId id) -> isOurs(id) ? Reply.OK : noThread(id);
            case Request.ThreadAlive(ThreadId id) -> isOurs(id) ? Reply.OK : noThread(id);
            case Request.CurrentThread _ -> attached ? new Reply.Text("QC" + thread()) : Reply.UNSUPPORTED;
            case Request.FirstThreads _ -> new Reply.Text(attached ? "m" + thread() : "l");
            case Request.MoreThreads _ -> new Reply.Text("l");
            case Request.ThreadExtraInfo(ThreadId id) -> isOurs(id)
                    ? new Reply.Hex(Transfers.state(timeline).getBytes(StandardCharsets.UTF_8))
                    : noThread(id);
            case Request.Attached _ -> new Reply.Text("1");
            case Request.Detach _, Request.KillProcess _ -> {
                leave();
                yield Reply.OK;
            }
            case Request.Kill _ -> {
                leave();
                yield Reply.NONE;
            }
            case Request.Restart _ -> {
                startOver();
                yield Reply.NONE;
            }
            case Request.Run _ -> {
                startOver();
                yield motion.here(thread());
            }
            case Request.Attach(long pid) -> {
                if (pid != THREAD.pid()) {
                    yield new Reply.Error(ESRCH, "no process " + pid + ": the program is process " + THREAD.pid());
                }
                attached = true;
                yield motion.here(thread());
            }

            case Request.ReadRegisters _ -> new Reply.Hex(registers.block());
            case Request.WriteRegisters(byte[] block) -> {
                registers.writeBlock(block);
                yield Reply.OK;
            }
            case Request.ReadRegister(long number) -> number >= 0 && number < registers.count()
                    ? new Reply.Hex(registers.value((int) number))
                    : new Reply.Error(EINVAL, "no register " + number);
            case Request.WriteRegister(long number, byte[] value) -> {
                if (number < 0 || number >= registers.count()) {
                    yield new Reply.Error(EINVAL, "no register " + number);
                }
                registers.write((int) number, value);
                yield Reply.OK;
            }
            case Request.ReadMemory(long address, long length, boolean binary) ->
                    memory.read(address, length, binary);
            case Request.WriteMemory(long address, byte[] data) -> memory.write(address, data);
            case Request.SearchMemory(long address, long length, byte[] pattern) ->
                    memory.search(address, length, pattern, interruption);
            case Request.Crc(long address, long length) -> memory.crc(address, length, interruption);

            case Request.InsertPoint insert -> insert(insert);
            case Request.RemovePoint(PointType type, long address, long kind) -> remove(type, address, kind);
            case Request.CatchSyscalls(boolean on, List<Long> numbers) -> {
                points.catchSystemCalls(on, numbers);
                yield Reply.OK;
            }

            case Request.ResumeSupported _ -> new Reply.Text("vCont;c;C;s;S;r");
            case Request.Resume resume -> resume(resume, interruption);
            case Request.ReverseStep _ -> backward(true, interruption);
            case Request.ReverseContinue _ -> backward(false, interruption);

            case Request.TransferRead transfer -> transfers.read(transfer);
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
                yield lldb.hostInfo();
            }
            case Request.ProcessInfo _ -> attached
                    ? lldb.processInfo(THREAD.pid())
                    : new Reply.Error(ESRCH, "no process");
            case Request.MemoryRegionInfo(long address) -> lldb.memoryRegion(address);
            case Request.RegisterInfo(long number) -> lldb.register(number);
            case Request.ThreadsInfo _ -> lldb.threads(
                    THREAD.tid(), Transfers.state(timeline), motion.signalInfo().signal());

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
        return new Reply.Text(String.join(";",
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

    private String thread() {
        return multiprocess ? THREAD.toString() : Long.toHexString(THREAD.tid());
    }

    private boolean isOurs(ThreadId id) {
        return attached && id.covers(THREAD);
    }

    private static Reply noThread(ThreadId id) {
        return new Reply.Error(ESRCH, "no thread " + id + ": there is only " + THREAD);
    }

    private void leave() {
        disconnected();
        attached = false;
        over = !extended;
    }

    /** Back to the program's first instruction, or to power-on if it has none yet. */
    private void startOver() {
        frames.leave();
        attached = true;
        timeline.seek(program.get().map(GuestProgram::start).orElse(timeline.start()));
    }

    private void console(String text) {
        for (int at = 0; at < text.length(); at += HEX_PIECE / 4) {
            replies.accept(new Reply.Console(text.substring(at, Math.min(text.length(), at + HEX_PIECE / 4))));
        }
    }

    // ---- running ------------------------------------------------------------------------------------------------

    private Reply resume(Request.Resume resume, Interruption interruption) {
        Optional<ThreadAction> action = resume.actions().stream().filter(a -> isOurs(a.thread())).findFirst();
        if (action.isEmpty()) {
            return new Reply.Error(ESRCH, "no thread to resume");
        }
        frames.leave();
        if (resume.from().isPresent() && resume.from().getAsLong() != timeline.machine().get(Reg.RIP)) {
            timeline.writeRegister(Reg.RIP, resume.from().getAsLong());
        }
        return motion.forward(action.get().action(), interruption, this::console, thread());
    }

    private Reply backward(boolean step, Interruption interruption) {
        frames.leave();
        return motion.backward(step, interruption, this::console, thread());
    }

    // ---- breakpoints and watchpoints ----------------------------------------------------------------------------

    private Reply insert(Request.InsertPoint insert) {
        long address = insert.address() & addressMask;
        switch (insert.type()) {
            case SOFTWARE_BREAKPOINT, HARDWARE_BREAKPOINT -> {
                StopPoints.Breakpoint breakpoint = new StopPoints.Breakpoint(
                        expressions(insert.conditions()), expressions(insert.commands()));
                return points.insertBreakpoint(insert.type(), address, breakpoint) ? Reply.OK : tooMany();
            }
            case WRITE_WATCHPOINT, READ_WATCHPOINT, ACCESS_WATCHPOINT -> {
                return points.insertWatch(watch(insert.type(), address, insert.kind())) ? Reply.OK : tooMany();
            }
        }
        throw new IllegalStateException();
    }

    private List<AgentExpression> expressions(List<byte[]> code) {
        return code.stream().map(c -> new AgentExpression(c, registers, addressMask)).toList();
    }

    private static Reply tooMany() {
        return new Reply.Refused("more than " + StopPoints.MOST + " breakpoints or watchpoints");
    }

    private Reply remove(PointType type, long address, long kind) {
        long linear = address & addressMask;
        switch (type) {
            case SOFTWARE_BREAKPOINT, HARDWARE_BREAKPOINT -> points.removeBreakpoint(type, linear);
            case WRITE_WATCHPOINT, READ_WATCHPOINT, ACCESS_WATCHPOINT -> points.removeWatch(watch(type, linear, kind));
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
