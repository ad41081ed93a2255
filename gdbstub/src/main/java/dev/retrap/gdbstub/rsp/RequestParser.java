package dev.retrap.gdbstub.rsp;

import dev.retrap.gdbstub.rsp.PacketReader.MalformedException;
import dev.retrap.gdbstub.rsp.Request.Action;
import dev.retrap.gdbstub.rsp.Request.FrameSelector;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.gdbstub.rsp.Request.ThreadAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The grammar of requests: payload to {@link Request}. Total: any bytes give a request, if only
 * {@link Request.Unknown} or {@link Request.Malformed}.
 */
public final class RequestParser {
    private static final String REGISTER_INFO = "qRegisterInfo";

    private RequestParser() {}

    /** The request that a packet makes. */
    public static Request parse(byte[] payload) {
        PacketReader in = new PacketReader(payload);
        try {
            return in.atEnd() ? new Request.Unknown("") : parse(in, payload);
        } catch (MalformedException e) {
            return new Request.Malformed(e.getMessage());
        }
    }

    private static Request parse(PacketReader in, byte[] payload) throws MalformedException {
        char first = in.any();
        Request request = switch (first) {
            case '!' -> new Request.ExtendedMode();
            case '?' -> new Request.StopReason();
            case 'b' -> reverse(in);
            case 'c', 's', 'C', 'S' -> resume(first, in);
            case 'D' -> detach(in);
            case 'g' -> new Request.ReadRegisters();
            case 'G' -> new Request.WriteRegisters(in.hexBytes());
            case 'H' -> new Request.SelectThread(in.any(), in.thread());
            case 'j' -> in.until(":").equals("ThreadsInfo") ? new Request.ThreadsInfo() : new Request.Unknown("j");
            case 'k' -> new Request.Kill();
            case 'm' -> readMemory(in, false);
            case 'M' -> writeMemory(in, false);
            case 'p' -> new Request.ReadRegister(in.number());
            case 'P' -> writeRegister(in);
            case 'q', 'Q' -> query(first + in.until(":;,"), in);
            case 'R' -> restart(in);
            case 'T' -> new Request.ThreadAlive(in.thread());
            case 'v' -> verbose('v' + in.until(":;,?"), in);
            case 'x' -> readMemory(in, true);
            case 'X' -> writeMemory(in, true);
            case 'z' -> point(in, false);
            case 'Z' -> point(in, true);
            default -> new Request.Unknown(String.valueOf(first));
        };
        if (!(request instanceof Request.Unknown)) {
            in.expectEnd();
            return request;
        }
        return new Request.Unknown(new String(payload, 0, Math.min(payload.length, 32), StandardCharsets.ISO_8859_1));
    }

    // ---- one letter ---------------------------------------------------------------------------------------------

    private static Request reverse(PacketReader in) throws MalformedException {
        return switch (in.peek()) {
            case 's' -> {
                in.any();
                yield new Request.ReverseStep();
            }
            case 'c' -> {
                in.any();
                yield new Request.ReverseContinue();
            }
            default -> new Request.Unknown("b");
        };
    }

    private static Request resume(char letter, PacketReader in) throws MalformedException {
        OptionalLong from = OptionalLong.empty();
        if (letter == 'C' || letter == 'S') {
            in.number();
            if (in.accept(';')) {
                from = OptionalLong.of(in.number());
            }
        } else if (!in.atEnd()) {
            from = OptionalLong.of(in.number());
        }
        Action action = letter == 'c' || letter == 'C' ? new Action.Continue() : new Action.Step();
        return new Request.Resume(List.of(new ThreadAction(action, ThreadId.EVERY)), from);
    }

    private static Request detach(PacketReader in) throws MalformedException {
        return new Request.Detach(in.accept(';') ? in.number() : 0);
    }

    private static Request restart(PacketReader in) throws MalformedException {
        in.number();
        return new Request.Restart();
    }

    private static Request readMemory(PacketReader in, boolean binary) throws MalformedException {
        long address = in.number();
        in.expect(',');
        return new Request.ReadMemory(address, in.number(), binary);
    }

    private static Request writeMemory(PacketReader in, boolean binary) throws MalformedException {
        long address = in.number();
        in.expect(',');
        long length = in.number();
        in.expect(':');
        byte[] data = binary ? in.rest() : in.hexBytes();
        if (data.length != length) {
            throw new MalformedException("length " + length + " given, " + data.length + " bytes sent");
        }
        return new Request.WriteMemory(address, data);
    }

    private static Request writeRegister(PacketReader in) throws MalformedException {
        long number = in.number();
        in.expect('=');
        return new Request.WriteRegister(number, in.hexBytes());
    }

