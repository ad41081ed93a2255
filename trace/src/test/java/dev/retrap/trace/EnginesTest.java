package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fixture kernels and programs: the same states, crossings and console whichever engine runs and however it is cut. */
class EnginesTest {
    private static final String ENGINE = "retrap.engine", THRESHOLD = "retrap.engine.threshold";
    private static final long LOOK = 10_007;

    /** Digests by position, and a hash of all crossings and console output. */
    private record Course(List<Long> digests, long events, Stop end) {}

    @ParameterizedTest
    @CsvSource({"v4.2, hello, 1, true", "v4.4, kernel-check, 4, false", "v4.2, selftest, 6, false", "v4.2, sleep 3, 8, false",
        "v4.4, getpid-loop 500 both, 9, false", "v4.2, workload sieve 1, 10, false", "v4.4, workload fib 15, 11, false"})
    void enginesAgree(String variant, String command, long seed, boolean all) {
        Course reference = course(variant, command, "interpreter", 0);
        assertThat(reference.digests()).hasSizeGreaterThan(5);
        assertThat(course(variant, command, "tiered", 0)).isEqualTo(reference);
        assertThat(course(variant, command, "tiered", seed)).isEqualTo(reference);
        if (all) {
            assertThat(course(variant, command, "compiled-at-once", 0)).isEqualTo(reference);
            assertThat(course(variant, command, "compiled-at-once", seed)).isEqualTo(reference);
        }
    }

    /** @param seed of the positions at which the run is cut, 0 for none */
    private static Course course(String variant, String command, String engine, long seed) {
        Machine m = machine(variant, command, engine);
        long[] events = {0};
        m.setObserver(new MachineObserver() {
            @Override
            public void crossing(dev.retrap.cpu.Crossing c) {
                add(c.position * 31 + c.cycles);
                add(c.kind.ordinal() << 8 | c.vector);
            }

            @Override
            public void console(int octet) {
                add(octet + m.position() * 257);
            }

            private void add(long v) {
                events[0] = (events[0] ^ v) * 0x9E3779B97F4A7C15L;
                events[0] ^= events[0] >>> 29;
            }
        });
        RandomGenerator cuts = seed == 0 ? null : RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<Long> digests = new ArrayList<>();
        for (long to = LOOK; ; to += LOOK) {
            Stop stop = new Stop.Reached();
            while (m.position() < to && stop instanceof Stop.Reached) {
                stop = m.run(cuts == null ? to
                        : Math.min(to, m.position() + 1 + cuts.nextInt(cuts.nextInt(6) == 0 ? 4 : 9000)));
            }
            digests.add(m.digest());
            if (!(stop instanceof Stop.Reached)) {
                return new Course(digests, events[0], stop);
            }
        }
    }

    private static Machine machine(String variant, String command, String engine) {
        String before = System.getProperty(ENGINE);
        String beforeThreshold = System.getProperty(THRESHOLD);
        try {
            System.setProperty(ENGINE, engine);
            System.setProperty(THRESHOLD, "200");
            RecordingInfo info = Guests.info(variant, command);
            return Machine.boot(info.config(), info.image());
        } finally {
            restore(ENGINE, before);
            restore(THRESHOLD, beforeThreshold);
        }
    }

    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }
}
