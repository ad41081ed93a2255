package dev.retrap.cpu.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares with objdump on random encodings of each form, mutations of them, and random bytes. More by hand with
 * {@code -Dretrap.isa.batches=200}; another seed with {@code -Dretrap.isa.seed=N}.
 */
class ObjdumpRandomTest {
    private static final int BATCHES = Integer.getInteger("retrap.isa.batches", 2);
    private static final long SEED = Long.getLong("retrap.isa.seed", 20_150_903L);
    private static final BitSet COVERED = new BitSet();

    @BeforeAll
    static void objdumpIsInstalled() {
        String version = Objdump.version();
        assumeTrue(version != null && version.contains("2.40"), "needs objdump of binutils 2.40, found " + version);
    }

    @AfterAll
    static void coverage() {
        if (COVERED.isEmpty()) {
            return;
        }
        List<Form> forms = InstructionTable.forms();
        System.out.printf("isa: %d of %d forms compared equal with objdump%n", COVERED.cardinality(), forms.size());
        System.out.println("isa: not compared: " + forms.stream().filter(f -> !COVERED.get(f.id()))
                .map(Form::toString).distinct().collect(Collectors.joining(", ")));
        assertThat(COVERED.cardinality()).isGreaterThan(forms.size() * 95 / 100);
    }

    @ParameterizedTest
    @CsvSource({"CODE16,ATT,", "CODE16,INTEL,", "CODE32,ATT,", "CODE32,INTEL,", "CODE64,ATT,", "CODE64,INTEL,",
        "CODE64,ATT,intel64", "CODE64,INTEL,intel64"})
    void lengthAndTextAreThoseOfObjdump(CodeMode mode, Syntax syntax, String options) {
        // objdump's default for near branches with 66 in 64-bit mode is AMD's.
        var comparison = new Comparison(mode, options == null, syntax);
        var random = new SplittableRandom(SEED + mode.ordinal());
        int next = 1;
        for (int batch = 0; batch < BATCHES; batch++) {
            var code = new byte[Objdump.BATCH * Objdump.SLOT];
            Arrays.fill(code, (byte) 0x90);
            for (int slot = 0; slot < Objdump.BATCH; slot++) {
                next = slot % 4 == 3 ? next : next % (InstructionTable.forms().size() - 1) + 1;
                fill(random, mode, InstructionTable.forms().get(next), slot % 4, code, slot * Objdump.SLOT);
            }
            List<Objdump.Line> lines = Objdump.slots(mode, syntax, options == null ? "" : options, code);
            // Targets of short branches near either end would wrap.
            for (int slot = 8; slot < Objdump.BATCH - 8; slot++) {
                comparison.compare(code, slot * Objdump.SLOT, slot * Objdump.SLOT, lines.get(slot));
            }
        }
        COVERED.or(comparison.covered);
        System.out.printf("isa: %s %s %s: %d compared, excluded %s%n", mode, syntax, options == null ? "" : options,
                comparison.compared, comparison.exclusions.counts());
        assertThat(comparison.differences).as("seed %d", SEED).isEmpty();
    }

    /** Kinds 0 and 1 are an encoding of the form, 2 a mutation of one, 3 random bytes. */
    private static void fill(RandomGenerator random, CodeMode mode, Form form, int kind, byte[] code, int at) {
        var bytes = new byte[Objdump.SLOT];
        random.nextBytes(bytes);
        if (kind < 3) {
            int length = new FormEncoder(random).encode(form, mode, bytes);
            if (kind == 2) {
                bytes[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        System.arraycopy(bytes, 0, code, at, Decoder.MAX_LENGTH);
    }
}
