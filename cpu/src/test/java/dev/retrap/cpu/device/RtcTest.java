package dev.retrap.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The MC146818 by its data sheet. */
final class RtcTest {
    private static final long SECOND = 1_000_000_000;
    private final Rtc rtc = new Rtc(32 << 20);

    private int read(int register) {
        rtc.select(register);
        return rtc.read();
    }

    private void write(int register, int octet) {
        rtc.select(register);
        rtc.write(octet);
    }

    private String time() {
        return String.format("%02x%02x-%02x-%02x %02x:%02x:%02x day %x", read(0x32), read(9), read(8), read(7), read(4),
                read(2), read(0), read(6));
    }

    @Test
    void startsOn3September2015() {
        assertThat(time()).isEqualTo("2015-09-03 00:00:00 day 5"); // a Thursday
        assertThat(read(0x0D)).isEqualTo(0x80);
        assertThat(read(0x0B)).isEqualTo(0x02);
    }

    @Test
    void followsVirtualTime() {
        rtc.advance(SECOND - 1);
        assertThat(time()).isEqualTo("2015-09-03 00:00:00 day 5");
        rtc.advance(SECOND);
        assertThat(time()).isEqualTo("2015-09-03 00:00:01 day 5");
        rtc.advance((31 + 28 + 1) * 86_400L * SECOND + 13 * 3600 * SECOND);
        assertThat(time()).isEqualTo("2015-11-02 13:00:00 day 2");
    }

    @Test
    void countsInBinaryAndTwelveHours() {
        write(0x0B, 0x84);
        int[][] bytes = { { 0x32, 20 }, { 9, 15 }, { 8, 9 }, { 7, 3 }, { 6, 5 }, { 4, 12 }, { 2, 59 }, { 0, 0 } };
        for (int[] r : bytes) {
            write(r[0], r[1]);
        }
        write(0x0B, 0x04);
        rtc.advance(13 * 3600 * SECOND);
        assertThat(read(4)).as("1 pm").isEqualTo(0x81);
        assertThat(read(2)).isEqualTo(59);
        assertThat(read(9)).isEqualTo(15);
        assertThat(read(0x32)).isEqualTo(20);
        rtc.advance(24 * 3600 * SECOND);
        assertThat(read(4)).as("midnight is 12 am").isEqualTo(12);
        assertThat(read(7)).isEqualTo(4);
        rtc.advance(36 * 3600 * SECOND);
        assertThat(read(4)).as("noon is 12 pm").isEqualTo(0x8C);
    }

    @Test
    void setHoldsTheTimeStillAndLetsItBeWritten() {
        rtc.advance(5 * SECOND + 300);
        write(0x0B, 0x82);
        rtc.advance(20 * SECOND);
        assertThat(time()).isEqualTo("2015-09-03 00:00:05 day 5");
        int[][] leapEve = { { 0x32, 0x20 }, { 9, 0x16 }, { 8, 0x02 }, { 7, 0x28 }, { 6, 1 }, { 4, 0x23 }, { 2, 0x59 },
            { 0, 0x58 } };
        for (int[] r : leapEve) {
            write(r[0], r[1]);
        }
        write(0x0B, 0x02);
        assertThat(time()).isEqualTo("2016-02-28 23:59:58 day 1");
        rtc.advance(21 * SECOND);
        assertThat(time()).as("the divider kept its phase").isEqualTo("2016-02-28 23:59:59 day 1");
        rtc.advance(22 * SECOND);
        assertThat(time()).isEqualTo("2016-02-29 00:00:00 day 2");
    }

    @Test
    void timeCanBeWrittenWhileItRuns() {
        write(2, 0x45);
        assertThat(time()).isEqualTo("2015-09-03 00:45:00 day 5");
        rtc.advance(60 * SECOND);
        assertThat(time()).isEqualTo("2015-09-03 00:46:00 day 5");
    }

    @Test
    void dividerResetDelaysTheFirstUpdateByHalfASecond() {
        rtc.advance(SECOND / 4);
        write(0x0A, 0x76);
        rtc.advance(10 * SECOND);
        assertThat(time()).isEqualTo("2015-09-03 00:00:00 day 5");
        write(0x0A, 0x26);
        rtc.advance(10 * SECOND + SECOND / 2 - 1);
        assertThat(read(0)).isEqualTo(0);
        rtc.advance(10 * SECOND + SECOND / 2);
        assertThat(read(0)).isEqualTo(1);
    }

    @Test
    void updateInProgressPrecedesEachSecond() {
        rtc.advance(SECOND - 2_228_001);
        assertThat(read(0x0A)).isEqualTo(0x26);
        rtc.advance(SECOND - 2_228_000);
        assertThat(read(0x0A)).isEqualTo(0xA6);
        rtc.advance(SECOND);
        assertThat(read(0x0A)).isEqualTo(0x26);
    }

    @Test
    void updateEndedInterrupt() {
        assertThat(rtc.nextRise()).isEqualTo(Rtc.NEVER);
        write(0x0B, 0x12);
        assertThat(rtc.nextRise()).isEqualTo(SECOND);
        rtc.advance(SECOND - 1);
        assertThat(rtc.irq()).isFalse();
        rtc.advance(SECOND);
        assertThat(rtc.irq()).isTrue();
        assertThat(rtc.nextRise()).isEqualTo(Rtc.NEVER);
        assertThat(read(0x0C) & 0x90).isEqualTo(0x90);
        assertThat(rtc.irq()).isFalse();
        assertThat(read(0x0C)).isZero();
        assertThat(rtc.nextRise()).isEqualTo(2 * SECOND);
        write(0x0B, 0x92);
        assertThat(read(0x0B)).as("SET clears UIE").isEqualTo(0x82);
    }

