package dev.retrap.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhysicalMemoryTest {
    private static final int PAGES = 64;

    /** Shared content must stay what it was when it was shared, and the hash must be that of the content. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void snapshotsKeepTheirContentAndHashFollowsContent(long seed) {
        Random random = new Random(seed);
        PhysicalMemory m = new PhysicalMemory(PAGES * 4096L);
        byte[] model = new byte[PAGES * 4096];
        PageTree kept = null;
        byte[] keptModel = null;
        for (int step = 0; step < 3000; step++) {
            int at = random.nextInt(model.length);
            byte v = (byte) random.nextInt();
            m.writable(at >>> 12)[at & 0xFFF] = v;
            model[at] = v;
            switch (random.nextInt(50)) {
                case 0 -> {
                    kept = m.share();
                    keptModel = model.clone();
                }
                case 1 -> {
                    if (kept != null) {
                        m.adopt(kept, pfn -> {});
                        model = keptModel.clone();
                    }
                }
                case 2 -> assertThat(m.contentHash()).isEqualTo(freshHash(model));
                default -> { }
            }
            if (kept != null && step % 97 == 0) {
                assertThat(flatten(kept)).isEqualTo(keptModel);
            }
        }
        assertThat(flatten(m.share())).isEqualTo(model);
    }

    private static long freshHash(byte[] content) {
        PhysicalMemory m = new PhysicalMemory(content.length);
        for (int p = 0; p < PAGES; p++) {
            System.arraycopy(content, p * 4096, m.writable(p), 0, 4096);
        }
        return m.contentHash();
    }

    private static byte[] flatten(PageTree pages) {
        byte[] all = new byte[pages.count() * 4096];
        for (int p = 0; p < pages.count(); p++) {
            if (pages.page(p) != null) {
                System.arraycopy(pages.page(p), 0, all, p * 4096, 4096);
            }
        }
        return all;
    }

    @Test
    void codeLinesAreKeptInLinesOf64Bytes() {
        PhysicalMemory m = new PhysicalMemory(4096L * 16);
        m.markCode(3, 100, 130);
        assertThat(m.holdsCode(3, 64, 65)).isTrue();
        assertThat(m.holdsCode(3, 191, 192)).isTrue();
        assertThat(m.holdsCode(3, 192, 196)).isFalse();
        assertThat(m.holdsCode(3, 60, 65)).isTrue();
        m.markCode(3, 4095, 4096);
        assertThat(m.holdsCode(3, 4032, 4033)).isTrue();
        m.unmarkCode(3);
        assertThat(m.holdsCode(3, 0, 4096)).isFalse();
    }

    @Test
    void outsideRamReadsAllOnes() {
        PhysicalMemory m = new PhysicalMemory(1 << 20);
        assertThat(m.read32(1 << 20)).isEqualTo(-1);
        assertThat(m.read32((1 << 20) - 2)).isEqualTo(0xFFFF0000);
    }
}
