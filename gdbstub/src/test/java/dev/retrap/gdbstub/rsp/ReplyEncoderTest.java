package dev.retrap.gdbstub.rsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.gdbstub.rsp.Reply.StopCause;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplyEncoderTest {
    private static String encode(Reply reply) {
        return new String(ReplyEncoder.encode(reply, false), StandardCharsets.ISO_8859_1);
    }

    @Test
    void plainReplies() {
        assertThat(encode(Reply.OK)).isEqualTo("OK");
        assertThat(encode(Reply.UNSUPPORTED)).isEmpty();
        assertThat(encode(new Reply.Hex(new byte[] {1, (byte) 0xfe}))).isEqualTo("01fe");
        assertThat(encode(new Reply.Binary("l", new byte[] {'a', 'b'}))).isEqualTo("lab");
        assertThat(encode(new Reply.Console("hi\n"))).isEqualTo("O68690a");
        assertThat(encode(new Reply.File(3, Optional.of(new byte[] {'x', 'y', 'z'})))).isEqualTo("F3;xyz");
        assertThat(encode(new Reply.File(0, Optional.empty()))).isEqualTo("F0");
        assertThat(encode(new Reply.FileError(30))).isEqualTo("F-1,1e");
    }

    @Test
    void errorTextsGoOnlyWhereTheClientTakesThem() {
        Reply error = new Reply.Error(14, "no memory\nmapped");
        assertThat(encode(error)).isEqualTo("E0e");
        assertThat(new String(ReplyEncoder.encode(error, true), StandardCharsets.US_ASCII))
                .isEqualTo("E.no memory mapped");
        assertThat(encode(new Reply.Refused("history is not changed"))).isEqualTo("E.history is not changed");
    }

    @Test
    void stopRepliesSayWhy() {
        assertThat(stop(new StopCause.Plain())).isEqualTo("T0508:78563412;thread:p1.1;");
        assertThat(stop(new StopCause.SoftwareBreakpoint())).isEqualTo("T05swbreak:;08:78563412;thread:p1.1;");
        assertThat(stop(new StopCause.HardwareBreakpoint())).startsWith("T05hwbreak:;");
        assertThat(stop(new StopCause.Watchpoint(Request.PointType.WRITE_WATCHPOINT, 0xbffff000L)))
                .startsWith("T05watch:bffff000;");
        assertThat(stop(new StopCause.Watchpoint(Request.PointType.READ_WATCHPOINT, 1))).startsWith("T05rwatch:1;");
        assertThat(stop(new StopCause.Watchpoint(Request.PointType.ACCESS_WATCHPOINT, 1))).startsWith("T05awatch:1;");
        assertThat(stop(new StopCause.SyscallEntry(0xe0))).startsWith("T05syscall_entry:e0;");
        assertThat(stop(new StopCause.SyscallReturn(20))).startsWith("T05syscall_return:14;");
        assertThat(stop(new StopCause.Forked("p3.3", false))).startsWith("T05fork:p3.3;");
        assertThat(stop(new StopCause.Forked("p3.3", true))).startsWith("T05vfork:p3.3;");
        assertThat(stop(new StopCause.VforkDone())).startsWith("T05vforkdone:;");
        assertThat(stop(new StopCause.Executed("/sh"))).startsWith("T05exec:2f7368;");
        assertThat(stop(new StopCause.HistoryBegin())).startsWith("T05replaylog:begin;");
        assertThat(stop(new StopCause.HistoryEnd())).startsWith("T05replaylog:end;");
    }

    private static String stop(StopCause cause) {
        return encode(new Reply.Stopped(5, cause,
                List.of(new Reply.ExpeditedRegister(8, new byte[] {0x78, 0x56, 0x34, 0x12})), "p1.1"));
    }
}
