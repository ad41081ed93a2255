package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.PageLines;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.StopCondition;
import dev.retrap.cpu.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine says that a span touched, against what single steps and watches over everything show. */
class FootprintTest {
    private static final long PAST_BOOT = 30_000;

    private static Machine boot(String variant, String command) {
        RecordingInfo info = Guests.info(variant, command);
        return Machine.boot(info.config(), info.image());
    }

    @ParameterizedTest
    @CsvSource({"v4.2, sixargs, 1", "v4.4, getpid-loop 100 vdso, 2", "v4.4, kernel-check, 3"})
    void nothingIsTouchedThatTheFootprintDoesNotHave(String variant, String command, long seed) {
        Random random = new Random(seed);
        Machine m = boot(variant, command);
        m.run(PAST_BOOT + random.nextInt(200_000));
        List<Watch> everything = new ArrayList<>();
        for (Watch.Space space : Watch.Space.values()) {
            everything.add(new Watch(0, 1L << 32, Watch.Access.WRITE, space));
        }
        for (int span = 0; span < 20; span++) {
            long start = m.position();
            long end = start + 1 + random.nextInt(4000);
            Snapshot before = m.snapshot();
            Footprint f = new Footprint();
            m.trackFootprint(f);
            while (m.position() < end) {
                if (!(m.run(Math.min(end, m.position() + 1 + random.nextInt(1000))) instanceof Stop.Reached)) {
                    return; // powered off
                }
            }
            m.trackFootprint(null);
            Snapshot after = m.snapshot();
            after.differing(before, page -> assertThat(f.writtenPhysical().get(page)).as("frame %x", page).isNotZero());

            m.restore(before);
            m.setWatches(everything);
            PageLines lines = new PageLines();
            PageLines tables = new PageLines();
            m.setStopCondition(new StopCondition() {
                @Override
                public boolean afterAccess(Machine at, Watch watch, long address, boolean write) {
                    // Only what a page walk writes has no linear address.
                    PageLines seen = watch.space() == Watch.Space.LINEAR ? lines : tables;
                    seen.add(address >>> 12, PageLines.lines((int) address & 0xFFF, ((int) address & 0xFFF) + 1));
                    return false;
                }
            });
            while (m.position() < end) {
                if (m.instructionNext()) {
                    assertThat(f.mayExecute(m.linearIp())).as("%x at %d", m.linearIp(), m.position()).isTrue();
                }
                assertThat(m.run(m.position() + 1)).isInstanceOf(Stop.Reached.class);
            }
            m.setStopCondition(null);
            m.setWatches(List.of());
            for (long page : lines.pages()) {
                assertThat(f.written().get(page) & lines.get(page)).as("page %x", page).isEqualTo(lines.get(page));
            }
            for (long frame : tables.pages()) {
                assertThat(f.writtenPhysical().get(frame) & tables.get(frame)).as("frame %x", frame)
                        .isEqualTo(tables.get(frame));
            }
            assertThat(m.snapshot().position()).isEqualTo(after.position());
            m.restore(after);
        }
    }

    /** A condition in the engine sees what stopping at every breakpoint shows. */
    @ParameterizedTest
    @CsvSource({"v4.2, getpid-loop 200 vdso", "v4.4, getpid-loop 200 int80"})
    void conditionsAreAskedWhereverARunWouldStop(String variant, String command) {
        Machine m = boot(variant, command);
        m.run(PAST_BOOT);
        Snapshot start = m.snapshot();
        TreeMap<Long, Integer> seen = new TreeMap<>();
        for (int i = 0; i < 40_000; i++) {
            seen.merge(m.linearIp(), 1, Integer::sum);
            m.run(m.position() + 1);
        }
        List<Long> addresses = seen.entrySet().stream().filter(e -> e.getValue() > 20).map(e -> e.getKey()).toList();
        long end = m.position();
        m.restore(start);
        m.setBreakpoints(addresses);
        List<Long> stopped = new ArrayList<>();
        while (m.run(end) instanceof Stop.Breakpoint b) {
            assertThat(b.address()).isEqualTo(m.linearIp());
            assertThat(m.instructionNext()).isTrue();
            stopped.add(m.position());
        }
        long digest = m.digest();
        m.restore(start);
        List<Long> asked = new ArrayList<>();
        m.setStopCondition(new StopCondition() {
            @Override
            public boolean atBreakpoint(Machine at, long address) {
                assertThat(at.linearIp()).isEqualTo(address);
                asked.add(at.position());
                return false;
            }
        });
        assertThat(m.run(end)).isEqualTo(new Stop.Reached());
        assertThat(asked).isEqualTo(stopped).hasSizeGreaterThan(100);
        assertThat(m.digest()).isEqualTo(digest);
    }
}
