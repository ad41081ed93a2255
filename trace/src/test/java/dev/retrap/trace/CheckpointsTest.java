package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Snapshot;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    private static StoredCheckpoint at(long position, byte[]... pages) {
        return new StoredCheckpoint(new Snapshot(position, new byte[16], pages), 0);
    }

    @Test
    void fewAreKeptOverALongRunAndDenseNearThePresent() {
        Checkpoints c = new Checkpoints(1L << 30);
        long stride = 1 << 20;
        for (long p = 0; p <= 10_000 * stride; p += stride) {
            c.add(at(p), p);
        }
        long now = 10_000 * stride;
        assertThat(c.count()).isLessThan(120);
        assertThat(c.positionAtOrBefore(stride - 1)).isZero();
        for (long back = stride; back < now; back *= 2) {
            long gap = now - back - c.positionAtOrBefore(now - back);
            assertThat(gap).as("%d back", back).isLessThanOrEqualTo(2 * back);
        }
    }

    @Test
    void theBudgetIsKept() {
        Checkpoints c = new Checkpoints(100 * 4096);
        for (long p = 0; p < 1000; p++) {
            byte[][] pages = new byte[10][];
            for (int i = 0; i < pages.length; i++) {
                pages[i] = new byte[4096];
            }
            c.add(at(p * 1000, pages), p * 1000);
            assertThat(c.bytes()).isLessThanOrEqualTo(200 * 4096L);
        }
        assertThat(c.positionAtOrBefore(10)).isZero();
    }
}
