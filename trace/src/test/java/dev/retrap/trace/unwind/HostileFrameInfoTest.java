package dev.retrap.trace.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.fixtures.Fixtures;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged call frame information is passed over; nothing else comes of it. */
class HostileFrameInfoTest {
    private static final int ROUNDS = 300;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {7, 11})
    void damagedSectionsAreNoTrouble(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] original = Fixtures.program("sixargs");
        ElfImage image = ElfImage.parse("sixargs", original);
        int at = indexOf(original, image.section(".debug_frame").or(() -> image.section(".eh_frame")).orElseThrow());
        int length = image.section(".debug_frame").or(() -> image.section(".eh_frame")).orElseThrow().length;
        assertThat(CallFrameInfo.of(image, 0)).isPresent();
        UnwindRegisters registers = UnwindRegisters.of(4, image.entry(), 0xBFFF_0000L, 0);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = original.clone();
            for (int n = random.nextInt(1, 20); n > 0; n--) {
                damaged[at + random.nextInt(length)] = (byte) random.nextInt(256);
            }
            String what = "seed " + seed + ", round " + round;
            assertThatCode(() -> {
                Optional<CallFrameInfo> info = CallFrameInfo.of(ElfImage.parse("damaged", damaged), 0);
                for (long ip = image.entry(); ip < image.entry() + 256 && info.isPresent(); ip += 3) {
                    info.get().unwind(registers, ip, (address, bytes) -> address & 0xFF);
                }
            }).as(what).satisfiesAnyOf(
                    t -> assertThat(t).isNull(), t -> assertThat(t).isInstanceOf(BadImageException.class));
        }
    }

    private static int indexOf(byte[] haystack, byte[] needle) {
        for (int i = 0; i + needle.length <= haystack.length; i++) {
            if (Arrays.equals(haystack, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        throw new IllegalStateException("section not found in its file");
    }
}
