package dev.retrap.gdbstub.rsp;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a client asks. One record per packet of the manual (nodes "Packets", "General Query Packets", "Host I/O
 * Packets", "Tracepoint Packets"); addresses, lengths and numbers are unsigned 64 bits in a {@code long}.
 */
public sealed interface Request {
    /**
     * True for requests that the client waits for without a time limit, as the target may run for as long as it likes.
     */
    default boolean mayTakeForever() {
        return switch (this) {
            case Resume _, ReverseStep _, ReverseContinue _, Run _, Attach _ -> true;
            default -> false;
        };
    }

    // ---- handshake and modes ------------------------------------------------------------------------------------

    /** {@code qSupported:FEATURES}: what the client can do, as it wrote it, e.g. {@code swbreak+}. */
    record Supported(List<String> features) implements Request {}

    /** {@code vMustReplyEmpty}: a probe for stubs that answer unknown {@code v} packets. */
    record MustReplyEmpty() implements Request {}

    /** {@code QStartNoAckMode}. */
    record StartNoAckMode() implements Request {}

    /** {@code !}: extended mode. */
    record ExtendedMode() implements Request {}

    /** {@code QNonStop:0|1}. */
    record NonStop(boolean on) implements Request {}

    /** {@code QPassSignals}, {@code QProgramSignals}, {@code QThreadEvents:0} ...: accepted, nothing to do. */
    record Accepted() implements Request {}

    // ---- stops, threads, sessions -------------------------------------------------------------------------------

    /** {@code ?}: why the target stopped. */
    record StopReason() implements Request {}

    /** {@code Hop thread-id}. */
    record SelectThread(char operation, ThreadId thread) implements Request {}

    /** {@code T thread-id}: is it alive? */
    record ThreadAlive(ThreadId thread) implements Request {}

    /** {@code qC}. */
    record CurrentThread() implements Request {}

    /** {@code qfThreadInfo}. */
    record FirstThreads() implements Request {}

    /** {@code qsThreadInfo}. */
    record MoreThreads() implements Request {}

    /** {@code qThreadExtraInfo,thread-id}. */
    record ThreadExtraInfo(ThreadId thread) implements Request {}

    /** {@code qAttached[:PID]}. */
    record Attached() implements Request {}

    /** {@code qSymbol:...}: the client offers to look symbols up. */
    record SymbolLookup() implements Request {}

    /**
     * {@code D[;PID]}.
     *
     * @param pid 0 if none is named
     */
    record Detach(long pid) implements Request {}

    /** {@code k}: no reply. */
    record Kill() implements Request {}

    /** {@code vKill;PID}. */
    record KillProcess(long pid) implements Request {}

    /** {@code R XX}: restart; no reply. */
    record Restart() implements Request {}

    /** {@code vRun;FILE;ARGS}: start over. */
    record Run(String file, List<String> arguments) implements Request {}

    /** {@code vAttach;PID}. */
    record Attach(long pid) implements Request {}

    // ---- registers and memory -----------------------------------------------------------------------------------

    /** {@code g}. */
    record ReadRegisters() implements Request {}

    /** {@code G XX...}. */
    record WriteRegisters(byte[] block) implements Request {}

    /** {@code p N}. */
    record ReadRegister(long number) implements Request {}

    /** {@code P N=XX...}. */
    record WriteRegister(long number, byte[] value) implements Request {}

    /**
     * {@code m ADDR,LEN}, {@code x ADDR,LEN}.
     *
     * @param binary true for {@code x}: the reply is {@code b} and raw bytes instead of hexadecimal
     */
    record ReadMemory(long address, long length, boolean binary) implements Request {}

    /** {@code M ADDR,LEN:XX...}, {@code X ADDR,LEN:raw}. */
    record WriteMemory(long address, byte[] data) implements Request {}

    /**
     * {@code qGetTLSAddr:THREAD-ID,OFFSET,LM}.
     *
     * @param offset in the module's thread-local storage
     * @param module address of its link map, 0 for the program
     */
    record ThreadLocalAddress(ThreadId thread, long offset, long module) implements Request {}

    /** {@code qSearch:memory:ADDR;LEN;PATTERN}. */
    record SearchMemory(long address, long length, byte[] pattern) implements Request {}

    /** {@code qCRC:ADDR,LEN}. */
    record Crc(long address, long length) implements Request {}

    // ---- breakpoints and watchpoints ----------------------------------------------------------------------------

    /**
     * {@code Z type,addr,kind[;Xlen,bytecode...][;cmds:persist,Xlen,bytecode...]}; for a watchpoint {@code kind} is its
     * length in bytes.
     *
     * @param conditions agent expressions, the breakpoint stops if any is not zero; empty for an unconditional one
     * @param commands agent expressions to run there instead of stopping; empty to stop
     */
    record InsertPoint(PointType type, long address, long kind, List<byte[]> conditions, List<byte[]> commands)
            implements Request {}

    /** {@code z type,addr,kind}. */
    record RemovePoint(PointType type, long address, long kind) implements Request {}

    /** The first number of {@code Z} and {@code z}, in its order. */
    enum PointType {
        SOFTWARE_BREAKPOINT, HARDWARE_BREAKPOINT, WRITE_WATCHPOINT, READ_WATCHPOINT, ACCESS_WATCHPOINT;

        private static final PointType[] BY_NUMBER = values();

        /** The type of a number, or null if there is none. */
        static PointType of(long number) {
            return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[(int) number] : null;
        }
    }

    // ---- running ------------------------------------------------------------------------------------------------

    /** {@code vCont?}. */
    record ResumeSupported() implements Request {}

    /**
     * {@code c}, {@code s}, {@code C}, {@code S}, {@code vCont;...}: forward.
     *
     * @param actions what to do with which threads, leftmost match first
     * @param from address to go on at, if given
     */
    record Resume(List<ThreadAction> actions, OptionalLong from) implements Request {}

    /** One action of {@code vCont} and the threads it is for. */
    record ThreadAction(Action action, ThreadId thread) {}

    /** How a thread goes on. Signals are parsed and dropped: a machine takes none. */
    sealed interface Action {
        /** {@code c}, {@code C sig}. */
        record Continue() implements Action {}

        /** {@code s}, {@code S sig}. */
        record Step() implements Action {}

        /** {@code r start,end}: step until the program counter leaves {@code [start, end)}. */
        record StepRange(long start, long end) implements Action {}

        /** {@code t}: stop (non-stop mode only). */
        record Stop() implements Action {}
    }

    /** {@code bs}. */
    record ReverseStep() implements Request {}

    /** {@code bc}. */
    record ReverseContinue() implements Request {}

    /**
     * {@code QCatchSyscalls:0}, {@code QCatchSyscalls:1[;NR...]}.
     *
     * @param on whether to stop at system calls
     * @param numbers which, empty for all
     */
    record CatchSyscalls(boolean on, List<Long> numbers) implements Request {}

    // ---- transfers, files, monitor ------------------------------------------------------------------------------

    /** {@code qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH}. */
    record TransferRead(String object, String annex, long offset, long length) implements Request {}

    /** {@code qRcmd,XX...}: gdb's {@code monitor}. */
    record Monitor(String command) implements Request {}

    /** {@code vFile:setfs:PID}. */
    record FileSystem(long pid) implements Request {}

    /** {@code vFile:open:NAME,FLAGS,MODE}. */
    record FileOpen(String name, long flags) implements Request {}

    /** {@code vFile:close:FD}. */
    record FileClose(long descriptor) implements Request {}

    /** {@code vFile:pread:FD,COUNT,OFFSET}. */
    record FileRead(long descriptor, long count, long offset) implements Request {}

    /** {@code vFile:fstat:FD}. */
    record FileStatus(long descriptor) implements Request {}

    /** {@code vFile:stat:NAME}. */
    record PathStatus(String name) implements Request {}

    /** {@code vFile:readlink:NAME}. */
    record ReadLink(String name) implements Request {}

    /** {@code vFile:pwrite}, {@code vFile:unlink}: the guest's files are read-only. */
    record FileChange() implements Request {}

    // ---- LLDB's own (LLVM's docs/lldb-gdb-remote.txt) ------------------------------------------------------------

    /** {@code qHostInfo}. */
    record HostInfo() implements Request {}

    /** {@code qProcessInfo}, {@code qProcessInfoPID:PID}. */
    record ProcessInfo() implements Request {}

    /** {@code qMemoryRegionInfo:ADDR}. */
    record MemoryRegionInfo(long address) implements Request {}

    /** {@code qRegisterInfo N}. */
    record RegisterInfo(long number) implements Request {}

    /** {@code jThreadsInfo}. */
    record ThreadsInfo() implements Request {}

    // ---- trace frames -------------------------------------------------------------------------------------------

    /** {@code QTinit}, {@code QTStop} ...: tracepoint set-up, accepted where harmless. */
    record TraceStatus() implements Request {}

    /** {@code QTFrame:...}: gdb's {@code tfind}. */
    record SelectFrame(FrameSelector selector) implements Request {}

    /** What {@code tfind} looks for. */
    sealed interface FrameSelector {
        /** Frame {@code number}; -1 leaves the frames. */
        record Number(long number) implements FrameSelector {}

        /** The next frame whose program counter is inside {@code [low, high]}, or outside of it. */
        record Pc(long low, long high, boolean inside) implements FrameSelector {}

        /** The next frame of a tracepoint. */
        record Tracepoint(long number) implements FrameSelector {}
    }

    // ---- what is no request -------------------------------------------------------------------------------------

    /** A packet this stub has no record for: answered with an empty reply. */
    record Unknown(String name) implements Request {}

    /** A packet that starts like a known one and does not follow its grammar. */
    record Malformed(String why) implements Request {}
}
