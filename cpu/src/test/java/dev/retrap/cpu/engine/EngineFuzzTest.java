package dev.retrap.cpu.engine;

import static dev.retrap.cpu.engine.FuzzMachine.Kind.COMPATIBILITY16;
import static dev.retrap.cpu.engine.FuzzMachine.Kind.COMPATIBILITY32;
import static dev.retrap.cpu.engine.FuzzMachine.Kind.LEGACY16;
import static dev.retrap.cpu.engine.FuzzMachine.Kind.LEGACY32;
import static dev.retrap.cpu.engine.FuzzMachine.Kind.LONG64;
import static dev.retrap.cpu.engine.FuzzMachine.Kind.VIRTUAL_8086;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import java.util.ArrayList;
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
    private static final int STEPS = 20_000;
    /** Steps without an encoding begun for the first time after which control is put at one. */
    private static final int PATIENCE = 50;

    private static final List<CpuModel> MODELS = CpuModels.all();
    /** 64-bit mode is as frequent as 32- and 16-bit code. */
    private static final List<FuzzMachine.Kind> KINDS = List.of(LONG64, LONG64, LONG64, LEGACY32, LEGACY32, COMPATIBILITY32,
            LEGACY16, VIRTUAL_8086, COMPATIBILITY16);

    /** Control put at an offset of the code, at a position, as a debugger does. */
    private record Turn(long position, int offset) {}

    private record Program(CpuModel model, FuzzMachine.Kind kind, int cpl, long seed) {
        static Program draw(long seed) {
            RandomGenerator random = random(seed);
            FuzzMachine.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            List<CpuModel> models = MODELS.stream().filter(m -> m.has(Feature.LM) || !kind.wide).toList();
            CpuModel model = models.get(random.nextInt(models.size()));
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
                var turns = new ArrayList<Turn>();
                long n = walk(stepped, code, turns);
                long end = stepped.c.position;
                String state = stepped.state();
                same(p, code, turns, EngineMode.INTERPRETER, end,
                        straight(p, code, turns, EngineMode.INTERPRETER, end), state);
                if (programs % COMPILED == 0) {
                    FuzzMachine compiled = straight(p, code, turns, EngineMode.COMPILED_AT_ONCE, end);
                    regions += compiled.engine.compiledRegions();
                    compiledPrograms++;
                    same(p, code, turns, EngineMode.COMPILED_AT_ONCE, end, compiled, state);
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

    private static void same(Program p, FuzzCode code, List<Turn> turns, EngineMode engine, long end, FuzzMachine got,
            String expected) {
        if (!got.state().equals(expected)) {
            throw new AssertionError(engine + ": " + firstDifference(p, code, turns, engine, end));
        }
    }

    /** The first position at which a straight run ends in another state, and the instruction before it. */
    private static String firstDifference(Program p, FuzzCode code, List<Turn> turns, EngineMode engine, long end) {
        for (long to = 1; to <= end; to++) {
            FuzzMachine before = straight(p, code, turns, EngineMode.INTERPRETER, to - 1);
            String expected = stepTo(before, turns, to).state();
            String got = straight(p, code, turns, engine, to).state();
            if (!got.equals(expected)) {
                long at = straight(p, code, turns, EngineMode.INTERPRETER, to - 1).linear();
                return String.format("step to %d at %x %s:%n%s%nnot %s", to, at, before.bytesAt(at), expected, got);
            }
        }
        return "only at the end, " + end;
    }

    private static FuzzMachine stepTo(FuzzMachine m, List<Turn> turns, long to) {
        turns.stream().filter(t -> t.position == m.c.position).forEach(t -> m.turn(t.offset));
        m.engine.run(to);
        return m;
    }

    /** A step at a time to the end; how many encodings were begun. */
    private static long walk(FuzzMachine m, FuzzCode code, List<Turn> turns) {
        var begun = new BitSet();
        int left = code.encodings();
        int idle = 0;
        int vain = 0;
        while (m.c.position < STEPS && left > 0 && vain < 8) {
            long at = m.linear();
            if (code.startsAt(at) && !begun.get((int) at - FuzzCode.AT)) {
                begun.set((int) at - FuzzCode.AT);
                left--;
                idle = 0;
                vain = 0;
            }
            long before = m.c.position;
            m.engine.run(before + 1);
            if (left > 0 && (m.c.position == before || m.c.shutdown || ++idle == PATIENCE)) {
                Turn t = new Turn(m.c.position, code.next(begun));
                turns.add(t);
                m.turn(t.offset);
                idle = 0;
                vain++;
            }
        }
        return begun.cardinality();
    }

    private static FuzzMachine straight(Program p, FuzzCode code, List<Turn> turns, EngineMode engine, long end) {
        FuzzMachine m = p.machine(code, engine);
        for (Turn t : turns) {
            if (t.position <= end) {
                run(m, t.position);
                m.turn(t.offset);
            }
        }
        run(m, end);
        return m;
    }

    private static void run(FuzzMachine m, long end) {
        // A shutdown stays at its position: the step that led to it is made over.
        while (m.c.position < end && !m.c.shutdown) {
            long before = m.c.position;
            m.engine.run(end);
            if (m.c.position == before) {
                break;
            }
        }
    }
}
