package dev.retrap.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clock, bus and port 61h of the timer. */
final class PitTest {
    private final Pit pit = new Pit();

    @Test
    void clockIsExact() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BigInteger hertz = BigInteger.valueOf(1_193_182);
        BigInteger second = BigInteger.valueOf(1_000_000_000);
        for (int i = 0; i < 20_000; i++) {
            long nanos = random.nextLong() >>> 1 + random.nextInt(62);
            long ticks = PitClock.ticks(nanos);
            assertThat(ticks).as("seed %d, %d ns", seed, nanos)
                    .isEqualTo(BigInteger.valueOf(nanos).multiply(hertz).divide(second).longValueExact());
            long at = PitClock.nanos(ticks);
            if (at != PitClock.NEVER) {
                assertThat(at).isLessThanOrEqualTo(nanos);
                assertThat(PitClock.ticks(at)).isEqualTo(ticks);
                if (at > 0) {
                    assertThat(PitClock.ticks(at - 1)).isEqualTo(ticks - 1);
                }
            }
        }
        assertThat(PitClock.nanos(PitClock.NEVER)).isEqualTo(Long.MAX_VALUE);
        assertThat(PitClock.nanos(PitClock.HERTZ)).isEqualTo(1_000_000_000);
    }

    @Test
    void firmwareLeavesCounter0AtEighteenHertz() {
        pit.write(0x43, 0xE2); // status of counter 0
        assertThat(pit.read(0x40)).as("mode 3, two bytes, count not loaded yet").isEqualTo(0x80 | 0x40 | 0x36);
        assertThat(pit.irq0().nextFall()).isEqualTo(1 + 32768);
        assertThat(pit.irq0().nextRise()).isEqualTo(1 + 65536);
    }

    private void at(long tick) {
        pit.advance(PitClock.nanos(tick));
    }

    @Test
    void writesLowByteThenHighByte() {
        pit.write(0x43, 0x34);
        pit.write(0x40, 0x9C);
        assertThat(pit.irq0().nextRise()).as("half a count is none").isEqualTo(PitClock.NEVER);
        pit.write(0x40, 0x2E);
        assertThat(pit.irq0().nextRise()).isEqualTo(1 + 0x2E9C);
    }

    @Test
    void writesOneByteOnly() {
        pit.write(0x43, 0x14);
        pit.write(0x40, 0x20);
        assertThat(pit.irq0().nextRise()).isEqualTo(1 + 0x20);
        pit.write(0x43, 0x24);
        pit.write(0x40, 0x20);
        assertThat(pit.irq0().nextRise()).isEqualTo(1 + 0x2000);
    }

    @Test
    void readsTheRunningCountByteByByte() {
        pit.write(0x43, 0x34);
        pit.write(0x40, 0x00);
        pit.write(0x40, 0x10);
        at(1);
        assertThat(pit.read(0x40)).isEqualTo(0x00);
        at(2);
        assertThat(pit.read(0x40)).as("not latched: the high byte has moved").isEqualTo(0x0F);
    }

    @Test
    void latchHoldsUntilItIsRead() {
        pit.write(0x43, 0x34);
        pit.write(0x40, 0x00);
        pit.write(0x40, 0x10);
        at(1);
        pit.write(0x43, 0x00);
        at(100);
        pit.write(0x43, 0x00); // ignored: still latched
        assertThat(pit.read(0x40) | pit.read(0x40) << 8).isEqualTo(0x1000);
        assertThat(pit.read(0x40) | pit.read(0x40) << 8).isEqualTo(0x1000 - 99);
    }

    @Test
    void readBackLatchesStatusAndCountOfSeveralCounters() {
        pit.write(0x43, 0x34);
        pit.write(0x40, 0x00);
        pit.write(0x40, 0x10);
        pit.write(0x43, 0xB1); // counter 2, mode 0, BCD
        pit.write(0x42, 0x00);
        pit.write(0x42, 0x05);
        at(1);
        pit.write(0x43, 0xCA); // count and status of 0 and 2
        at(50);
        assertThat(pit.read(0x40)).as("status first").isEqualTo(0x80 | 0x34);
        assertThat(pit.read(0x40) | pit.read(0x40) << 8).isEqualTo(0x1000);
        assertThat(pit.read(0x42)).isEqualTo(0x31);
        assertThat(pit.read(0x42) | pit.read(0x42) << 8).isEqualTo(0x0500);
        pit.write(0x43, 0xE2);
        pit.write(0x43, 0xD2);
        assertThat(pit.read(0x40)).isEqualTo(0x80 | 0x34);
        assertThat(pit.read(0x40) | pit.read(0x40) << 8).isEqualTo(0x1000 - 49);
    }

    @Test
    void nullCountShowsUntilTheCountIsLoaded() {
        pit.write(0x43, 0x10);
        pit.write(0x40, 5);
        pit.write(0x43, 0xE2);
        assertThat(pit.read(0x40)).isEqualTo(0x40 | 0x10);
        at(1);
        pit.write(0x43, 0xE2);
        assertThat(pit.read(0x40)).isEqualTo(0x10);
        at(6);
        pit.write(0x43, 0xE2);
        assertThat(pit.read(0x40)).isEqualTo(0x80 | 0x10);
    }

    @Test
    void modes6And7AreModes2And3() {
        pit.write(0x43, 0x3C);
        pit.write(0x43, 0xE2);
        assertThat(pit.read(0x40) & 0x0E).isEqualTo(0x04);
        pit.write(0x43, 0x3E);
        pit.write(0x43, 0xE2);
        assertThat(pit.read(0x40) & 0x0E).isEqualTo(0x06);
    }

    @Test
    void controlPortReadsAsNothing() {
        assertThat(pit.read(0x43)).isEqualTo(0xFF);
    }

    /** As Linux calibrates the TSC (arch/x86/kernel/tsc.c, pit_calibrate_tsc): a one-shot on counter 2. */
    @Test
    void calibrationThroughPort61() {
        pit.writeSystemControl(pit.readSystemControl(0) & ~0x02 | 0x01);
        pit.write(0x43, 0xB0);
        int latch = 1_193_182 / 20;
        pit.write(0x42, latch & 0xFF);
        pit.write(0x42, latch >> 8);
        long done = PitClock.nanos(1 + latch);
        pit.advance(done - 1);
        assertThat(pit.readSystemControl(done - 1) & 0x21).isEqualTo(0x01);
        pit.advance(done);
        assertThat(pit.readSystemControl(done) & 0x21).isEqualTo(0x21);
    }

    @Test
    void gate2StopsCounter2() {
        pit.writeSystemControl(1);
        pit.write(0x43, 0x90);
        pit.write(0x42, 100);
        at(11);
        pit.writeSystemControl(0);
        at(500);
        assertThat(pit.read(0x42)).isEqualTo(90);
        pit.writeSystemControl(1);
        at(589);
        assertThat(pit.readSystemControl(PitClock.nanos(589)) & 0x20).isZero();
        at(590);
        assertThat(pit.readSystemControl(PitClock.nanos(590)) & 0x20).isEqualTo(0x20);
    }

    @Test
    void refreshBitTogglesEvery15Microseconds() {
        int toggles = 0;
        int last = 0;
        for (long nanos = 0; nanos < 1_000_000; nanos += 1000) {
            int bit = pit.readSystemControl(nanos) & 0x10;
            toggles += bit != last ? 1 : 0;
            last = bit;
        }
        assertThat(toggles).isEqualTo(1_193_182 / 18 / 1000);
        pit.writeSystemControl(0xFF);
        assertThat(pit.readSystemControl(0)).as("only bits 3:0 are kept").isEqualTo(0x0F | 0x20);
    }
}
