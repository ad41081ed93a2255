package dev.retrap.cpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * Random encodings in random modes at CPL 0 and 3: the interpreter a step at a time, the interpreter straight and the
 * compiler end in the same state, and none throws anything at the host. Encodings count if they were begun.
 * {@code -Dretrap.fuzz.encodings=10000000 -Dretrap.fuzz.seed=S} runs more.
 */
class EngineFuzzTest {
    private static final long ENCODINGS = Long.getLong("retrap.fuzz.encodings", 20_000);
    private static final long SEED = Long.getLong("retrap.fuzz.seed", 1);
    /** Of so many programs one is also run compiled. */
    private static final int COMPILED = Integer.getInteger("retrap.fuzz.compiled", 10);
    private static final int STEPS = 8000;

    private static final List<CpuModel> MODELS = CpuModels.all();

    private record Program(CpuModel model, FuzzMachine.Kind kind, int cpl, long seed) {
        static Program draw(long seed) {
            RandomGenerator random = random(seed);
            CpuModel model = MODELS.get(random.nextInt(MODELS.size()));
            FuzzMachine.Kind[] kinds = FuzzMachine.Kind.values();
            int legacy = FuzzMachine.Kind.LONG64.ordinal();
            var kind = kinds[random.nextInt(model.has(Feature.LM) ? kinds.length : legacy)];
            return new Program(model, kind, random.nextInt(3) == 0 ? 0 : 3, seed);
        }

        private static RandomGenerator random(long seed) {
            return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        }

        FuzzCode code() {
            return new FuzzCode(model, kind.mode, random(seed + 0x5EED));
        }

        FuzzMachine machine(FuzzCode code, EngineMode engine) {
            return new FuzzMachine(model, kind, cpl, code, seed, engine);
        }
    }

    @Test
    void enginesAgreeOnWhateverIsEncoded() {
        long begun = 0;
        long placed = 0;
        long steps = 0;
        long programs = 0;
        long compiledPrograms = 0;
        long regions = 0;
        var modes = new long[CodeMode.values().length];
        for (long seed = SEED * 1_000_000; begun < ENCODINGS; seed++) {
            Program p = Program.draw(seed);
            try {
                FuzzCode code = p.code();
                FuzzMachine stepped = p.machine(code, EngineMode.INTERPRETER);
                long n = walk(stepped, code);
                long end = stepped.c.position;
                String state = stepped.state();
                same(p, code, EngineMode.INTERPRETER, end, straight(p, code, EngineMode.INTERPRETER, end), state);
                if (programs % COMPILED == 0) {
                    FuzzMachine compiled = straight(p, code, EngineMode.COMPILED_AT_ONCE, end);
                    regions += compiled.engine.compiledRegions();
                    compiledPrograms++;
                    same(p, code, EngineMode.COMPILED_AT_ONCE, end, compiled, state);
                }
                begun += n;
                modes[p.kind.mode.ordinal()] += n;
                placed += code.encodings();
                steps += end;
                programs++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(p.toString(), e);
            }
        }
        System.out.printf("fuzz: seed %d: %,d encodings begun (16, 32, 64 bits: %,d %,d %,d) of %,d in %,d programs, %,d"
                + " steps; %,d programs also compiled, %,d regions%n", SEED, begun, modes[0], modes[1], modes[2], placed,
                programs, steps, compiledPrograms, regions);
        assertThat(regions).isPositive();
    }

    private static void same(Program p, FuzzCode code, EngineMode engine, long end, FuzzMachine got, String expected) {
        if (!got.state().equals(expected)) {
            throw new AssertionError(engine + ": " + firstDifference(p, code, engine, end));
        }
    }

    /** The first position at which a straight run ends in another state, and the instruction before it. */
    private static String firstDifference(Program p, FuzzCode code, EngineMode engine, long end) {
        FuzzMachine stepped = p.machine(code, EngineMode.INTERPRETER);
        for (long to = 1; to <= end; to++) {
            long at = stepped.linear();
            stepped.engine.run(to);
            String expected = stepped.state();
            String got = straight(p, code, engine, to).state();
            if (!got.equals(expected)) {
                return String.format("step to %d at %x %s:%n%s%nnot %s", to, at, stepped.bytesAt(at), expected, got);
            }
        }
        return "only at the end, " + end;
    }

    /** A step at a time to the end; how many encodings were begun. */
    private static long walk(FuzzMachine m, FuzzCode code) {
        var begun = new BitSet();
        for (int left = code.encodings(); m.c.position < STEPS && left > 0;) {
            long at = m.linear();
            if (code.startsAt(at) && !begun.get((int) at - FuzzCode.AT)) {
                begun.set((int) at - FuzzCode.AT);
                left--;
            }
            long before = m.c.position;
            m.engine.run(before + 1);
            if (m.c.position == before) {
                break;
            }
        }
        return begun.cardinality();
    }

    private static FuzzMachine straight(Program p, FuzzCode code, EngineMode engine, long end) {
        FuzzMachine m = p.machine(code, engine);
        while (m.c.position < end) {
            long before = m.c.position;
            m.engine.run(end);
            if (m.c.position == before) {
                break;
            }
        }
        return m;
    }
}
