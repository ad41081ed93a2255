package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BranchTest {
    @TempDir
    Path dir;

    private Path record(String variant, String command, long stride) throws Exception {
        RecordingInfo info = Guests.info(variant, command);
        Path file = dir.resolve("main.retrap");
        try (Timeline t = Timeline.live(info.config(), info.image(), Recorder.create(file, info), 1 << 24, stride)) {
            t.continueForward(StopSet.NONE);
        }
        return file;
    }

    /** A branch in which nothing is changed has the same future, event for event, wherever it begins. */
    @ParameterizedTest(name = "{0} {1} seed {3}")
    @CsvSource({"v4.4, sixargs, 8192, 1", "v4.2, sleep 30, 4096, 2", "v4.4, kernel-check, 16384, 3"})
    void unchangedItHasTheSameFuture(String variant, String command, long stride, long seed) throws Exception {
        Path main = record(variant, command, stride);
        byte[] original = Files.readAllBytes(main);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 6; i++) {
            Path file = dir.resolve("b" + i + ".retrap");
            long fork;
            try (Recording r = Recording.open(main); Timeline t = Timeline.replay(r)) {
                fork = random.nextLong(t.end());
                t.seek(fork);
                t.branch("b", file);
                assertThat(t.position()).isEqualTo(fork);
                assertThat(t.atLiveHead()).isTrue();
                assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
                t.seek(random.nextLong(t.end()));
                t.stepBackward(1 + random.nextInt(1000));
            }
            try (Recording a = Recording.open(main); Recording b = Recording.open(file);
                    Timeline ta = Timeline.replay(a); Timeline tb = Timeline.replay(b)) {
                assertThat(b.branch()).contains(new Branch("b", "main.retrap", fork));
                assertThat(b.truncation()).isEmpty();
                assertThat(b.endStatus()).isEqualTo(a.endStatus());
                assertThat(b.endPosition()).isEqualTo(a.endPosition());
                assertThat(b.eventCount()).isEqualTo(a.eventCount());
                for (long n = 0; n < a.eventCount(); n++) {
                    assertThat(b.event(n)).as("fork %d event %d", fork, n).usingRecursiveComparison()
                            .isEqualTo(a.event(n));
                }
                assertThat(b.console().bytes()).isEqualTo(a.console().bytes());
                assertThat(b.console().positions()).isEqualTo(a.console().positions());
                for (int k = 0; k < 10; k++) {
                    long p = random.nextLong(a.endPosition() + 1);
                    ta.seek(p);
                    tb.seek(p);
                    assertThat(tb.machine().digest()).as("fork %d position %d", fork, p)
                            .isEqualTo(ta.machine().digest());
                }
            }
        }
        assertThat(Files.readAllBytes(main)).isEqualTo(original);
    }

    @Test
    void writingInThePastStartsABranchAndLeavesTheOriginal() throws Exception {
        Path main = record("v4.4", "sixargs", 8192);
        byte[] original = Files.readAllBytes(main);
        long fork;
        long end;
        long digest;
        try (Recording r = Recording.open(main); Timeline t = Timeline.replay(r)) {
            Event call = r.findForward(0, e -> e.isSystemCallEntry() && e.before(Reg.RCX) == 0x2222_2222L)
                    .orElseThrow();
            fork = call.position();
            t.seek(fork);
            assertThatThrownBy(() -> t.writeRegister(Reg.RCX, 7)).isInstanceOf(HistoryException.class);
            t.setBranchFiles(name -> dir.resolve(name + ".retrap"));
            t.writeRegister(Reg.RCX, 0x0123_4567);
            assertThat(t.line()).isEqualTo("branch-1");
            assertThat(t.lines()).containsExactly("main", "branch-1");
            t.continueForward(StopSet.NONE);
            end = t.position();
            digest = t.machine().digest();
            t.seek(fork - 1);
            t.enter("main");
            assertThat(t.position()).isEqualTo(fork);
            assertThat(t.machine().get(Reg.RCX)).isEqualTo(0x2222_2222L);
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
            t.seek(fork);
            t.writeMemory(call.before(Reg.RSP) - 64, new byte[] {9});
            assertThat(t.line()).isEqualTo("branch-2");
            t.enter("branch-1");
            assertThat(t.position()).isEqualTo(fork - 1);
            t.seek(end);
            assertThat(t.machine().digest()).isEqualTo(digest);
            assertThatThrownBy(() -> t.enter("nowhere")).isInstanceOf(HistoryException.class)
                    .hasMessageContaining("main, branch-1, branch-2");
        }
        assertThat(Files.readAllBytes(main)).isEqualTo(original);
        try (Recording b = Recording.open(dir.resolve("branch-1.retrap")); Timeline t = Timeline.replay(b)) {
            Machine straight = Machine.boot(b.config(), b.bootImage());
            straight.run(fork);
            straight.set(Reg.RCX, 0x0123_4567);
            straight.run(end);
            assertThat(straight.digest()).isEqualTo(digest);
            t.seek(end);
            assertThat(t.machine().digest()).isEqualTo(digest);
            assertThat(t.stepBackward(1)).isEqualTo(new Arrival.Stepped());
            assertThat(b.inputs()).singleElement().extracting(Input::position).isEqualTo(fork);
        }
    }

    /** A live guest goes on living after a branch of its past has been entered and left. */
    @Test
    void aLiveLineIsLeftAndEnteredAgain() throws Exception {
        Path file = dir.resolve("cat.retrap");
        StopSet reads = StopSet.NONE.withCrossings(EventFilter.parse("nr=3 entry"));
        StopSet writes = StopSet.NONE.withCrossings(EventFilter.parse("nr=4 exit"));
        try (Timeline t = Guests.live(file, "v4.4", "cat")) {
            t.continueForward(reads);
            t.stepForward(3000);
            long asleep = t.position();
            t.consoleInput("one\n".getBytes(StandardCharsets.US_ASCII));
            t.continueForward(writes);
            t.seek(asleep - 500);
            t.branch("other", dir.resolve("other.retrap"));
            t.consoleInput("two\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(t.continueForward(writes)).isInstanceOf(Arrival.Crossing.class);
            t.enter("main");
            t.seek(t.end());
            assertThat(t.atLiveHead()).isTrue();
            t.consoleInput("three\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(t.continueForward(writes)).isInstanceOf(Arrival.Crossing.class);
        }
        try (Recording a = Recording.open(file); Recording b = Recording.open(dir.resolve("other.retrap"))) {
            assertThat(new String(a.console().bytes(), StandardCharsets.US_ASCII)).contains("one", "three")
                    .doesNotContain("two");
            assertThat(new String(b.console().bytes(), StandardCharsets.US_ASCII)).contains("two")
                    .doesNotContain("one");
        }
    }
}