    private static Request point(PacketReader in, boolean insert) throws MalformedException {
        PointType type = PointType.of(in.number());
        if (type == null) {
            return new Request.Unknown("Z");
        }
        in.expect(',');
        long address = in.number();
        in.expect(',');
        long kind = in.number();
        if (!insert) {
            return new Request.RemovePoint(type, address, kind);
        }
        List<byte[]> conditions = List.of();
        List<byte[]> commands = List.of();
        while (in.accept(';')) {
            if (in.peek() == 'c') {
                commands = commands(in);
            } else {
                conditions = expressions(in);
            }
        }
        return new Request.InsertPoint(type, address, kind, conditions, commands);
    }

    /** {@code cmds:persist,Xlen,bytecode...}; persist is about targets that run on without gdb. */
    private static List<byte[]> commands(PacketReader in) throws MalformedException {
        if (!in.until(":").equals("cmds")) {
            throw new MalformedException("cmds expected");
        }
        in.expect(':');
        in.number();
        in.expect(',');
        return expressions(in);
    }

    /** {@code Xlen,bytecode Xlen,bytecode...}: agent expressions in hexadecimal. */
    private static List<byte[]> expressions(PacketReader in) throws MalformedException {
        List<byte[]> expressions = new ArrayList<>();
        while (in.accept('X')) {
            long length = in.number();
            in.expect(',');
            byte[] bytecode = in.hexBytes();
            if (bytecode.length != length) {
                throw new MalformedException("expression of " + length + " bytes has " + bytecode.length);
            }
            expressions.add(bytecode);
        }
        return List.copyOf(expressions);
    }

    // ---- v packets ----------------------------------------------------------------------------------------------

    private static Request verbose(String name, PacketReader in) throws MalformedException {
        return switch (name) {
            case "vMustReplyEmpty" -> new Request.MustReplyEmpty();
            case "vCont" -> in.accept('?') ? new Request.ResumeSupported() : actions(in);
            case "vKill" -> {
                in.expect(';');
                yield new Request.KillProcess(in.number());
            }
            case "vAttach" -> {
                in.expect(';');
                yield new Request.Attach(in.number());
            }
            case "vRun" -> run(in);
            case "vFile" -> {
                in.expect(':');
                yield file(in.until(":"), in);
            }
            default -> new Request.Unknown(name);
        };
    }

    private static Request actions(PacketReader in) throws MalformedException {
        List<ThreadAction> actions = new ArrayList<>();
        while (in.accept(';')) {
            Action action = action(in);
            actions.add(new ThreadAction(action, in.accept(':') ? in.thread() : ThreadId.EVERY));
        }
        if (actions.isEmpty()) {
            throw new MalformedException("vCont without an action");
        }
        return new Request.Resume(List.copyOf(actions), OptionalLong.empty());
    }

    private static Action action(PacketReader in) throws MalformedException {
        char letter = in.any();
        return switch (letter) {
            case 'c' -> new Action.Continue();
            case 's' -> new Action.Step();
            case 'C' -> {
                in.number();
                yield new Action.Continue();
            }
            case 'S' -> {
                in.number();
                yield new Action.Step();
            }
            case 't' -> new Action.Stop();
            case 'r' -> {
                long start = in.number();
                in.expect(',');
                yield new Action.StepRange(start, in.number());
            }
            default -> throw new MalformedException("no vCont action '" + letter + "'");
        };
    }

    private static Request run(PacketReader in) throws MalformedException {
        in.expect(';');
        String file = in.hexText();
        List<String> arguments = new ArrayList<>();
        while (in.accept(';')) {
            arguments.add(in.hexText());
        }
        return new Request.Run(file, List.copyOf(arguments));
    }

    private static Request file(String operation, PacketReader in) throws MalformedException {
        in.expect(':');
        return switch (operation) {
            case "setfs" -> new Request.FileSystem(in.number());
            case "open" -> {
                String name = in.hexText();
                in.expect(',');
                long flags = in.number();
                in.expect(',');
                in.number();
                yield new Request.FileOpen(name, flags);
            }
            case "close" -> new Request.FileClose(in.signed());
            case "pread" -> {
                long descriptor = in.signed();
                in.expect(',');
                long count = in.number();
                in.expect(',');
                yield new Request.FileRead(descriptor, count, in.number());
            }
            case "fstat" -> new Request.FileStatus(in.signed());
            case "stat" -> new Request.PathStatus(in.hexText());
            case "readlink" -> new Request.ReadLink(in.hexText());
            case "pwrite", "unlink" -> {
                in.rest();
                yield new Request.FileChange();
            }
            default -> new Request.Unknown("vFile:" + operation);
        };
    }

    // ---- q and Q packets ----------------------------------------------------------------------------------------

