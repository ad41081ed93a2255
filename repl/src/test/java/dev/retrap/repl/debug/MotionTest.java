package dev.retrap.repl.debug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stepping and running, both ways, on recordings of the fixtures. */
class MotionTest {
    private Session s;

    @BeforeEach
    void open() throws Exception {
        s = new Session("v4.4", "sixargs");
    }

    @AfterEach
    void close() throws Exception {
        s.close();
    }

    @Test
    void stepsThereAndBack() {
        s.run("goto 50%");
        long from = s.position();
        s.run("stepi 10");
        assertThat(s.position()).isEqualTo(from + 10);
        s.run("rsi");
        assertThat(s.position()).isEqualTo(from + 9);
        s.again();
        assertThat(s.position()).isEqualTo(from + 8);
        s.run("reverse-stepi 8");
        assertThat(s.position()).isEqualTo(from);
    }

    @Test
    void bothEndsOfHistorySaySo() {
        assertThat(s.run("goto start", "rsi")).contains("No more reverse-execution history");
        assertThat(s.run("rc")).contains("No more reverse-execution history");
        assertThat(s.run("goto end", "si")).contains("powered off with status 0");
        assertThat(s.run("c")).contains("powered off with status 0");
        assertThat(s.position()).isEqualTo(s.recording.endPosition());
    }

    @Test
    void breakpointsAreHitInTheSameOrderBothWays() {
        s.run("break __kernel_vsyscall");
        List<Long> forward = new ArrayList<>();
        while (s.run("continue").contains("Breakpoint 1, __kernel_vsyscall")) {
            forward.add(s.position());
            assertThat(s.value("$pc")).isEqualTo(s.value("__kernel_vsyscall"));
        }
        assertThat(forward).hasSizeGreaterThan(5).isSorted();
        List<Long> backward = new ArrayList<>();
        while (s.run("reverse-continue").contains("Breakpoint 1, __kernel_vsyscall")) {
            backward.add(s.position());
        }
        assertThat(backward.reversed()).isEqualTo(forward);
    }

    @Test
    void conditionsIgnoreCountsAndTemporaries() {
        s.run("break __kernel_vsyscall if $eflags & 0x4000");
        assertThat(s.run("c")).contains("Breakpoint 1");
        assertThat(s.value("($eflags >> 14) & 1")).isEqualTo(1);
        assertThat(s.run("c")).doesNotContain("Breakpoint 1").contains("powered off");

        s.run("condition 1", "goto start", "ignore 1 2", "c");
        long third = s.position();
        assertThat(s.run("info breakpoints")).contains("already hit");
        s.run("goto start", "c", "c", "c");
        assertThat(s.position()).isEqualTo(third);
        s.run("goto start", "c", "c 2");
        assertThat(s.position()).isEqualTo(third);

        s.run("delete", "goto start", "tbreak __kernel_vsyscall");
        assertThat(s.run("c")).contains("Temporary breakpoint 2");
        assertThat(s.run("c")).contains("powered off");
        assertThat(s.run("info breakpoints")).contains("No breakpoints");
    }

    @Test
    void disabledBreakpointsDoNotStop() {
        s.run("break __kernel_vsyscall", "disable");
        assertThat(s.run("c")).contains("powered off");
        s.run("enable 1", "goto start");
        assertThat(s.run("c")).contains("Breakpoint 1");
    }

    @Test
    void aConditionThatCannotBeEvaluatedStopsAndSaysWhy() {
        s.run("break __kernel_vsyscall if *(int *)0 == 1");
        assertThat(s.run("c")).contains("Error in testing condition for breakpoint 1")
                .contains("Cannot access memory at address 0x0");
    }

    @Test
    void aWatchpointShowsTheWriteTheSameWayInBothDirections() {
        // The vDSO pushes ECX first: the word below the return address.
        s.run("break __kernel_vsyscall", "c", "delete");
        long at = s.position();
        s.run("watch *(unsigned int *)($esp - 4)");
        String forward = s.run("c");
        assertThat(forward).contains("Watchpoint 2").contains("write at").contains("-> 0x22222222");
        assertThat(s.position()).isEqualTo(at + 1);
        s.run("si");
        String backward = s.run("rc");
        assertThat(backward).contains("about to write at").contains("-> 0x22222222");
        assertThat(s.position()).isEqualTo(at);
        String values = forward.replaceAll("(?s).*(0x\\w+ -> 0x\\w+).*", "$1");
        assertThat(backward).contains(values);
    }

    @Test
    void readAndAccessWatchpointsOfAnyLength() {
        s.run("break __kernel_vsyscall", "c", "delete");
        s.run("rwatch *(int *)($esp)");
        assertThat(s.run("c")).contains("Read watchpoint").contains("read at");
        assertThat(s.value("*(int *)($esp - 4)")).isEqualTo(s.value("$pc"));
        s.run("delete", "awatch $esp - 0x100, 0x100");
        assertThat(s.run("info breakpoints")).contains("acc watchpoint");
        assertThat(s.run("c")).contains("Acc watchpoint");
    }

    @Test
    void catchpointsStopAfterTheEventForwardAndBeforeItBackward() {
        s.run("catch entry kind=SYSENTER");
        assertThat(s.run("c")).contains("Catchpoint 1").contains("SYSENTER");
        Event first = s.recording.findForward(0, e -> e.name().equals("SYSENTER")).orElseThrow();
        assertThat(s.position()).isEqualTo(first.position() + 1);
        s.run("c", "rc");
        assertThat(s.run("rc")).contains("Catchpoint 1");
        assertThat(s.position()).isEqualTo(first.position());
    }

