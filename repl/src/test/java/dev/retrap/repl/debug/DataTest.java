package dev.retrap.repl.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at registers, memory, code and the recording, at the first call of the vDSO by sixargs. */
class DataTest {
    private Session s;

    @BeforeEach
    void open() throws Exception {
        s = new Session("v4.4", "sixargs");
        s.run("tbreak __kernel_vsyscall", "continue");
    }

    @AfterEach
    void close() throws Exception {
        s.close();
    }

    @Test
    void registers() {
        assertThat(s.run("info registers")).containsPattern("ebx +0x11111111 +286331153")
                .containsPattern("eip +0x\\w+ +0x\\w+ <__kernel_vsyscall>").containsPattern("eflags +0x202 +\\[ IF \\]")
                .containsPattern("cs +0x73 +115");
        assertThat(s.run("i r eax $ebp")).hasLineCount(2).contains("0xe0").contains("0x66666666");
        assertThat(s.run("info registers system")).contains("cr3").contains("sysenter_eip").contains("cpl");
        assertThat(s.fails("info registers nosuch")).contains("Invalid register");
    }

    @Test
    void print() {
        assertThat(s.run("print $ecx")).isEqualTo("$1 = 572662306\n");
        assertThat(s.run("p/x $ecx")).isEqualTo("$2 = 0x22222222\n");
        assertThat(s.run("p/t 10")).isEqualTo("$3 = 1010\n");
        assertThat(s.run("p/o 8")).isEqualTo("$4 = 010\n");
        assertThat(s.run("p/c 65")).isEqualTo("$5 = 65 'A'\n");
        assertThat(s.run("p $5 + 1")).isEqualTo("$6 = 66\n");
        assertThat(s.run("p $$")).isEqualTo("$7 = 65\n");
        assertThat(s.run("p $eflags")).isEqualTo("$8 = [ IF ]\n");
        assertThat(s.run("p $pc")).matches("\\$9 = 0x\\w+ <__kernel_vsyscall>\n");
        assertThat(s.run("p/a __kernel_vsyscall + 9")).contains("<int80_landing_pad>");
        assertThat(s.run("p/z $cs")).contains("0x00000073");
        assertThat(s.run("p *(unsigned char *)0x8048000@4")).contains("{127 '\\177', 69 'E', 76 'L', 70 'F'}");
        assertThat(s.run("output/x 255")).isEqualTo("0xff");
        assertThat(s.run("print")).endsWith("\n");
        assertThat(s.fails("print $99")).contains("History has not yet reached $99");
    }

    @Test
    void variables() {
        s.run("set $stack = $esp");
        assertThat(s.run("p $stack == $esp")).endsWith("= 1\n");
        assertThat(s.run("show variables")).contains("$stack = ");
        assertThat(s.fails("set $position = 1")).contains("cannot be set");
        assertThat(s.fails("set variable x = 1")).contains("are required");
    }

    @Test
    void examine() {
        assertThat(s.run("x/4xb 0x8048000")).isEqualTo("0x8048000:\t0x7f\t0x45\t0x4c\t0x46\n");
        assertThat(s.again()).startsWith("0x8048004:\t0x01");
        assertThat(s.run("x/2xw $esp").split("\t")[1]).startsWith("0x0804");
        assertThat(s.run("x/i $pc")).startsWith("=> 0x").contains("push").contains("%ecx");
        assertThat(s.run("x/2i")).contains("__kernel_vsyscall+0x1").contains("__kernel_vsyscall+0x2");
        assertThat(s.run("x/a $esp")).contains("<user_call_returned");
        assertThat(s.run("x/3c 0x8048001")).contains("69 'E'").contains("76 'L'");
        assertThat(s.run("x/s 0x8048001")).contains("\"ELF\\001\\001\\001\"");
        assertThat(s.fails("x 0")).contains("Cannot access memory at address 0x0");
        assertThat(s.fails("x/q 0")).contains("undefined output format");
    }

    @Test
    void disassemble() {
        String code = s.run("disassemble");
        assertThat(code).contains("=> ").contains("sysenter").contains("int    $0x80").contains("ret");
        assertThat(s.run("set disassembly-flavor intel", "disassemble")).contains("push   ecx").contains("int    0x80");
        assertThat(s.run("disassemble /r __kernel_vsyscall,+6")).hasLineCount(5).contains("0f 34");
        assertThat(s.run("disassemble do_fast_syscall_32")).startsWith("   0x").contains("call");
        assertThat(s.fails("set disassembly-flavor masm")).contains("att or intel");
    }

