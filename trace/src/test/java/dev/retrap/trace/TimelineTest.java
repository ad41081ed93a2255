package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
    @TempDir
    Path dir;

    /** Straight, and single-stepped with random seeks in between: the same state at every event. */
    @ParameterizedTest(name = "{0} {1} seed {2}")
    @CsvSource({"v4.2, sixargs, 1", "v4.4, sixargs, 2", "v4.4, badstack, 3", "v4.2, getpid-loop 50 vdso, 4"})
    void theStateAtAnEventDoesNotDependOnTheWayThere(String variant, String command, long seed) throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), variant, command))) {
            long[] digests = new long[(int) r.eventCount()];
            try (Timeline straight = Timeline.replay(r)) {
                for (int n = 0; n < digests.length; n++) {
                    assertThat(straight.seekEvent(n)).isEqualTo(new Arrival.Stepped());
                    digests[n] = straight.machine().digest();
                }
            }
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            try (Timeline t = Timeline.replay(r, 1 << 20)) {
                for (int n = 0; n < digests.length; n++) {
                    Event e = r.event(n);
                    wander(t, random, r);
                    t.seek(Math.max(0, e.position() - random.nextInt(300)));
                    while (t.position() < e.position()) {
                        t.stepForward(1 + random.nextInt((int) Math.min(7, e.position() - t.position())));
                    }
                    assertThat(t.machine().digest()).as("seed %d event %d", seed, n).isEqualTo(digests[n]);
                    t.stepForward(1);
                    t.stepBackward(1);
                    assertThat(t.machine().digest()).as("seed %d event %d, back", seed, n).isEqualTo(digests[n]);
                }
            }
        }
    }

    private static void wander(Timeline t, RandomGenerator random, Recording r) {
        for (int i = random.nextInt(3); i > 0; i--) {
            switch (random.nextInt(3)) {
                case 0 -> t.seek(random.nextLong(t.end() + 1));
                case 1 -> t.stepBackward(1 + random.nextInt(5000));
                default -> t.seekEvent(random.nextLong(r.eventCount()));
            }
        }
    }

    /** Positions that runs in one direction stop at, from one end to the other. */
    private static List<Long> stops(Timeline t, StopSet stops, boolean forward) {
        List<Long> all = new ArrayList<>();
        t.seek(forward ? t.start() : t.end());
        while (true) {
            Arrival a = forward ? t.continueForward(stops) : t.continueBackward(stops);
            switch (a) {
                case Arrival.Breakpoint b -> {
                    assertThat(t.machine().linearIp()).isEqualTo(b.address());
                    all.add(t.position());
                }
                case Arrival.Watchpoint w -> all.add(forward ? t.position() - 1 : t.position());
                case Arrival.Crossing c -> {
                    assertThat(t.position()).isEqualTo(forward ? c.event().position() + 1 : c.event().position());
                    all.add(c.event().position());
                }
                case Arrival.StartOfHistory _, Arrival.EndOfHistory _, Arrival.PoweredOff _ -> {
                    assertThat(t.position()).isEqualTo(forward ? t.end() : t.start());
                    return all;
                }
                default -> throw new AssertionError(a);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v4.2", "v4.4"})
    void breakpointsStopAtTheSamePlacesInBothDirections(String variant) throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), variant, "getpid-loop 300 vdso"));
                Timeline t = Timeline.replay(r)) {
            long pad = r.findForward(0, e -> e.kind() == Crossing.Kind.SYSEXIT).orElseThrow().after(Reg.RIP);
            StopSet stops = StopSet.breakpoints(List.of(pad));
            List<Long> forward = stops(t, stops, true);
            assertThat(forward).hasSizeGreaterThanOrEqualTo(300);
            assertThat(stops(t, stops, false)).isEqualTo(forward.reversed());
            List<Long> exits = new ArrayList<>();
            for (Event e : r.events()) {
                if (!e.isEntry() && e.toUser() && e.after(Reg.RIP) == pad) {
                    exits.add(e.position() + 1);
                }
            }
            assertThat(forward).containsAll(exits);
        }
    }

    @Test
    void watchpointsStopAtTheSameAccessesInBothDirections() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "sixargs"));
                Timeline t = Timeline.replay(r)) {
            Event call = r.findForward(0, Event::isSystemCallEntry).orElseThrow();
            long stack = call.before(Reg.RSP);
            for (Watch.Access access : Watch.Access.values()) {
                StopSet stops = StopSet.NONE.withWatches(List.of(new Watch(stack, 4, access)));
                List<Long> forward = stops(t, stops, true);
                assertThat(forward).as(access.name()).isNotEmpty();
                assertThat(stops(t, stops, false)).as(access.name()).isEqualTo(forward.reversed());
            }
        }
    }

    @Test
    void aWatchedWriteIsUndoneBackwardAndDoneForward() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "sixargs"));
                Timeline t = Timeline.replay(r)) {
            Event call = r.findForward(0, Event::isSystemCallEntry).orElseThrow();
            StopSet stops = StopSet.NONE.withWatches(List.of(new Watch(call.before(Reg.RSP), 4, Watch.Access.WRITE)));
            t.seek(call.position());
            byte[] now = new byte[4];
            byte[] then = new byte[4];
            t.machine().read(call.before(Reg.RSP), now, 0, 4);
            assertThat(t.continueBackward(stops)).isInstanceOf(Arrival.Watchpoint.class);
            t.machine().read(call.before(Reg.RSP), then, 0, 4);
            assertThat(then).isNotEqualTo(now);
            assertThat(t.continueForward(stops)).isInstanceOf(Arrival.Watchpoint.class);
            t.machine().read(call.before(Reg.RSP), then, 0, 4);
            assertThat(then).isEqualTo(now);
        }
    }

    @Test
    void eventsStopBothWays() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "sixargs"));
                Timeline t = Timeline.replay(r)) {
            StopSet stops = StopSet.NONE.withCrossings(EventFilter.parse("nr=224"));
            List<Long> forward = stops(t, stops, true);
            assertThat(forward).hasSizeGreaterThan(10);
            assertThat(stops(t, stops, false)).isEqualTo(forward.reversed());
        }
    }

    @Test
    void conditionsAreEvaluatedWhereTheyStand() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "getpid-loop 300 vdso"));
                Timeline t = Timeline.replay(r)) {
            long enter = r.findForward(0, e -> e.kind() == Crossing.Kind.SYSENTER).orElseThrow().before(Reg.RIP);
            StopSet all = StopSet.breakpoints(List.of(enter));
            List<Long> hits = stops(t, all, true);
            long wanted = hits.get(hits.size() / 2);
            StopSet one = all.withCondition(enter, m -> m.position() == wanted);
            assertThat(stops(t, one, true)).containsExactly(wanted);
            assertThat(stops(t, one, false)).containsExactly(wanted);
        }
    }

    @Test
    void endsOfHistory() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "hello"));
                Timeline t = Timeline.replay(r)) {
            assertThat(t.position()).isZero();
            assertThat(t.stepBackward(1)).isEqualTo(new Arrival.StartOfHistory());
            assertThat(t.stepForward(5)).isEqualTo(new Arrival.Stepped());
            assertThat(t.stepBackward(9)).isEqualTo(new Arrival.StartOfHistory());
            assertThat(t.position()).isZero();
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
            assertThat(t.position()).isEqualTo(r.endPosition());
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
            assertThat(t.stepForward(1)).isEqualTo(new Arrival.PoweredOff(0));
            assertThat(t.stepBackward(1)).isEqualTo(new Arrival.Stepped());
            assertThat(t.isLive()).isFalse();
            assertThatThrownBy(() -> t.seek(t.end() + 1)).isInstanceOf(HistoryException.class)
                    .hasMessageContaining("0 to");
            assertThatThrownBy(() -> t.seekEvent(1 << 30)).isInstanceOf(HistoryException.class);
            assertThatThrownBy(() -> t.writeRegister(Reg.RAX, 1)).isInstanceOf(HistoryException.class);
        }
    }

    @Test
    void anInterruptEndsAMovement() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "getpid-loop 20000 vdso"));
                Timeline t = Timeline.replay(r)) {
            t.interrupt();
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.Interrupted());
            t.seek(t.end());
            StopSet never = StopSet.breakpoints(List.of(0x1234L));
            Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(5);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                t.interrupt();
            });
            Arrival a = t.continueBackward(never);
            assertThat(a).isIn(new Arrival.Interrupted(), new Arrival.StartOfHistory());
            t.clearInterrupt();
            t.seekEvent(0); // still sound
        }
    }

    @Test
    void aLiveGuestGoesBackAndForthAndLivesOn() throws Exception {
        Path file = dir.resolve("live");
        StringBuilder shown = new StringBuilder();
        long digest;
        long end;
        try (Timeline t = Guests.live(file, "v4.4", "sixargs")) {
            t.setListener(new MachineObserver() {
                @Override
                public void console(int octet) {
                    shown.append((char) octet);
                }
            });
            assertThat(t.atLiveHead()).isTrue();
            StopSet calls = StopSet.NONE.withCrossings(EventFilter.parse("nr=224 entry"));
            assertThat(t.continueForward(calls)).isInstanceOf(Arrival.Crossing.class);
            assertThat(t.continueForward(calls)).isInstanceOf(Arrival.Crossing.class);
            long head = t.position();
            digest = t.machine().digest();
            assertThat(t.atLiveHead()).isTrue();
            assertThat(t.continueBackward(calls)).isInstanceOf(Arrival.Crossing.class);
            assertThat(t.position()).isEqualTo(head - 1);
            assertThat(t.atLiveHead()).isFalse();
            assertThat(t.recording().eventCount()).isGreaterThan(3);
            assertThat(t.continueBackward(StopSet.NONE)).isEqualTo(new Arrival.StartOfHistory());
            int printed = shown.length();
            assertThat(t.seek(head)).isEqualTo(new Arrival.Stepped());
            assertThat(t.machine().digest()).isEqualTo(digest);
            assertThat(shown).hasSize(printed);
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
            end = t.position();
            digest = t.machine().digest();
        }
        try (Recording r = Recording.open(file); Timeline t = Timeline.replay(r)) {
            assertThat(r.endPosition()).isEqualTo(end);
            assertThat(new String(r.console().bytes(), StandardCharsets.ISO_8859_1)).isEqualTo(shown.toString());
            t.seek(end);
            assertThat(t.machine().digest()).isEqualTo(digest);
        }
        Path straight = Guests.record(dir.resolve("straight"), "v4.4", "sixargs");
        try (Recording a = Recording.open(file); Recording b = Recording.open(straight)) {
            assertThat(a.eventCount()).isEqualTo(b.eventCount());
            for (long n = 0; n < a.eventCount(); n++) {
                assertThat(a.event(n)).usingRecursiveComparison().isEqualTo(b.event(n));
            }
        }
    }

    @Test
    void whatIsTypedComesBackInReplay() throws Exception {
        Path file = dir.resolve("cat");
        StopSet reads = StopSet.NONE.withCrossings(EventFilter.parse("nr=3 entry"));
        StopSet writes = StopSet.NONE.withCrossings(EventFilter.parse("nr=4 exit"));
        long[] digests = new long[2];
        long[] positions = new long[2];
        long typed;
        long beforeTyping;
        try (Timeline t = Guests.live(file, "v4.4", "cat")) {
            assertThat(t.continueForward(reads)).isInstanceOf(Arrival.Crossing.class);
            t.stepForward(3000); // asleep, waiting for a line
            typed = t.position();
            beforeTyping = t.machine().digest();
            t.consoleInput("one\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(t.continueForward(writes)).isInstanceOf(Arrival.Crossing.class);
            positions[0] = t.position();
            digests[0] = t.machine().digest();
            t.stepBackward(1000);
            t.consoleInput("two\n".getBytes(StandardCharsets.US_ASCII)); // arrives at the head
            assertThat(t.continueForward(writes)).isInstanceOf(Arrival.Crossing.class);
            assertThat(t.position()).isEqualTo(positions[0]); // history first
            assertThat(t.continueForward(writes)).isInstanceOf(Arrival.Crossing.class);
            positions[1] = t.position();
            digests[1] = t.machine().digest();
        }
        try (Recording r = Recording.open(file); Timeline t = Timeline.replay(r)) {
            assertThat(r.inputs()).extracting(Input::position).containsExactly(typed, positions[0]);
            assertThat(new String(r.console().bytes(), StandardCharsets.US_ASCII)).contains("one", "two");
            t.seek(positions[1]);
            assertThat(t.machine().digest()).isEqualTo(digests[1]);
            t.seek(typed);
            assertThat(t.machine().digest()).as("after the input").isNotEqualTo(beforeTyping);
            long after = t.machine().digest();
            t.stepBackward(1);
            t.stepForward(1);
            assertThat(t.machine().digest()).isEqualTo(after);
            t.seek(positions[0]);
            assertThat(t.machine().digest()).as("the second input has come").isNotEqualTo(digests[0]);
            t.seek(positions[1]);
            assertThat(t.machine().digest()).isEqualTo(digests[1]);
        }
    }

    @Test
    void writesAtTheHeadAreHistoryToo() throws Exception {
        Path file = dir.resolve("w");
        long digest;
        long stack;
        try (Timeline t = Guests.live(file, "v4.4", "sixargs")) {
            t.continueForward(StopSet.NONE.withCrossings(EventFilter.parse("nr=224 entry")));
            t.stepForward(3);
            stack = t.machine().get(Reg.RSP);
            t.writeRegister(Reg.RSI, 0x1234_5678);
            assertThat(t.writeMemory(stack - 64, new byte[] {1, 2, 3})).isEqualTo(3);
            long head = t.position();
            digest = t.machine().digest();
            t.stepBackward(2);
            assertThat(t.machine().get(Reg.RSI)).isNotEqualTo(0x1234_5678);
            assertThatThrownBy(() -> t.writeRegister(Reg.RSI, 1)).isInstanceOf(HistoryException.class)
                    .hasMessageContaining("live head");
            t.seek(head);
            assertThat(t.machine().digest()).isEqualTo(digest);
            t.stepForward(1);
        }
        try (Recording r = Recording.open(file); Timeline t = Timeline.replay(r)) {
            assertThat(r.endStatus()).isEqualTo(new EndStatus.Interrupted());
            assertThat(r.inputs()).hasSize(2);
            t.seek(r.inputs().getFirst().position());
            assertThat(t.machine().digest()).isEqualTo(digest);
            assertThat(t.machine().get(Reg.RSI)).isEqualTo(0x1234_5678);
            byte[] read = new byte[3];
            t.machine().read(stack - 64, read, 0, 3);
            assertThat(read).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aTimelineWithoutARecorderHasAPastToo() throws Exception {
        RecordingInfo info = Guests.info("v4.2", "hello");
        try (Timeline t = Timeline.live(info.config(), info.image(), null)) {
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
            assertThat(t.recording().eventCount()).isPositive();
            t.seekEvent(1);
            assertThat(t.event()).hasValueSatisfying(e -> assertThat(e.index()).isEqualTo(1));
        }
    }
}