    @ParameterizedTest
    @CsvSource({"v4.2, SYSENTER", "v4.4, SYSENTER", "v4.2, INT 0x80", "v4.4, INT 0x80"})
    void nextiPassesOverASystemCallAndReverseNextiComesBack(String variant, String how) throws Exception {
        try (Session t = new Session(variant, "sixargs")) {
            Event entry = t.recording.findForward(0, e -> e.name().equals(how)).orElseThrow();
            t.run("goto event " + entry.index(), "nexti");
            Event exit = t.recording.event(entry.pair());
            assertThat(t.position()).isEqualTo(exit.position() + 1);
            assertThat(t.value("$cpl")).isEqualTo(3);
            t.run("reverse-nexti");
            assertThat(t.position()).isEqualTo(entry.position());
        }
    }

    @Test
    void nextiPassesOverACallAndReverseNextiComesBack() {
        // user_call calls through a pointer; user_call_returned is the instruction after it.
        s.run("break *user_call_returned", "c", "delete");
        long after = s.position();
        s.run("reverse-nexti");
        long call = s.position();
        assertThat(s.run("x/i $pc")).contains("call");
        assertThat(call).isLessThan(after - 10);
        s.run("nexti");
        assertThat(s.position()).isEqualTo(after);
        // A breakpoint within the call stops it.
        s.run("rni", "break do_fast_syscall_32");
        assertThat(s.run("nexti")).contains("Breakpoint 2, do_fast_syscall_32");
    }

    @Test
    void nextiPassesOverInterrupts() throws Exception {
        try (Session t = new Session("v4.4", "sleep", "30")) {
            Event irq = t.recording.findForward(0, e -> e.name().startsWith("IRQ")).orElseThrow();
            t.run("goto event " + irq.index());
            long pc = t.value("$pc");
            t.run("nexti");
            Event back = t.recording.event(irq.pair());
            // The interrupt, and then the instruction that it came before.
            assertThat(t.position()).isEqualTo(back.position() + 2);
            assertThat(t.value("$pc")).isNotEqualTo(pc);
            t.run("rsi", "rni");
            assertThat(t.position()).isEqualTo(irq.position());
        }
    }

    @Test
    void finishReturnsToTheCallerAndReverseFinishToTheCall() {
        s.run("break do_fast_syscall_32", "c", "delete");
        long entered = s.position();
        assertThat(s.run("finish")).contains("Run till exit from");
        assertThat(s.run("rsi", "x/i $pc")).contains("ret");
        s.run("goto " + entered, "si 3", "reverse-finish");
        assertThat(s.position()).isEqualTo(entered - 1);
        assertThat(s.run("x/i $pc")).contains("call").contains("do_fast_syscall_32");
        // Out of the entry code itself it is user mode.
        s.run("finish");
        assertThat(s.value("$cpl")).isEqualTo(3);
        s.run("goto " + entered, "reverse-finish", "reverse-finish");
        assertThat(s.run("x/i $pc")).contains("sysenter");
    }

    @Test
    void advanceRunsToALocation() {
        s.run("advance sys_gettid");
        assertThat(s.value("$pc")).isEqualTo(s.value("sys_gettid"));
        s.run("reverse-advance __kernel_vsyscall");
        assertThat(s.value("$pc")).isEqualTo(s.value("__kernel_vsyscall"));
    }

    @Test
    void placesInTime() {
        assertThat(s.run("goto 118000")).startsWith("118000 ");
        assertThat(s.run("goto $position + 1")).startsWith("118001 ");
        s.run("goto event 3");
        assertThat(s.position()).isEqualTo(s.recording.event(3).position());
        assertThat(s.value("$event")).isEqualTo(3);
        s.run("goto next kind=SYSENTER");
        assertThat(s.run("when")).contains("here").contains("SYSENTER");
        s.run("goto previous entry");
        assertThat(s.position()).isLessThan(s.recording.endPosition());
        s.run("goto 100%");
        assertThat(s.position()).isEqualTo(s.recording.endPosition());
        assertThat(s.run("goto 0%", "when")).contains("position 0 of");
        assertThat(s.fails("goto -1")).contains("outside of the recording");
        assertThat(s.fails("goto event 9999")).contains("the recording has events 0 to");
        assertThat(s.fails("goto 101%")).contains("0% to 100%");
        assertThat(s.fails("goto")).contains("Argument required");
        assertThat(s.fails("goto next nr=77777")).contains("No such event after");
    }

    @Test
    void marksAreComeBackTo() {
        s.run("goto 1234", "checkpoint", "goto end");
        assertThat(s.run("info checkpoints")).contains("1: position 1,234");
        s.run("restart 1");
        assertThat(s.position()).isEqualTo(1234);
        s.run("delete checkpoint 1");
        assertThat(s.fails("restart 1")).contains("No checkpoint number 1");
    }

    @Test
    void anInterruptFromAnotherThreadEndsTheMovement() throws Exception {
        try (Session t = new Session("v4.4", "getpid-loop", "20000")) {
            Thread other = Thread.ofPlatform().start(() -> {
                while (t.timeline.position() == 0) {
                    Thread.onSpinWait();
                }
                t.debugger.interrupt();
            });
            String printed = t.run("break *0 if 1", "c");
            other.join();
            assertThat(printed).contains("Interrupted.");
            assertThat(t.position()).isLessThan(t.recording.endPosition());
            // The next command is not affected.
            t.run("si");
        }
    }
}