    private static Request query(String name, PacketReader in) throws MalformedException {
        if (name.startsWith(REGISTER_INFO)) {
            return new Request.RegisterInfo(new PacketReader(name.substring(REGISTER_INFO.length())).number());
        }
        return switch (name) {
            case "qSupported" -> supported(in);
            case "QStartNoAckMode" -> new Request.StartNoAckMode();
            case "QNonStop" -> {
                in.expect(':');
                yield new Request.NonStop(in.number() != 0);
            }
            case "QPassSignals", "QProgramSignals", "QThreadEvents" -> {
                in.rest();
                yield new Request.Accepted();
            }
            case "QCatchSyscalls" -> catchSyscalls(in);
            case "qC" -> new Request.CurrentThread();
            case "qfThreadInfo" -> new Request.FirstThreads();
            case "qsThreadInfo" -> new Request.MoreThreads();
            case "qThreadExtraInfo" -> {
                in.expect(',');
                yield new Request.ThreadExtraInfo(in.thread());
            }
            case "qGetTLSAddr" -> {
                in.expect(':');
                ThreadId thread = in.thread();
                in.expect(',');
                long offset = in.number();
                in.expect(',');
                yield new Request.ThreadLocalAddress(thread, offset, in.number());
            }
            case "qAttached" -> {
                if (in.accept(':')) {
                    in.number();
                }
                yield new Request.Attached();
            }
            case "qSymbol" -> {
                in.rest();
                yield new Request.SymbolLookup();
            }
            case "qRcmd" -> {
                in.expect(',');
                yield new Request.Monitor(in.hexText());
            }
            case "qXfer" -> transfer(in);
            case "qSearch" -> search(in);
            case "qCRC" -> {
                in.expect(':');
                long address = in.number();
                in.expect(',');
                yield new Request.Crc(address, in.number());
            }
            case "qHostInfo" -> new Request.HostInfo();
            case "qProcessInfo", "qProcessInfoPID" -> {
                in.rest();
                yield new Request.ProcessInfo();
            }
            case "qMemoryRegionInfo" -> {
                in.expect(':');
                yield new Request.MemoryRegionInfo(in.number());
            }
            case "qTStatus" -> new Request.TraceStatus();
            case "QTFrame" -> {
                in.expect(':');
                yield new Request.SelectFrame(selector(in));
            }
            default -> new Request.Unknown(name);
        };
    }

    private static Request supported(PacketReader in) {
        List<String> features = new ArrayList<>();
        in.accept(':');
        while (!in.atEnd()) {
            String feature = in.until(";");
            if (!feature.isEmpty()) {
                features.add(feature);
            }
            in.accept(';');
        }
        return new Request.Supported(List.copyOf(features));
    }

    private static Request catchSyscalls(PacketReader in) throws MalformedException {
        in.expect(':');
        boolean on = in.number() != 0;
        List<Long> numbers = new ArrayList<>();
        while (in.accept(';')) {
            numbers.add(in.number());
        }
        return new Request.CatchSyscalls(on, List.copyOf(numbers));
    }

    private static Request transfer(PacketReader in) throws MalformedException {
        in.expect(':');
        String object = in.until(":");
        in.expect(':');
        String operation = in.until(":");
        in.expect(':');
        if (!operation.equals("read")) {
            in.rest();
            return new Request.Unknown("qXfer:" + object + ":" + operation);
        }
        String annex = in.until(":");
        in.expect(':');
        long offset = in.number();
        in.expect(',');
        return new Request.TransferRead(object, annex, offset, in.number());
    }

    private static Request search(PacketReader in) throws MalformedException {
        in.expect(':');
        if (!in.until(":").equals("memory")) {
            in.rest();
            return new Request.Unknown("qSearch");
        }
        in.expect(':');
        long address = in.number();
        in.expect(';');
        long length = in.number();
        in.expect(';');
        return new Request.SearchMemory(address, length, in.rest());
    }

    private static FrameSelector selector(PacketReader in) throws MalformedException {
        switch (in.peek()) {
            case 'p', 't', 'r', 'o' -> {}
            default -> {
                // tfind none sends all ones, 32 bits wide.
                long number = in.signed();
                return new FrameSelector.Number(number == 0xffff_ffffL ? -1 : number);
            }
        }
        String kind = in.until(":");
        in.expect(':');
        long first = in.number();
        return switch (kind) {
            case "pc" -> new FrameSelector.Pc(first, first, true);
            case "tdp" -> new FrameSelector.Tracepoint(first);
            case "range", "outside" -> {
                in.expect(':');
                yield new FrameSelector.Pc(first, in.number(), kind.equals("range"));
            }
            default -> throw new MalformedException("no trace frame selector \"" + kind + "\"");
        };
    }
}
