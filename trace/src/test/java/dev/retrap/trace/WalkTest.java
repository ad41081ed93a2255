package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.StopCondition;
import dev.retrap.cpu.Watch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random walks through history, and random questions to it, against what a run straight through shows. */
class WalkTest {
    @TempDir
    Path dir;

    /** What a straight run saw of a set of stops. */
    private record Truth(StopSet stops, NavigableSet<Long> breakpoints, NavigableSet<Long> accesses,
            NavigableSet<Long> events) {
        /** Where a run forward from {@code p} comes to stand. */
        long after(long p, long end) {
            long at = end;
            Long b = breakpoints.higher(p);
            at = b == null ? at : Math.min(at, b);
            for (NavigableSet<Long> steps : List.of(accesses, events)) {
                Long s = steps.ceiling(p);
                at = s == null ? at : Math.min(at, s + 1);
            }
            return at;
        }

        long before(long p) {
            long at = 0;
            for (NavigableSet<Long> all : List.of(breakpoints, accesses, events)) {
                Long s = all.lower(p);
                at = s == null ? at : Math.max(at, s);
            }
            return at;
        }
    }

    private Path record(Path file, String variant, String command, long stride) throws Exception {
        RecordingInfo info = Guests.info(variant, command);
        try (Timeline t = Timeline.live(info.config(), info.image(), Recorder.create(file, info), 1 << 24, stride)) {
            t.continueForward(StopSet.NONE);
        }
        return file;
    }

    private static Truth truth(Recording r, StopSet stops) {
        Machine m = Machine.boot(r.config(), r.bootImage());
        Truth t = new Truth(stops, new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        m.setBreakpoints(stops.breakpoints());
        m.setWatches(stops.watches());
        m.setStopCondition(new StopCondition() {
            @Override
            public boolean atBreakpoint(Machine at, long address) {
                Predicate<Machine> condition = stops.conditions().get(address);
                if (condition == null || condition.test(at)) {
                    t.breakpoints.add(at.position());
                }
                return false;
            }

            @Override
            public boolean afterAccess(Machine at, Watch watch, long address, boolean write) {
                t.accesses.add(at.position() - 1);
                return false;
            }
        });
        m.run(r.endPosition());
        assertThat(m.position()).isEqualTo(r.endPosition());
        if (stops.crossings().isPresent()) {
            for (Event e : r.events()) {
                if (stops.crossings().get().test(e)) {
                    t.events.add(e.position());
                }
            }
        }
        return t;
    }

    /** Stops of every kind: seldom and often hit, with and without conditions, by linear and physical addresses. */
    private static List<StopSet> stopSets(Recording r, RandomGenerator random) {
        Machine m = Machine.boot(r.config(), r.bootImage());
        TreeMap<Long, Integer> executed = new TreeMap<>();
        TreeSet<Long> stacks = new TreeSet<>();
        while (m.position() < r.endPosition()) {
            m.run(Math.min(r.endPosition(), m.position() + 1 + random.nextInt(2000)));
            executed.merge(m.linearIp(), 1, Integer::sum);
            stacks.add(m.get(Reg.RSP) & 0xFFFF_FFFCL);
        }
        List<Long> addresses = new ArrayList<>(executed.keySet());
        List<Long> sp = new ArrayList<>(stacks);
        m.run(r.endPosition());
        List<StopSet> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long a = addresses.get(random.nextInt(addresses.size()));
            long b = addresses.get(random.nextInt(addresses.size()));
            long s = sp.get(random.nextInt(sp.size()));
            long physical = m.translate(sp.get(random.nextInt(sp.size())));
            Watch.Access kind = Watch.Access.values()[random.nextInt(3)];
            long bits = 1 << random.nextInt(6);
            StopSet stops = switch (i) {
                case 0 -> StopSet.breakpoints(List.of(a, b));
                case 1 -> StopSet.breakpoints(List.of(a)).withCondition(a, x -> (x.get(Reg.RAX) & bits) != 0);
                case 2 -> StopSet.NONE.withWatches(List.of(new Watch(s, 1 + random.nextInt(9), kind)));
                case 3 -> StopSet.NONE.withWatches(List.of(
                        new Watch(Math.max(0, physical), 1 + random.nextInt(64), kind, Watch.Space.PHYSICAL)));
                case 4 -> StopSet.NONE.withCrossings(e -> e.kind() == Crossing.Kind.INTERRUPT);
                default -> StopSet.breakpoints(List.of(b)).withCondition(b, x -> (x.get(Reg.RCX) & bits) == 0)
                        .withWatches(List.of(new Watch(s, 4, Watch.Access.WRITE)))
                        .withCrossings(e -> e.index() % 97 == 5);
            };
            all.add(stops);
        }
        return all;
    }

