package dev.retrap.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The modes of the 8254: the wave forms of its data sheet, and equality with {@link ReferenceCounter}. */
final class PitCounterTest {
    /**
     * Script: {@code wN} writes count N, {@code g}/{@code G} gate low/high (each takes effect right after a tick), and
     * each {@code .} is a clock pulse. Expected: the counting element in hex after each pulse, {@code /} before an
     * element while OUT is low.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // figure 15
        "0 | w4.......       | /4 /3 /2 /1 0 ffff fffe",
        "0 | w3..g..G...     | /3 /2 /2 /2 /1 0 ffff",
        "0 | w3...w2....     | /3 /2 /1 /2 /1 0 ffff",
        "0 | gw3..G...       | /3 /3 /2 /1 0",
        // figure 16
        "1 | gw3..G.....gG.. | 0 0 /3 /2 /1 0 ffff /3 /2",
        "1 | gw3G...gG.....  | /3 /2 /1 /3 /2 /1 0 ffff",
        "1 | gw2G.....w4gG.. | /2 /1 0 ffff fffe /4 /3",
        // figure 17
        "2 | w3.......       | 3 2 /1 3 2 /1 3",
        "2 | w3..g.G....     | 3 2 2 3 2 /1 3",
        "2 | w4..w5.....     | 4 3 2 /1 5 4 3",
        "2 | w3...g.G..      | 3 2 /1 1 3 2",
        // figure 18
        "3 | w4..........    | 4 2 /4 /2 4 2 /4 /2 4 2",
        "3 | w5..........    | 4 2 0 /4 /2 4 2 0 /4 /2",
        "3 | w4....g..G....  | 4 2 /4 /2 2 2 4 2 /4 /2",
        "3 | w4.w6.......    | 4 2 /6 /4 /2 6 4 2",
        "3 | w2.....         | 2 /2 2 /2 2",
        "3 | w3.....         | 2 0 /2 2 0",
        // figure 19
        "4 | w3.......       | 3 2 1 /0 ffff fffe fffd",
        "4 | gw3...G....     | 3 3 3 2 1 /0 ffff",
        "4 | w3...w2....     | 3 2 1 2 1 /0 ffff",
        // figure 20
        "5 | gw3..G.....gG.  | 0 0 3 2 1 /0 ffff 3",
        "5 | gw3G...gG....   | 3 2 1 3 2 1 /0",
        "5 | gw3G...w5...gG. | 3 2 1 /0 ffff fffe 5",
        // illegal counts do not divide by zero
        "2 | w1...           | 1 1 1",
        "3 | w1...           | 0 0 0",
    })
    void waveForm(int mode, String script, String expected) {
        PitCounter counter = new PitCounter(true);
        counter.program(mode, false);
        StringBuilder seen = new StringBuilder();
        long tick = 0;
        for (int i = 0; i < script.length(); i++) {
            switch (script.charAt(i)) {
                case 'w' -> counter.write(script.charAt(++i) - '0');
                case 'g' -> counter.gate(false);
                case 'G' -> counter.gate(true);
                case '.' -> {
                    counter.advance(++tick);
                    seen.append(seen.isEmpty() ? "" : " ").append(counter.out() ? "" : "/")
                            .append(Integer.toHexString(counter.value()));
                }
                default -> { }
            }
        }
        assertThat(seen).hasToString(expected);
    }

    @Test
    void equalsTheReferenceTickByTick() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 400; run++) {
            boolean gate = random.nextBoolean();
            PitCounter counter = new PitCounter(gate);
            ReferenceCounter reference = new ReferenceCounter(gate);
            long tick = 0;
            StringBuilder history = new StringBuilder("seed " + seed + " run " + run + ":");
            for (int step = 0; step < 60; step++) {
                boolean before = reference.out;
                boolean rose = false;
                switch (random.nextInt(9)) {
                    case 0 -> {
                        int mode = random.nextInt(6);
                        boolean bcd = random.nextInt(4) == 0;
                        history.append(" mode").append(mode).append(bcd ? "bcd" : "");
                        counter.program(mode, bcd);
                        reference.program(mode, bcd);
                    }
                    case 1, 2, 3 -> {
                        int n = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(9);
                        history.append(" w").append(n);
                        counter.write(n);
                        reference.write(n == 0 ? counter.bcd() ? 10_000 : 0x10000 : n);
                    }
                    case 4 -> {
                        history.append(" half");
                        counter.holdForSecondByte();
                        reference.firstByte();
                    }
                    case 5 -> {
                        gate = !gate;
                        history.append(gate ? " G" : " g");
                        counter.gate(gate);
                        reference.gate(gate);
                    }
                    default -> {
                        int ticks = 1 + random.nextInt(random.nextInt(20) == 0 ? 70_000 : 15);
                        history.append(" +").append(ticks);
                        for (int i = 0; i < ticks; i++) {
                            boolean was = reference.out;
                            reference.clock();
                            rose |= reference.out && !was;
                        }
                        tick += ticks;
                        counter.advance(tick);
                        before = reference.out;
                    }
                }
                rose |= reference.out && !before;
                assertThat(counter.out()).as("out, %s", history).isEqualTo(reference.out);
                assertThat(counter.nullCount()).as("null count, %s", history).isEqualTo(reference.nullCount);
                if (!counter.bcd()) {
                    assertThat(counter.value()).as("value, %s", history).isEqualTo(reference.value());
                }
                assertThat(counter.takeRise()).as("rise, %s", history).isEqualTo(rose);
                edge(counter.nextRise(), tick, reference.ticksToEdge(true, 60), "rise", history);
                edge(counter.nextFall(), tick, reference.ticksToEdge(false, 60), "fall", history);
            }
        }
    }

    private static void edge(long foreseen, long now, int expected, String which, StringBuilder history) {
        if (expected < 0) {
            assertThat(foreseen - now).as("next %s, %s", which, history).isGreaterThan(60);
        } else {
            assertThat(foreseen - now).as("next %s, %s", which, history).isEqualTo(expected);
        }
    }

    @Test
    void aLeapEqualsItsParts() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 3000; run++) {
            PitCounter one = new PitCounter(true);
            PitCounter many = new PitCounter(true);
            int mode = random.nextInt(6);
            boolean bcd = random.nextBoolean();
            int count = random.nextInt(0x10000) & (bcd ? 0x9999 : 0xFFFF) & -1 >>> random.nextInt(32);
            int next = random.nextInt(0x10000) & (bcd ? 0x9999 : 0xFFFF);
            long writeAt = random.nextInt(1000);
            long end = writeAt + 1 + (random.nextLong() >>> 8 + random.nextInt(48));
            for (PitCounter c : new PitCounter[] { one, many }) {
                c.program(mode, bcd);
                c.write(count);
                c.gate(false);
                c.gate(true);
                c.advance(writeAt);
                c.write(next);
            }
            one.advance(end);
            for (int i = 0; i < 10; i++) {
                many.advance(random.nextLong(end));
            }
            many.advance(end);
            assertThat(state(many)).as("seed %d run %d: mode %d bcd %s %x, at %d %x, to %d", seed, run, mode, bcd,
                    count, writeAt, next, end).isEqualTo(state(one));
        }
    }

    @Test
    void bcdCountsInDecimal() {
        PitCounter counter = new PitCounter(true);
        counter.program(0, true);
        counter.write(0x1000);
        counter.advance(1);
        assertThat(counter.value()).isEqualTo(0x1000);
        counter.advance(2);
        assertThat(counter.value()).isEqualTo(0x0999);
        assertThat(counter.nextRise()).isEqualTo(1001);
        counter.advance(1001);
        assertThat(counter.out()).isTrue();
        counter.advance(1002);
        assertThat(counter.value()).isEqualTo(0x9999);
    }

    @Test
    void zeroIsTheLargestCount() {
        PitCounter counter = new PitCounter(true);
        counter.program(2, false);
        counter.write(0);
        counter.advance(1);
        assertThat(counter.value()).isZero();
        assertThat(counter.nextFall()).isEqualTo(0x10000);
        assertThat(counter.nextRise()).isEqualTo(0x10001);
        counter.program(2, true);
        counter.write(0);
        assertThat(counter.nextRise()).isEqualTo(1 + 1 + 10_000);
    }

    @Test
    void damagedStateIsRefused() {
        byte[] state = state(new PitCounter(true));
        state[state.length - 1] = 1;
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new PitCounter(true).load(new StateReader(state)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("timer count");
    }

    private static byte[] state(PitCounter counter) {
        StateWriter w = new StateWriter();
        counter.save(w);
        return w.toByteArray();
    }
}
