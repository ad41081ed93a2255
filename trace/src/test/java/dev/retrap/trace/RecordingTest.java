package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"v4.2", "v4.4"})
    void aRecordingTellsWhereItComesFromAndHowItEnded(String variant) throws Exception {
        Path file = Guests.record(dir.resolve("r"), variant, "hello");
        try (Recording r = Recording.open(file)) {
            RecordingInfo info = Guests.info(variant, "hello");
            assertThat(r.info().variant()).isEqualTo(variant);
            assertThat(r.info().program()).isEqualTo("hello");
            assertThat(r.info().commandLine()).isEqualTo(info.commandLine());
            assertThat(r.config()).isEqualTo(info.config());
            assertThat(r.bootImage().kernel()).isEqualTo(info.image().kernel());
            assertThat(r.bootImage().modules().getFirst().commandLine()).isEqualTo("hello");
            assertThat(r.truncation()).isEmpty();
            assertThat(r.endStatus()).isEqualTo(new EndStatus.PoweredOff(0));
            assertThat(new String(r.console().bytes(), StandardCharsets.UTF_8)).contains("ello");
            assertThat(r.console().positions()).isSorted();
            assertThat(r.unsupported()).isEmpty();
        }
    }

    @Test
    void entriesAndExitsPair() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "getpid-loop 300 vdso"))) {
            int calls = 0;
            for (Event e : r.events()) {
                assertThat(r.event(e.index())).usingRecursiveComparison().isEqualTo(e);
                if (e.pair() >= 0) {
                    Event other = r.event(e.pair());
                    assertThat(other.pair()).isEqualTo(e.index());
                    assertThat(other.isEntry()).isNotEqualTo(e.isEntry());
                    assertThat(other.depth()).isEqualTo(e.depth());
                    assertThat(other.steps()).isEqualTo(e.steps());
                    assertThat(other.systemCall()).isEqualTo(e.systemCall());
                    assertThat(Math.abs(other.position() - e.position())).isEqualTo(e.steps());
                }
                if (e.kind() == Crossing.Kind.SYSENTER) {
                    calls++;
                    assertThat(e.fromUser()).isTrue();
                    assertThat(r.event(e.pair()).kind()).isEqualTo(Crossing.Kind.SYSEXIT);
                    assertThat(e.ptRegs()).hasValueSatisfying(p -> {
                        assertThat(p.get("orig_ax")).isEqualTo(e.systemCall());
                        assertThat(p.get("bx")).isEqualTo(e.before(Reg.RBX));
                        assertThat(p.get("flags") & ~0x200L).isEqualTo(e.before(Reg.RFLAGS) & ~0x200L);
                    });
                    assertThat(r.event(e.pair()).decision()).hasValueSatisfying(d -> {
                        assertThat(d.verdict()).isTrue();
                        assertThat(d.consistent()).isTrue();
                        assertThat(d.conditions()).extracting(ExitDecision.Condition::id)
                                .containsExactly("sep", "cs", "ss", "ip", "rf", "tf", "vm");
                    });
                }
            }
            assertThat(calls).isGreaterThanOrEqualTo(300);
        }
    }

    @Test
    void legacyDecisionsLookAtThreadFlags() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.2", "getpid-loop 5 vdso"))) {
            Event exit = r.findForward(0, e -> e.kind() == Crossing.Kind.SYSEXIT).orElseThrow();
            ExitDecision d = exit.decision().orElseThrow();
            assertThat(d.style()).isEqualTo(ExitDecision.Style.THREAD_FLAGS);
            assertThat(d.threadFlags()).hasValue(0);
            assertThat(d.verdict()).isTrue();
            assertThat(d.conditions()).singleElement().satisfies(c -> assertThat(c.tested()).contains("0x1008feff"));
        }
    }

    @Test
    void equalRunsMakeEqualFiles() throws Exception {
        Path a = Guests.record(dir.resolve("a"), "v4.4", "sixargs");
        Path b = Guests.record(dir.resolve("b"), "v4.4", "sixargs");
        assertThat(a).hasSameBinaryContentAs(b);
    }

    @Test
    void eventsAreFoundByPosition() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "sixargs"))) {
            List<Event> all = new ArrayList<>();
            r.events().forEach(all::add);
            assertThat(all).hasSize((int) r.eventCount());
            for (Event e : all) {
                assertThat(r.eventAt(e.position()).orElseThrow().index()).isEqualTo(e.index());
                assertThat(r.eventFrom(e.position()).orElseThrow().index()).isEqualTo(e.index());
                assertThat(r.firstEventFrom(e.position() + 1)).isEqualTo(e.index() + 1);
                assertThat(r.eventBefore(e.position() + 1).orElseThrow().index()).isEqualTo(e.index());
            }
            assertThat(r.eventBefore(all.getFirst().position())).isEmpty();
            assertThat(r.eventFrom(r.endPosition())).isEmpty();
            EventFilter f = EventFilter.parse("nr=224 entry");
            Event last = all.stream().filter(f).reduce((x, y) -> y).orElseThrow();
            assertThat(r.findBackward(r.endPosition(), f).orElseThrow().index()).isEqualTo(last.index());
        }
    }

    @Test
    void aTruncatedRecordingOpensUpToItsLastWholeChunkAndSaysSo() throws Exception {
        Path file = Guests.record(dir.resolve("r"), "v4.4", "getpid-loop 40000 vdso");
        byte[] bytes = Files.readAllBytes(file);
        long events;
        try (Recording r = Recording.open(file)) {
            events = r.eventCount();
            assertThat(events).isGreaterThan(80_000);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length * 9 / 10));
        try (Recording r = Recording.open(file)) {
            assertThat(r.truncation()).hasValueSatisfying(s -> assertThat(s)
                    .startsWith(file + ": cut off after event " + (r.eventCount() - 1)).doesNotContain("\n"));
            assertThat(r.eventCount()).isBetween(1L, events);
            assertThat(r.endStatus()).isEqualTo(new EndStatus.Incomplete());
            try (Timeline t = Timeline.replay(r)) {
                assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.EndOfHistory());
                assertThat(t.position()).isEqualTo(r.endPosition());
            }
        }
    }

    @Test
    void badFilesAreNamedInOneLine() throws Exception {
        Path file = dir.resolve("x");
        assertThatThrownBy(() -> Recording.open(file)).isInstanceOf(IOException.class)
                .hasMessage("cannot open " + file + ": no such file or directory");
        Files.writeString(file, "hello, this is no recording at all");
        assertThatThrownBy(() -> Recording.open(file)).isInstanceOf(BadRecordingException.class)
                .hasMessage(file + ": not a Retrap recording");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> Recording.open(file)).isInstanceOf(BadRecordingException.class)
                .hasMessage(file + ": not a Retrap recording");
        Guests.record(file, "v4.4", "hello");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, 40));
        assertThatThrownBy(() -> Recording.open(file)).isInstanceOf(BadRecordingException.class)
                .hasMessageContaining("cut off before the machine started");
        byte[] newer = bytes.clone();
        newer[5] = 2;
        Files.write(file, newer);
        assertThatThrownBy(() -> Recording.open(file)).isInstanceOf(BadRecordingException.class)
                .hasMessageContaining("use a newer Retrap");
        assertThatThrownBy(() -> Recording.open(dir)).isInstanceOf(IOException.class)
                .hasMessageContaining(dir.toString());
    }

    @Test
    void anUnwritablePathIsNamedInOneLine() {
        RecordingInfo info = Guests.info("v4.4", "hello");
        Path file = dir.resolve("no/such/directory/r");
        assertThatThrownBy(() -> Recorder.create(file, info)).isInstanceOf(IOException.class)
                .hasMessage("cannot write " + file + ": no such file or directory");
    }

    @Test
    void aFullDiskEndsTheRecordingInOneLine() throws Exception {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isWritable(full));
        assertThatThrownBy(() -> Recorder.create(full, Guests.info("v4.4", "hello"))).isInstanceOf(IOException.class)
                .hasMessage("cannot write /dev/full: No space left on device");
    }
}