    @ParameterizedTest(name = "{0} {1} stride {2} seed {3}")
    @CsvSource({"v4.4, mixed 1, 16384, 1", "v4.2, mixed 1, 16384, 2", "v4.4, kernel-check, 4096, 3",
        "v4.2, sixargs, 4096, 4", "v4.4, sleep 30, 8192, 5"})
    void everyWalkComesWhereTheStraightRunWas(String variant, String command, long stride, long seed) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (Recording r = Recording.open(record(dir.resolve("r"), variant, command, stride));
                Timeline t = Timeline.replay(r, 8 << 20)) {
            assertThat(r.checkpointPositions().size()).isGreaterThan(3);
            List<Truth> truths = stopSets(r, random).stream().map(s -> truth(r, s)).toList();
            Machine straight = Machine.boot(r.config(), r.bootImage());
            TreeMap<Long, Long> digests = new TreeMap<>();
            for (int i = 0; i < 60; i++) {
                digests.put(random.nextLong(r.endPosition() + 1), 0L);
            }
            for (long p : digests.keySet()) {
                straight.run(p);
                digests.put(p, straight.digest());
            }
            List<Long> known = new ArrayList<>(digests.keySet());
            for (int i = 0; i < 300; i++) {
                long from = t.position();
                Truth truth = truths.get(random.nextInt(truths.size()));
                String what = "move " + i + " from " + from + " " + truth.stops();
                switch (random.nextInt(8)) {
                    case 0, 1 -> {
                        long p = known.get(random.nextInt(known.size()));
                        t.seek(p);
                        assertThat(t.machine().digest()).as("digest at %d", p).isEqualTo(digests.get(p));
                    }
                    case 2 -> {
                        long n = 1 + random.nextInt(3000);
                        t.stepBackward(n, truth.stops());
                        assertThat(t.position()).as(what).isEqualTo(Math.max(from - n, truth.before(from)));
                    }
                    case 3 -> {
                        long n = 1 + random.nextInt(3000);
                        t.stepForward(n, truth.stops());
                        assertThat(t.position()).as(what).isEqualTo(Math.min(from + n, truth.after(from, t.end())));
                    }
                    case 4, 5 -> {
                        t.continueBackward(truth.stops());
                        assertThat(t.position()).as(what).isEqualTo(truth.before(from));
                    }
                    case 6 -> {
                        t.continueForward(truth.stops());
                        assertThat(t.position()).as(what).isEqualTo(truth.after(from, t.end()));
                    }
                    default -> ask(t, truth, from, random, what);
                }
                if (random.nextInt(6) == 0) {
                    t.seek(random.nextLong(t.end() + 1));
                }
            }
        }
    }

    private static void ask(Timeline t, Truth truth, long from, RandomGenerator random, String what) {
        Queries q = t.queries();
        if (truth.stops().conditions().isEmpty() && truth.stops().breakpoints().size() == 2) {
            for (long address : truth.stops().breakpoints()) {
                long to = Math.min(t.end(), from + 100_000);
                List<Long> found = q.executions(address, from, to, false, 1000);
                List<Long> latest = q.executions(address, from, to, true, 1000);
                assertThat(truth.breakpoints()).as(what).containsAll(found);
                if (found.size() < 1000) {
                    assertThat(latest).as(what).isEqualTo(found.reversed());
                }
            }
        }
        if (!truth.stops().watches().isEmpty()) {
            List<Watch> ranges = truth.stops().watches();
            Long last = truth.accesses().lower(from);
            assertThat(q.last(ranges, from).map(Access::position)).as(what)
                    .isEqualTo(java.util.Optional.ofNullable(last));
            Long next = truth.accesses().ceiling(from);
            assertThat(q.next(ranges, from).map(Access::position)).as(what)
                    .isEqualTo(java.util.Optional.ofNullable(next));
            long to = Math.min(t.end(), from + random.nextInt(500_000));
            List<Long> all = new ArrayList<>(truth.accesses().subSet(from, to));
            List<Long> first = all.subList(0, Math.min(50, all.size()));
            assertThat(q.all(ranges, from, to, 50)).as(what).extracting(Access::position).isEqualTo(first);
            List<Long> latest = all.reversed().subList(0, Math.min(50, all.size()));
            assertThat(q.latest(ranges, from, to, 50)).as(what).extracting(Access::position).isEqualTo(latest);
        }
        assertThat(t.position()).isEqualTo(from);
        Reg reg = Reg.gpr(random.nextInt(8));
        q.lastChange(reg, from).ifPresent(c -> {
            long here = t.machine().get(reg);
            assertThat(c.after()).as(what).isEqualTo(here);
            t.seek(c.position());
            assertThat(t.machine().get(reg)).as(what).isEqualTo(c.before());
            assertThat(t.machine().linearIp()).isEqualTo(c.ip());
            t.stepForward(1);
            assertThat(t.machine().get(reg)).as(what).isEqualTo(here);
            t.seek(from);
        });
    }
}