    @Test
    void periodicInterruptKeepsTheCrystalsPace() {
        write(0x0A, 0x26); // 1024 Hz
        write(0x0B, 0x42);
        int count = 0;
        for (long next = rtc.nextRise(); next <= 3 * SECOND; next = rtc.nextRise()) {
            rtc.advance(next - 1);
            assertThat(rtc.irq()).isFalse();
            rtc.advance(next);
            assertThat(rtc.irq()).isTrue();
            assertThat(read(0x0C) & 0xC0).isEqualTo(0xC0);
            count++;
        }
        assertThat(count).isEqualTo(3 * 1024);
    }

    @Test
    void periodicRates() {
        // Data sheet, table 5, 32.768 kHz: period in nanoseconds, rounded up.
        long[] periods = { 0, 3_906_250, 7_812_500, 122_071, 244_141, 488_282, 976_563, 1_953_125, 3_906_250, 7_812_500,
            15_625_000, 31_250_000, 62_500_000, 125_000_000, 250_000_000, 500_000_000 };
        write(0x0B, 0x42);
        for (int rate = 0; rate < 16; rate++) {
            write(0x0A, 0x20 | rate);
            assertThat(rtc.nextRise()).as("rate %d", rate).isEqualTo(rate == 0 ? Rtc.NEVER : periods[rate]);
        }
    }

    @Test
    void alarmMatchesOnceADay() {
        write(1, 0x30);
        write(3, 0x15);
        write(5, 0x07);
        write(0x0B, 0x22);
        long first = (7 * 3600 + 15 * 60 + 30) * SECOND;
        assertThat(rtc.nextRise()).isEqualTo(first);
        rtc.advance(first - 1);
        assertThat(rtc.irq()).isFalse();
        rtc.advance(first);
        assertThat(read(0x0C) & 0xA0).isEqualTo(0xA0);
        assertThat(rtc.nextRise()).isEqualTo(first + 86_400 * SECOND);
    }

    @Test
    void alarmWithDontCares() {
        write(1, 0x05);
        write(3, 0xC0);
        write(5, 0xFF);
        write(0x0B, 0x22);
        assertThat(rtc.nextRise()).isEqualTo(5 * SECOND);
        rtc.advance(6 * SECOND);
        read(0x0C);
        assertThat(rtc.nextRise()).isEqualTo(65 * SECOND);
        write(1, 0x77);
        assertThat(rtc.nextRise()).as("no such second").isEqualTo(Rtc.NEVER);
    }

    @Test
    void flagsRiseWithoutTheirEnables() {
        rtc.advance(SECOND);
        assertThat(rtc.irq()).isFalse();
        write(0x0B, 0x12);
        assertThat(rtc.irq()).isTrue();
        assertThat(read(0x0C)).as("update ended, periodic, midnight alarm not").isEqualTo(0xD0);
    }

    @Test
    void ramKeepsBytesAndReportsMemory() {
        assertThat(read(0x15) | read(0x16) << 8).isEqualTo(640);
        assertThat(read(0x17) | read(0x18) << 8).isEqualTo(31 * 1024);
        assertThat(read(0x34) | read(0x35) << 8).isEqualTo(16 * 16);
        write(0x7F, 0x5A);
        assertThat(read(0x7F)).isEqualTo(0x5A);
        write(0xFF, 0x11);
        assertThat(read(0x7F)).as("bit 7 is not part of the number").isEqualTo(0x11);
    }

    @Test
    void calendarEncodesAndDecodesEverySecond() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] ram = new byte[128];
        long end = LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);
        for (int i = 0; i < 20_000; i++) {
            long second = random.nextLong(end);
            int b = random.nextInt(4) << 1;
            int shift = random.nextInt(7);
            RtcCalendar.encode(second, shift, b, ram);
            assertThat(RtcCalendar.decode(b, ram)).as("seed %d, %d in format %x", seed, second, b).isEqualTo(second);
            assertThat(RtcCalendar.dayShift(b, ram)).isEqualTo(shift);
        }
    }

    @Test
    void nonsenseInTheRegistersCarriesOver() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long now = 0;
        for (int i = 0; i < 5_000; i++) {
            write(random.nextInt(128), random.nextInt(256));
            now += random.nextLong(3 * SECOND);
            rtc.advance(now);
            assertThat(read(random.nextInt(128))).as("seed %d", seed).isBetween(0, 255);
            assertThat(rtc.nextRise()).as("seed %d", seed).isGreaterThan(now);
        }
    }

    @Test
    void readsLeaveNoTraceInTheState() {
        rtc.advance(7 * SECOND);
        byte[] before = state(rtc);
        time();
        rtc.select(0);
        assertThat(state(rtc)).isEqualTo(before);
        Rtc copy = new Rtc(0);
        StateReader r = new StateReader(before);
        copy.load(r);
        r.end();
        copy.advance(9 * SECOND);
        assertThat(copy.read()).isEqualTo(9);
        assertThat(state(copy)).isNotEqualTo(before);
    }

    private static byte[] state(Rtc rtc) {
        StateWriter w = new StateWriter();
        rtc.save(w);
        return w.toByteArray();
    }
}
