package dev.retrap.cpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.isa.CodeMode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engines on random programs: at each position looked at, the state is the same whichever ran and however the run was
 * cut. {@code -Dretrap.lockstep.programs=N -Dretrap.lockstep.seed=S} runs more.
 */
class LockstepTest {
    private static final int PROGRAMS = Integer.getInteger("retrap.lockstep.programs", 4);
    private static final long SEED = Long.getLong("retrap.lockstep.seed", 1);
    private static final long STEPS = Long.getLong("retrap.lockstep.steps", 40_000);
    private static final long LOOK = 1 + STEPS / 25;

    private record Case(CpuModel model, CodeMode mode, long seed) {
        RandomMachine machine(EngineMode engine) {
            return new RandomMachine(model, mode, seed, engine);
        }
    }

    @ParameterizedTest
    @CsvSource({"p6, CODE32", "k7, CODE32", "haswell, CODE32", "haswell, CODE64", "zen, CODE64"})
    void enginesAgree(String model, CodeMode mode) {
        CpuModel m = CpuModels.named(model);
        long events = 0;
        long steps = 0;
        int regions = 0;
        long calls = 0;
        for (long seed = SEED * 1000; seed < SEED * 1000 + PROGRAMS; seed++) {
            Case x = new Case(m, mode, seed);
            RandomMachine reference = x.machine(EngineMode.INTERPRETER);
            List<String> states = states(reference, null);
            events += reference.events();
            calls += reference.calls();
            steps += reference.c.position;
            for (EngineMode engine : EngineMode.values()) {
                for (boolean cut : new boolean[] {false, true}) {
                    if (engine == EngineMode.INTERPRETER && !cut) {
                        continue;
                    }
                    RandomMachine other = x.machine(engine);
                    List<String> others = states(other, cut ? cuts(seed, engine) : null);
                    regions += other.compiledRegions();
                    if (!others.equals(states)) {
                        throw new AssertionError(model + " " + mode + " seed " + seed + " " + engine
                                + (cut ? " cut: " : ": ") + firstDifference(x, engine, cut, seed));
                    }
                }
            }
        }
        assertThat(steps).as("steps").isGreaterThan(PROGRAMS * STEPS / 2);
        assertThat(events).as("exceptions and interrupts").isGreaterThan(PROGRAMS * 20L);
        assertThat(calls).as("fast system calls").isGreaterThan(PROGRAMS * 20L);
        assertThat(regions).as("regions compiled").isGreaterThan(PROGRAMS * 10);
    }

    private static RandomGenerator cuts(long seed, EngineMode engine) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + engine.ordinal());
    }

    private static List<String> states(RandomMachine m, RandomGenerator cuts) {
        List<String> states = new ArrayList<>();
        for (long to = LOOK; to <= STEPS; to += LOOK) {
            run(m, to, cuts);
            states.add(m.state());
        }
        return states;
    }

    private static void run(RandomMachine m, long to, RandomGenerator cuts) {
        while (m.c.position < to) {
            long before = m.c.position;
            m.engine.run(cuts == null ? to
                    : Math.min(to, before + 1 + cuts.nextInt(cuts.nextInt(4) == 0 ? 3 : 2000)));
            if (m.c.position == before) {
                return;
            }
        }
    }

    /** The position from which on the states differ, and what was run there. */
    private static String firstDifference(Case x, EngineMode engine, boolean cut, long seed) {
        for (long low = 0, high = STEPS; ; ) {
            if (high - low <= 1) {
                RandomMachine a = x.machine(EngineMode.INTERPRETER);
                run(a, low, null);
                long rip = a.c.rip;
                String before = a.state();
                run(a, high, null);
                RandomMachine b = x.machine(engine);
                run(b, high, cut ? cuts(seed, engine) : null);
                return String.format("step at %d, rip %x%n before %s%n after  %s%n not    %s", low, rip, before,
                        a.state(), b.state());
            }
            long middle = low + high >>> 1;
            RandomMachine a = x.machine(EngineMode.INTERPRETER);
            RandomMachine b = x.machine(engine);
            run(a, middle, null);
            run(b, middle, cut ? cuts(seed, engine) : null);
            if (a.state().equals(b.state())) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
