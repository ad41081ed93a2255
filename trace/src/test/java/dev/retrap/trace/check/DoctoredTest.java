package dev.retrap.trace.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import dev.retrap.trace.PtRegs;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that no 32-bit kernel here fails, on events of a real recording in which one value is changed to what a kernel
 * with that bug would have.
 */
class DoctoredTest {
    @TempDir
    Path dir;

    private Recording recording;
    private Timeline timeline;
    private Scene scene;
    private SystemCall raw;

    @BeforeEach
    void record() throws Exception {
        recording = Recording.open(dev.retrap.trace.Guests.record(dir.resolve("r"), "v4.4", "sixargs"));
        timeline = Timeline.replay(recording);
        scene = new Scene(recording, timeline);
        Event entry = recording.findForward(0, e -> e.isSystemCallEntry() && e.systemCall() == 224 && e.vector() == 0x80)
                .orElseThrow();
        raw = new SystemCall(entry, recording.event(entry.pair()), false);
    }

    @AfterEach
    void close() throws Exception {
        timeline.close();
        recording.close();
    }

    private static long[] with(long[] registers, Reg r, long value) {
        long[] copy = registers.clone();
        copy[r.slot()] = value;
        return copy;
    }

    private static Event changed(Event e, long[] before, long[] after, Optional<PtRegs> ptRegs) {
        return new Event(e.index(), e.kind(), e.position(), e.cycles(), e.vector(), e.hasErrorCode(), e.errorCode(),
                before, after, e.pair(), e.depth(), e.steps(), e.nestedSteps(), e.spentCycles(), e.nestedCycles(),
                e.systemCall(), ptRegs, e.decision());
    }

    private String verdict(Check check, Event e, SystemCall c) {
        Assertion a = check.start(scene);
        Findings f = new Findings(10);
        a.into(f);
        a.crossing(e);
        if (c != null) {
            a.call(c);
        }
        CheckReport.Result r = f.result(check);
        assertThat(r.examined()).isPositive();
        return r.first().stream().map(Violation::what).findFirst().orElse("holds");
    }

    @Test
    void argumentsThatAreNotThosePassed() {
        PtRegs real = raw.built();
        long[] words = real.words().clone();
        words[real.layout().fields().indexOf("cx")] = 0xb7fff405L;
        Event entry = changed(raw.entry(), raw.entry().before(), raw.entry().after(),
                Optional.of(new PtRegs(real.layout(), real.address(), words)));
        assertThat(verdict(Check.ARGUMENTS, raw.entry(), raw)).isEqualTo("holds");
        assertThat(verdict(Check.ARGUMENTS, entry, new SystemCall(entry, raw.exit(), false)))
                .contains("cx is 0xb7fff405, expected 0x22222222");
    }

    @Test
    void kernelAddressInRegister() {
        Event exit = raw.exit();
        assertThat(verdict(Check.KERNEL_LEAK, exit, null)).isEqualTo("holds");
        Event leaking = changed(exit, exit.before(), with(exit.after(), Reg.RDX, 0xc010_0a20L), Optional.empty());
        assertThat(verdict(Check.KERNEL_LEAK, leaking, null)).contains("edx is 0xc0100a20 in user mode");
    }

    @Test
    void stackSegmentThatIsNotPresent() {
        Event exit = raw.exit();
        assertThat(verdict(Check.STACK_SEGMENT, exit, null)).isEqualTo("holds");
        Event unusable = changed(exit, exit.before(), with(exit.after(), Reg.SS_ATTR, 0), Optional.empty());
        assertThat(verdict(Check.STACK_SEGMENT, unusable, null)).contains("no usable stack segment");
    }

    @Test
    void kernelOnTheUsersStack() {
        Event exit = raw.exit();
        assertThat(verdict(Check.KERNEL_CONTEXT, exit, null)).isEqualTo("holds");
        Event onUserStack = changed(exit, with(exit.before(), Reg.RSP, 0xbfff_0000L), exit.after(), Optional.empty());
        assertThat(verdict(Check.KERNEL_CONTEXT, onUserStack, null)).contains("0xbfff0000, a user address");
    }

    /** A fast call whose pt_regs say what a tracer wrote, while the caller gets back what he had. */
    @Test
    void tracersEditThatIsLost() {
        Event entry = recording.findForward(0, e -> e.name().equals("SYSENTER")).orElseThrow();
        Event exit = recording.event(entry.pair());
        assertThat(verdict(Check.TRACER_EDITS, exit, new SystemCall(entry, exit, true))).isEqualTo("holds");
        assertThat(verdict(Check.TRACER_EDITS, exit, new SystemCall(entry, edited(exit, "bx"), true)))
                .isEqualTo("a tracer's change is lost: ebx is 0x11111111, expected 0xb1b1b1b1");
        assertThat(verdict(Check.TRACER_EDITS, exit, new SystemCall(entry, edited(exit, "cx"), true)))
                .as("the vDSO pops ECX").isEqualTo("holds");
    }

    private static Event edited(Event e, String member) {
        ExitDecision d = e.decision().orElseThrow();
        long[] words = d.ptRegs().words().clone();
        words[d.ptRegs().layout().fields().indexOf(member)] = 0xb1b1_b1b1L;
        ExitDecision edited = new ExitDecision(d.style(), d.position(), new PtRegs(d.ptRegs().layout(),
                d.ptRegs().address(), words), d.threadFlags(), d.conditions(), d.verdict(), d.taken());
        return new Event(e.index(), e.kind(), e.position(), e.cycles(), e.vector(), e.hasErrorCode(), e.errorCode(),
                e.before(), e.after(), e.pair(), e.depth(), e.steps(), e.nestedSteps(), e.spentCycles(),
                e.nestedCycles(), e.systemCall(), e.ptRegs(), Optional.of(edited));
    }
}
