package dev.retrap.gdbstub.rsp;

import java.util.List;
import java.util.Optional;

/** What the stub answers; {@link ReplyEncoder} knows how each is written. */
public sealed interface Reply {
    /** {@code OK}. */
    record Ok() implements Reply {}

    /** Empty: this stub has no such packet. */
    record Unsupported() implements Reply {}

    /** Nothing is sent at all (the packet {@code k} has no reply). */
    record None() implements Reply {}

    /**
     * An error that old clients expect as {@code Enn}; those that asked for {@code error-message} get the text.
     *
     * @param errno 1..255
     * @param text one line
     */
    record Error(int errno, String text) implements Reply {}

    /**
     * An error whose text every client shows: {@code E.text}. Not for replies that gdb reads as hexadecimal
     * ({@code m}, {@code qRcmd}).
     */
    record Refused(String text) implements Reply {}

    /** Plain text. */
    record Text(String text) implements Reply {}

    /** Bytes in hexadecimal. */
    record Hex(byte[] bytes) implements Reply {}

    /** A prefix and raw bytes. */
    record Binary(String prefix, byte[] bytes) implements Reply {}

    /** {@code O...}: text for the user's console; a reply of its own kind follows. */
    record Console(String text) implements Reply {}

    /** {@code F result} of Host I/O, with an attachment or without. */
    record File(long result, Optional<byte[]> attachment) implements Reply {}

    /**
     * {@code F-1,errno} of Host I/O.
     *
     * @param errno number of node "Errno Values"
     */
    record FileError(int errno) implements Reply {}

    /**
     * A stop reply {@code T...} (node "Stop Reply Packets").
     *
     * @param signal gdb's number of the signal
     * @param cause what made it stop
     * @param registers registers sent along
     * @param thread the thread that stopped
     */
    record Stopped(int signal, StopCause cause, List<ExpeditedRegister> registers, String thread) implements Reply {}

    /** {@code W}: the process has exited; with its id if the client knows more than one. */
    record Exited(int status, long pid, boolean multiprocess) implements Reply {}

    /** {@code X}: the process has been ended by a signal, gdb's number of it. */
    record Signalled(int signal, long pid, boolean multiprocess) implements Reply {}

    /** A register in a stop reply, its bytes in target order. */
    record ExpeditedRegister(int number, byte[] value) {}

    /** The stop reason of a {@link Stopped}. */
    sealed interface StopCause {
        /** None given: a step or an interrupt. */
        record Plain() implements StopCause {}

        /** {@code swbreak}. */
        record SoftwareBreakpoint() implements StopCause {}

        /** {@code hwbreak}. */
        record HardwareBreakpoint() implements StopCause {}

        /**
         * {@code watch}, {@code rwatch}, {@code awatch}.
         *
         * @param type of watchpoint
         * @param address linear address touched
         */
        record Watchpoint(Request.PointType type, long address) implements StopCause {}

        /** {@code syscall_entry:NR}. */
        record SyscallEntry(long number) implements StopCause {}

        /** {@code syscall_return:NR}. */
        record SyscallReturn(long number) implements StopCause {}

        /**
         * {@code fork}: the child, in the protocol's words.
         *
         * @param vfork {@code vfork}, which the child shares the memory of the parent in
         */
        record Forked(String child, boolean vfork) implements StopCause {}

        /** {@code vforkdone}. */
        record VforkDone() implements StopCause {}

        /** {@code exec}: path of the program. */
        record Executed(String path) implements StopCause {}

        /** {@code replaylog:begin}. */
        record HistoryBegin() implements StopCause {}

        /** {@code replaylog:end}. */
        record HistoryEnd() implements StopCause {}
    }

    /** The one {@link Ok}. */
    Ok OK = new Ok();
    /** The one {@link Unsupported}. */
    Unsupported UNSUPPORTED = new Unsupported();
    /** The one {@link None}. */
    None NONE = new None();
}
