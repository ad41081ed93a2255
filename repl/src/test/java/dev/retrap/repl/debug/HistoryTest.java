package dev.retrap.repl.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to the history and branches of it, as commands. */
class HistoryTest {
    private Session s;

    @BeforeEach
    void open() throws Exception {
        s = new Session("v4.4", "sixargs");
        s.run("break sys_gettid", "continue");
    }

    @AfterEach
    void close() throws Exception {
        s.close();
    }

    @Test
    void whoWroteAndWhoCalled() {
        long here = s.position();
        // The return address of the handler was put there by its call.
        String called = s.run("who-called");
        assertThat(called).contains("do_fast_syscall_32").contains("call");
        assertThat(s.run("last-write $esp")).contains("do_fast_syscall_32").contains("call").contains(" -> 0x");
        String position = called.split(" +")[1];
        assertThat(s.run("last-write $esp, 4")).startsWith("position " + position);
        assertThat(s.run("last-write/j $esp, 4")).contains("\"position\":" + position).contains("\"write\":true");
        assertThat(s.run("writes/j $esp, 4, 3")).startsWith("[{").contains("\"position\":" + position);
        assertThat(s.run("executions sys_gettid, 1")).contains("Not executed before this");
        assertThat(s.run("last-write $eip")).contains("rip 0x").contains("-> 0x");
        assertThat(s.run("next-write $esp")).contains("position");
        assertThat(s.position()).isEqualTo(here);
        s.run("goto " + position);
        assertThat(s.run("x/i $pc")).contains("call");
    }

    @Test
    void anArgumentComesFromTheProgram() {
        String way = s.run("origin $esp+8"); // ecx of the caller, pushed by the kernel for its handler
        assertThat(way.lines().count()).isGreaterThan(3);
        assertThat(way.lines().findFirst().orElseThrow()).startsWith("copy").contains("push");
        assertThat(way).contains("ecx");
        assertThat(s.run("origin/j $esp+8")).startsWith("[{\"kind\":\"copy\"");
    }

    @Test
    void writingStartsABranchBesideTheRecording() throws Exception {
        Path file = s.recording.file();
        byte[] before = Files.readAllBytes(file);
        long here = s.position();
        assertThat(s.run("branch")).isEqualTo("* main\n");
        assertThat(s.run("set $eax = 0x1234")).contains("starts branch branch-1");
        assertThat(s.value("$eax")).isEqualTo(0x1234);
        assertThat(s.run("branch")).isEqualTo("  main\n* branch-1\n");
        s.run("delete", "continue");
        s.run("branch main");
        assertThat(s.position()).isEqualTo(here);
        assertThat(s.value("$eax")).isNotEqualTo(0x1234);
        assertThat(s.run("branch other")).contains("Branch other begins here");
        s.run("set memory $esp-64, 0x55, 1");
        assertThat(s.value("*(char *)($esp-64)") & 0xFF).isEqualTo(0x55);
        assertThat(s.fails("branch a/b")).contains("name");
        assertThat(s.fails("set memory 1")).contains("value");
        assertThat(s.fails("last-write")).contains("Argument required");
        assertThat(s.fails("reads $eax")).contains("memory");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
}
