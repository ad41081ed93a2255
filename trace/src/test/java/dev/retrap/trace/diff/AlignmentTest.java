package dev.retrap.trace.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlignmentTest {
    private static CallIndex calls(long... hashes) {
        CallIndex c = new CallIndex();
        for (int i = 0; i < hashes.length; i++) {
            c.add(i, hashes[i], hashes[i] / 100);
        }
        return c;
    }

    @Test
    void insertedAndChangedCallsDoNotDisturbTheRest() {
        // the same kind of call: numbers with the same hundreds
        assertThat(Alignment.of(calls(101, 201, 301, 401), calls(101, 301, 401))).containsExactly(0, -1, 1, 2);
        assertThat(Alignment.of(calls(101, 301, 401), calls(101, 201, 301, 401))).containsExactly(0, 2, 3);
        assertThat(Alignment.of(calls(101, 201, 301), calls(101, 202, 301))).containsExactly(0, 1, 2);
        assertThat(Alignment.of(calls(101, 201, 301), calls(101, 999, 301))).containsExactly(0, -1, 2);
        assertThat(Alignment.of(calls(), calls(101))).isEmpty();
        assertThat(Alignment.of(calls(101, 101, 101), calls(101, 101))).containsExactly(0, 1, -1);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    /** Alignments ascend, pair calls of one kind only, and find at least what was left alone. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomEdits(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long[] a = random.longs(1 + random.nextInt(300), 0, 2000).toArray();
        LongStream.Builder edited = LongStream.builder();
        int kept = 0;
        for (long hash : a) {
            switch (random.nextInt(10)) {
                case 0 -> { }
                case 1 -> edited.add(random.nextLong(2000)).add(hash);
                case 2 -> edited.add(hash / 100 * 100 + random.nextInt(100));
                default -> {
                    edited.add(hash);
                    kept++;
                }
            }
        }
        long[] b = edited.build().toArray();
        int[] partner = Alignment.of(calls(a), calls(b));
        int last = -1;
        int equal = 0;
        for (int i = 0; i < partner.length; i++) {
            if (partner[i] >= 0) {
                assertThat(partner[i]).isGreaterThan(last);
                last = partner[i];
                assertThat(a[i] / 100).isEqualTo(b[partner[i]] / 100);
                equal += a[i] == b[partner[i]] ? 1 : 0;
            }
        }
        assertThat(equal).isGreaterThanOrEqualTo(kept * 8 / 10);
    }

    @Test
    void longEqualRunsAreQuick() {
        long[] a = new long[200_000];
        Arrays.fill(a, 101);
        long[] b = Arrays.copyOf(a, 150_000);
        b[70_000] = 202;
        int[] partner = Alignment.of(calls(a), calls(b));
        assertThat(Arrays.stream(partner).filter(p -> p >= 0).count()).isEqualTo(149_999);
    }
}
