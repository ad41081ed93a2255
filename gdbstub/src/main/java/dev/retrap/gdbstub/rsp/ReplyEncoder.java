package dev.retrap.gdbstub.rsp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The grammar of replies: {@link Reply} to payload. */
public final class ReplyEncoder {
    private static final HexFormat HEX = HexFormat.of();

    private ReplyEncoder() {}

    /**
     * The payload of a reply, escapes not yet made. {@link Reply.None} has none and is not for here.
     *
     * @param errorMessages true if the client takes {@code E.text} everywhere (feature {@code error-message})
     */
    public static byte[] encode(Reply reply, boolean errorMessages) {
        return switch (reply) {
            case Reply.Ok _ -> ascii("OK");
            case Reply.Unsupported _ -> new byte[0];
            case Reply.None _ -> throw new IllegalArgumentException("no payload");
            case Reply.Error(int errno, String text) ->
                    errorMessages ? ascii("E." + oneLine(text)) : ascii("E%02x".formatted(errno & 0xff));
            case Reply.Refused(String text) -> ascii("E." + oneLine(text));
            case Reply.Text(String text) -> ascii(text);
            case Reply.Hex(byte[] bytes) -> ascii(HEX.formatHex(bytes));
            case Reply.Binary(String prefix, byte[] bytes) -> concat(prefix, bytes);
            case Reply.Console(String text) ->
                    ascii("O" + HEX.formatHex(text.getBytes(StandardCharsets.UTF_8)));
            case Reply.File file -> concat(
                    "F" + signed(file.result()) + (file.attachment().isPresent() ? ";" : ""),
                    file.attachment().orElse(new byte[0]));
            case Reply.FileError(int errno) -> ascii("F-1," + Integer.toHexString(errno));
            case Reply.Exited(int status, long pid, boolean multiprocess) ->
                    ascii("W%02x".formatted(status & 0xff) + process(pid, multiprocess));
            case Reply.Signalled(int signal, long pid, boolean multiprocess) ->
                    ascii("X%02x".formatted(signal & 0xff) + process(pid, multiprocess));
            case Reply.Stopped stopped -> ascii(stop(stopped));
        };
    }

    private static String process(long pid, boolean multiprocess) {
        return multiprocess ? ";process:" + Long.toHexString(pid) : "";
    }

    private static String stop(Reply.Stopped stopped) {
        StringBuilder text = new StringBuilder("T%02x".formatted(stopped.signal() & 0xff));
        text.append(cause(stopped.cause()));
        for (Reply.ExpeditedRegister register : stopped.registers()) {
            text.append("%02x:".formatted(register.number())).append(HEX.formatHex(register.value())).append(';');
        }
        return text.append("thread:").append(stopped.thread()).append(';').toString();
    }

    private static String cause(Reply.StopCause cause) {
        return switch (cause) {
            case Reply.StopCause.Plain _ -> "";
            case Reply.StopCause.SoftwareBreakpoint _ -> "swbreak:;";
            case Reply.StopCause.HardwareBreakpoint _ -> "hwbreak:;";
            case Reply.StopCause.Watchpoint(Request.PointType type, long address) ->
                    watchName(type) + ":" + Long.toHexString(address) + ";";
            case Reply.StopCause.SyscallEntry(long number) -> "syscall_entry:" + Long.toHexString(number) + ";";
            case Reply.StopCause.SyscallReturn(long number) -> "syscall_return:" + Long.toHexString(number) + ";";
            case Reply.StopCause.Forked(String child, boolean vfork) -> (vfork ? "vfork:" : "fork:") + child + ";";
            case Reply.StopCause.VforkDone _ -> "vforkdone:;";
            case Reply.StopCause.Executed(String path) ->
                    "exec:" + HEX.formatHex(path.getBytes(StandardCharsets.UTF_8)) + ";";
            case Reply.StopCause.HistoryBegin _ -> "replaylog:begin;";
            case Reply.StopCause.HistoryEnd _ -> "replaylog:end;";
        };
    }

    private static String watchName(Request.PointType type) {
        return switch (type) {
            case READ_WATCHPOINT -> "rwatch";
            case ACCESS_WATCHPOINT -> "awatch";
            default -> "watch";
        };
    }

    private static String signed(long n) {
        return n < 0 ? "-" + Long.toHexString(-n) : Long.toHexString(n);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(String prefix, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(prefix.length() + bytes.length);
        out.writeBytes(ascii(prefix));
        out.writeBytes(bytes);
        return out.toByteArray();
    }
}