    @Test
    void backtraceFromUserCodeAndThroughTheKernel() {
        String user = s.run("bt");
        assertThat(user).containsPattern("#0 +0x\\w+ in __kernel_vsyscall \\(\\)")
                .containsPattern("#1 +0x\\w+ in user_call\\+").contains("main+").contains("_start+");
        s.run("break sys_gettid", "c");
        String kernel = s.run("bt");
        assertThat(kernel).containsPattern("#0 +0x\\w+ in sys_gettid \\(\\)").contains("do_fast_syscall_32+")
                .contains("-- SYSENTER, event").contains("user_call+").contains("main+");
        assertThat(kernel.lines().filter(l -> l.contains("?"))).isEmpty();
        assertThat(s.run("bt 1")).hasLineCount(1);
    }

    @Test
    void displaysAreShownAtEachStop() {
        assertThat(s.run("display/i $pc + 0")).startsWith("1: ");
        s.run("undisplay 1", "display/x $ecx");
        assertThat(s.run("si")).contains("2: /x $ecx = 0x22222222");
        s.run("undisplay");
        assertThat(s.run("si")).doesNotContain("$ecx");
    }

    @Test
    void symbols() {
        assertThat(s.run("info symbol $pc")).contains("__kernel_vsyscall in vdso");
        assertThat(s.run("info address main")).contains("in sixargs");
        assertThat(s.run("info files")).contains("kernel").contains("vdso").contains("sixargs");
        assertThat(s.run("info page 0xc0100000")).contains("is physical 0x100000");
        assertThat(s.run("info page 0")).contains("not mapped");
        assertThat(s.fails("info address nosuch")).contains("No symbol");
    }

    @Test
    void eventsAroundHere() {
        String events = s.run("events");
        assertThat(events).contains("> #").contains("SYSENTER").contains("gettid");
        assertThat(s.again()).contains("#2").doesNotContain("> #");
        String filtered = s.run("events nr=224 kind=SYSENTER");
        assertThat(filtered.lines().skip(1)).isNotEmpty().allMatch(l -> l.contains("SYSENTER"));
        assertThat(s.run("set raw-calls on", "events nr=224 entry")).contains(
                "gettid(0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x55555555, 0x66666666)");
        assertThat(s.run("info events syscall")).containsPattern("SYSENTER +\\d").containsPattern("total +\\d");
        assertThat(s.fails("events foo")).contains("event filter");
        assertThat(s.fails("catch foo=1")).contains("event filter");
    }

    @Test
    void whatIsKnownAboutTheRecording() {
        assertThat(s.run("info program")).contains("variant v4.4").contains("sixargs").contains("p6")
                .contains("powered off with status 0");
        assertThat(s.run("info console")).isEmpty();
        assertThat(s.run("goto end", "info console")).contains("vdso : eax=00000001 ebx=11111111");
        assertThat(s.run("info inputs")).contains("Nothing came in");
    }

    @Test
    void scriptsStopAtTheirFirstError(@TempDir Path directory) throws Exception {
        Path inner = Files.writeString(directory.resolve("inner"), "stepi\n# a comment\n\nstepi\n");
        Path outer = Files.writeString(directory.resolve("outer"), "source " + inner + "\nnonsense\nstepi\n");
        long from = s.position();
        s.run("source " + inner);
        assertThat(s.position()).isEqualTo(from + 2);
        assertThat(s.debugger.execute("source " + outer)).isEqualTo(Debugger.Outcome.FAILED);
        assertThat(s.position()).isEqualTo(from + 4);
        assertThat(s.fails("source " + directory.resolve("missing"))).contains("No such file");
        Files.writeString(inner, "source " + inner + "\n");
        assertThat(s.debugger.execute("source " + inner)).isEqualTo(Debugger.Outcome.FAILED);
    }

    @Test
    void completions() {
        assertThat(s.debugger.complete("rev").words()).contains("reverse-stepi", "reverse-continue");
        assertThat(s.debugger.complete("info ").words()).contains("registers", "breakpoints");
        assertThat(s.debugger.complete("break __kernel_v").words()).containsExactly("__kernel_vsyscall");
        assertThat(s.debugger.complete("print *$eb").words()).containsExactly("$ebx", "$ebp");
        assertThat(s.debugger.complete("print *$eb").from()).isEqualTo("print *".length());
        assertThat(s.debugger.complete("events kind=SYS").words())
                .containsExactly("kind=SYSENTER", "kind=SYSCALL", "kind=SYSEXIT", "kind=SYSRET");
        assertThat(s.debugger.complete("goto ev").words()).containsExactly("event");
        assertThat(s.debugger.complete("help reverse-c").words()).containsExactly("reverse-continue");
        assertThat(s.debugger.complete("nonsense ").words()).isEmpty();
    }
}
