package dev.retrap.gdbstub.rsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrap.gdbstub.rsp.Request.Action;
import dev.retrap.gdbstub.rsp.Request.FrameSelector;
import dev.retrap.gdbstub.rsp.Request.PointType;
import dev.retrap.gdbstub.rsp.Request.ThreadAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
    private static final ThreadId ONE = new ThreadId(1, 1);

    static Stream<Arguments> packets() {
        return Stream.of(
                arguments("qSupported:multiprocess+;swbreak+;xmlRegisters=i386",
                        new Request.Supported(List.of("multiprocess+", "swbreak+", "xmlRegisters=i386"))),
                arguments("qSupported", new Request.Supported(List.of())),
                arguments("vMustReplyEmpty", new Request.MustReplyEmpty()),
                arguments("QStartNoAckMode", new Request.StartNoAckMode()),
                arguments("!", new Request.ExtendedMode()),
                arguments("?", new Request.StopReason()),
                arguments("QNonStop:0", new Request.NonStop(false)),
                arguments("QProgramSignals:0;1;3", new Request.Accepted()),
                arguments("QCatchSyscalls:0", new Request.CatchSyscalls(false, List.of())),
                arguments("QCatchSyscalls:1", new Request.CatchSyscalls(true, List.of())),
                arguments("QCatchSyscalls:1;4;e0", new Request.CatchSyscalls(true, List.of(4L, 0xe0L))),

                arguments("Hgp1.1", new Request.SelectThread('g', ONE)),
                arguments("Hgp0.0", new Request.SelectThread('g', new ThreadId(0, 0))),
                arguments("Hc-1", new Request.SelectThread('c', ThreadId.EVERY)),
                arguments("Hcp1.-1", new Request.SelectThread('c', new ThreadId(1, -1))),
                arguments("T1", new Request.ThreadAlive(new ThreadId(0, 1))),
                arguments("qC", new Request.CurrentThread()),
                arguments("qfThreadInfo", new Request.FirstThreads()),
                arguments("qsThreadInfo", new Request.MoreThreads()),
                arguments("qThreadExtraInfo,p1.1", new Request.ThreadExtraInfo(ONE)),
                arguments("qAttached:1", new Request.Attached()),
                arguments("qSymbol::", new Request.SymbolLookup()),
                arguments("D;1", new Request.Detach(1)),
                arguments("D", new Request.Detach(0)),
                arguments("k", new Request.Kill()),
                arguments("vKill;1", new Request.KillProcess(1)),
                arguments("R00", new Request.Restart()),
                arguments("vRun;;2d78", new Request.Run("", List.of("-x"))),
                arguments("vAttach;1", new Request.Attach(1)),

                arguments("g", new Request.ReadRegisters()),
                arguments("p1f", new Request.ReadRegister(0x1f)),
                arguments("mc0100000,40", new Request.ReadMemory(0xc0100000L, 0x40, false)),
                arguments("xffffffffffffffff,1", new Request.ReadMemory(-1, 1, true)),
                arguments("qCRC:c0100000,1000", new Request.Crc(0xc0100000L, 0x1000)),

                arguments("Z0,8048000,1",
                        new Request.InsertPoint(PointType.SOFTWARE_BREAKPOINT, 0x8048000, 1, List.of(), List.of())),
                arguments("z1,8048000,1", new Request.RemovePoint(PointType.HARDWARE_BREAKPOINT, 0x8048000, 1)),
                arguments("Z2,bffff000,100",
                        new Request.InsertPoint(PointType.WRITE_WATCHPOINT, 0xbffff000L, 0x100, List.of(), List.of())),

                arguments("qHostInfo", new Request.HostInfo()),
                arguments("qProcessInfo", new Request.ProcessInfo()),
                arguments("qMemoryRegionInfo:8048000", new Request.MemoryRegionInfo(0x8048000)),
                arguments("qRegisterInfo1f", new Request.RegisterInfo(0x1f)),
                arguments("jThreadsInfo", new Request.ThreadsInfo()),

                arguments("vCont?", new Request.ResumeSupported()),
                arguments("vCont;c", resume(new ThreadAction(new Action.Continue(), ThreadId.EVERY))),
                arguments("vCont;s:p1.1;c:p1.-1", resume(
                        new ThreadAction(new Action.Step(), ONE),
                        new ThreadAction(new Action.Continue(), new ThreadId(1, -1)))),
                arguments("vCont;r8048000,8048010:p1.1",
                        resume(new ThreadAction(new Action.StepRange(0x8048000, 0x8048010), ONE))),
                arguments("vCont;C05:1", resume(new ThreadAction(new Action.Continue(), new ThreadId(0, 1)))),
                arguments("c", resume(new ThreadAction(new Action.Continue(), ThreadId.EVERY))),
                arguments("S05", resume(new ThreadAction(new Action.Step(), ThreadId.EVERY))),
                arguments("s8048000", new Request.Resume(
                        List.of(new ThreadAction(new Action.Step(), ThreadId.EVERY)), OptionalLong.of(0x8048000))),
                arguments("bs", new Request.ReverseStep()),
                arguments("bc", new Request.ReverseContinue()),

                arguments("qXfer:features:read:target.xml:0,ffb",
                        new Request.TransferRead("features", "target.xml", 0, 0xffb)),
                arguments("qXfer:auxv:read::0,1000", new Request.TransferRead("auxv", "", 0, 0x1000)),
                arguments("qRcmd,68656c70", new Request.Monitor("help")),
                arguments("vFile:setfs:0", new Request.FileSystem(0)),
                arguments("vFile:open:2f61,0,1c0", new Request.FileOpen("/a", 0)),
                arguments("vFile:pread:3,3fff,10", new Request.FileRead(3, 0x3fff, 0x10)),
                arguments("vFile:fstat:3", new Request.FileStatus(3)),
                arguments("vFile:stat:2f61", new Request.PathStatus("/a")),
                arguments("vFile:close:-1", new Request.FileClose(-1)),
                arguments("vFile:readlink:2f61", new Request.ReadLink("/a")),
                arguments("vFile:unlink:2f61", new Request.FileChange()),
                arguments("vFile:pwrite:3,0,data", new Request.FileChange()),

                arguments("qTStatus", new Request.TraceStatus()),
                arguments("QTFrame:4", new Request.SelectFrame(new FrameSelector.Number(4))),
                arguments("QTFrame:ffffffff", new Request.SelectFrame(new FrameSelector.Number(-1))),
                arguments("QTFrame:pc:8048030",
                        new Request.SelectFrame(new FrameSelector.Pc(0x8048030, 0x8048030, true))),
                arguments("QTFrame:outside:1:2", new Request.SelectFrame(new FrameSelector.Pc(1, 2, false))));
    }

    private static Request.Resume resume(ThreadAction... actions) {
        return new Request.Resume(List.of(actions), OptionalLong.empty());
    }

    private static Request parse(String packet) {
        return RequestParser.parse(packet.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void packetMakesRequest(String packet, Request request) {
        assertThat(parse(packet)).isEqualTo(request);
    }

    @Test
    void breakpointHasConditionsAndCommands() {
        assertThat(parse("Z0,100,1;X3,220127X3,220027;cmds:1,X2,2701"))
                .isInstanceOfSatisfying(Request.InsertPoint.class, z -> {
                    assertThat(z.conditions()).containsExactly(new byte[] {0x22, 1, 0x27}, new byte[] {0x22, 0, 0x27});
                    assertThat(z.commands()).containsExactly(new byte[] {0x27, 1});
                });
        assertThat(parse("Z0,100,1;cmds:0,")).isInstanceOf(Request.InsertPoint.class);
        assertThat(parse("Z0,100,1;cads:0,X1,27")).isInstanceOf(Request.Malformed.class);
    }

    @Test
    void memoryIsWrittenInHexadecimalOrBinary() {
        byte[] three = {0x01, (byte) 0xab, (byte) 0xff};
        assertThat(parse("M100,3:01abff")).isInstanceOfSatisfying(Request.WriteMemory.class, w -> {
            assertThat(w.address()).isEqualTo(0x100);
            assertThat(w.data()).isEqualTo(three);
        });
        assertThat(parse("X100,3:\u0001\u00ab\u00ff")).isInstanceOfSatisfying(Request.WriteMemory.class,
                w -> assertThat(w.data()).isEqualTo(three));
        assertThat(parse("X100,0:")).isInstanceOf(Request.WriteMemory.class);
    }

    @Test
    void registersAreWritten() {
        assertThat(parse("P8=78563412")).isInstanceOfSatisfying(Request.WriteRegister.class, w -> {
            assertThat(w.number()).isEqualTo(8);
            assertThat(w.value()).containsExactly(0x78, 0x56, 0x34, 0x12);
        });
        assertThat(parse("G0011")).isInstanceOfSatisfying(Request.WriteRegisters.class,
                w -> assertThat(w.block()).containsExactly(0x00, 0x11));
    }

    @Test
    void conditionsComeWithBreakpoints() {
        assertThat(parse("Z1,8048020,1;X3,220127X2,2227")).isInstanceOfSatisfying(Request.InsertPoint.class, p -> {
            assertThat(p.conditions()).hasSize(2);
            assertThat(p.conditions().get(0)).containsExactly(0x22, 0x01, 0x27);
            assertThat(p.conditions().get(1)).containsExactly(0x22, 0x27);
        });
    }

    @Test
    void patternsAreBinary() {
        assertThat(parse("qSearch:memory:c0000000;1000;\u0000;:\u00ff"))
                .isInstanceOfSatisfying(Request.SearchMemory.class, s -> {
                    assertThat(s.length()).isEqualTo(0x1000);
                    assertThat(s.pattern()).containsExactly(0x00, ';', ':', 0xff);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "m", "m100", "m100,", "mxyz,4", "m100,4,5", "m12345678901234567,1", "M100,3:01ab", "X100,3:ab", "p", "P8",
        "P8=1", "G0", "H", "Hg", "Hgp1.", "Tp", "Z0", "Z0,100", "Z0,100,1;X5,22", "Z0,100,1;Y", "vCont;", "vCont",
        "vCont;q", "vCont;r100", "c100,", "vKill", "vKill;", "vFile:open:2f6,0,0", "vFile:pread:3,1", "qRcmd,6",
        "qXfer:features:read:target.xml:0", "qXfer:features:read", "qCRC:0", "QTFrame:zz", "QTFrame:range:1",
        "QNonStop", "gg", "?x", "bsx", "qCx", "k0"
    })
    void whatBreaksTheGrammarIsSaidToBeMalformedOrUnknown(String packet) {
        assertThat(parse(packet)).isInstanceOfAny(Request.Malformed.class, Request.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "qFrob", "QFrob:1", "vFrob;1", "vFile:frob:0", "Z9,0,0", "b", "bx", "qL1200000"})
    void whatThisStubDoesNotHaveIsUnknown(String packet) {
        assertThat(parse(packet)).isInstanceOf(Request.Unknown.class);
    }
}
