/**
 * The GDB remote serial protocol as data: bytes to {@link dev.retrap.gdbstub.rsp.Frame frames}, frames to
 * {@link dev.retrap.gdbstub.rsp.Request requests}, {@link dev.retrap.gdbstub.rsp.Reply replies} to frames. Nothing here
 * knows a machine; {@link dev.retrap.gdbstub.rsp.RequestParser} is the one place that knows the grammar of requests and
 * {@link dev.retrap.gdbstub.rsp.ReplyEncoder} the one that knows the grammar of replies.
 *
 * <p>Source: the GDB manual, appendix "GDB Remote Serial Protocol" (nodes "Overview", "Packets", "Stop Reply Packets",
 * "General Query Packets").
 */
package dev.retrap.gdbstub.rsp;
