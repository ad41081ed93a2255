package dev.retrap.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The devices together: ports, interrupt lines, virtual time, state. */
final class DevicesTest {
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final Devices devices = new Devices(console::write, 32 << 20);
    private long now;

    private int in(int port) {
        return devices.in(port, 1, now);
    }

    private void out(int port, int value) {
        devices.out(port, 1, value, now);
    }

    private void initializePics(int masterMask, int slaveMask) {
        int[][] words = { { 0x20, 0x11 }, { 0x21, 0x20 }, { 0x21, 4 }, { 0x21, 1 }, { 0x21, masterMask },
            { 0xA0, 0x11 }, { 0xA1, 0x28 }, { 0xA1, 2 }, { 0xA1, 1 }, { 0xA1, slaveMask } };
        for (int[] w : words) {
            out(w[0], w[1]);
        }
    }

    private void timer(int mode, int count) {
        out(0x43, 0x30 | mode << 1);
        out(0x40, count & 0xFF);
        out(0x40, count >> 8);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0x60, 0x64, 0x80, 0xE9, 0x2E, 0x279, 0x2F8, 0x3D4, 0xCF8, 0xCFC, 0x22, 0x44, 0x3F7, 0x400,
        0xFFFF, 0xF4, 0x70 })
    void unassignedPortsReadAllOnes(int port) {
        assertThat(devices.in(port, 1, 0)).isEqualTo(0xFF);
        devices.out(port, 1, 0x55, 0);
        assertThat(console.size()).isZero();
    }

    @Test
    void widerAccessesAreOneOfEachByte() {
        assertThat(devices.in(0x2F8, 2, 0)).isEqualTo(0xFFFF);
        assertThat(devices.in(0x2F8, 4, 0)).isEqualTo(-1);
        devices.out(0x3FE, 2, 0xA5FF, 0); // MSR is read-only, scratch is next
        assertThat(devices.in(0x3FF, 1, 0)).isEqualTo(0xA5);
        assertThat(devices.in(0x3FF, 2, 0)).isEqualTo(0xFFA5);
        assertThat(devices.in(0x20, 2, 0)).isEqualTo(0xFB00);
        assertThat(devices.in(0xFFFF, 2, 0)).isEqualTo(0xFFFF);
    }

    @Test
    void serialPortIsTheConsole() {
        for (byte b : "hi\n".getBytes(StandardCharsets.US_ASCII)) {
            out(0x3F8, b);
        }
        assertThat(console).hasToString("hi\n");
        assertThat(in(0x3FD)).isEqualTo(0x60);
    }

    @Test
    void timerInterruptsAtExactTimes() {
        initializePics(0xFE, 0xFF);
        assertThat(devices.nextEvent()).as("18.2 Hz of the firmware").isEqualTo(PitClock.nanos(65537));
        timer(2, 4772); // 250 Hz as Linux programs it
        for (int i = 1; i <= 1000; i++) {
            long expected = PitClock.nanos(1 + 4772L * i);
            assertThat(devices.nextEvent()).isEqualTo(expected);
            devices.advance(expected - 1);
            assertThat(devices.intr()).isFalse();
            now = expected;
            devices.advance(now);
            assertThat(devices.intr()).isTrue();
            assertThat(devices.acknowledge()).isEqualTo(0x20);
            out(0x20, 0x20);
        }
    }

    @Test
    void pulseOfModeTwoDropsAnUnservedRequestForOneTick() {
        initializePics(0xFE, 0xFF);
        timer(2, 100);
        now = PitClock.nanos(101);
        devices.advance(now);
        assertThat(devices.intr()).isTrue();
        assertThat(devices.nextEvent()).isEqualTo(PitClock.nanos(200));
        devices.advance(PitClock.nanos(200));
        assertThat(devices.intr()).isFalse();
        assertThat(devices.nextEvent()).isEqualTo(PitClock.nanos(201));
        devices.advance(PitClock.nanos(201));
        assertThat(devices.intr()).isTrue();
    }

    @Test
    void oneShotFiresOnce() {
        initializePics(0xFE, 0xFF);
        timer(0, 1000);
        assertThat(devices.intr()).isFalse();
        assertThat(devices.nextEvent()).isEqualTo(PitClock.nanos(1001));
        now = PitClock.nanos(1001);
        devices.advance(now);
        assertThat(devices.acknowledge()).isEqualTo(0x20);
        out(0x20, 0x20);
        assertThat(devices.nextEvent()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void maskedTimerCannotWakeTheProcessor() {
        assertThat(devices.nextEvent()).as("all masked at power-on").isEqualTo(Long.MAX_VALUE);
        initializePics(0xFF, 0xFF);
        assertThat(devices.nextEvent()).isEqualTo(Long.MAX_VALUE);
        now = PitClock.nanos(70_000);
        devices.advance(now);
        out(0x20, 0x0A);
        assertThat(in(0x20)).as("requested all the same").isEqualTo(1);
        out(0x21, 0xFE);
        assertThat(devices.intr()).isTrue();
    }

    @Test
    void blockedTimerWaitsForEndOfInterrupt() {
        initializePics(0xFE, 0xFF);
        now = PitClock.nanos(65537);
        devices.advance(now);
        devices.acknowledge();
        assertThat(devices.nextEvent()).isEqualTo(Long.MAX_VALUE);
        out(0x20, 0x20);
        assertThat(devices.nextEvent()).isEqualTo(PitClock.nanos(2 * 65536 + 1));
    }

    @Test
    void clockInterruptsThroughTheSlave() {
        initializePics(0xFB, 0xFE);
        out(0x70, 0x0B);
        out(0x71, 0x12);
        assertThat(devices.nextEvent()).isEqualTo(1_000_000_000);
        now = devices.nextEvent();
        devices.advance(now);
        assertThat(devices.acknowledge()).isEqualTo(0x28);
        out(0x70, 0x0C);
        assertThat(in(0x71) & 0x90).isEqualTo(0x90);
        out(0xA0, 0x20);
        out(0x20, 0x20);
        assertThat(devices.nextEvent()).isEqualTo(2_000_000_000);
    }

    @Test
    void consoleInputInterrupts() {
        initializePics(0xEF, 0xFF);
        out(0x3FC, 0x0B);
        out(0x3F9, 0x01);
        assertThat(devices.nextEvent()).isEqualTo(Long.MAX_VALUE);
        devices.consoleInput(new byte[] { 'q' }, 77);
        now = 77;
        assertThat(devices.intr()).isTrue();
        assertThat(devices.acknowledge()).isEqualTo(0x24);
        assertThat(in(0x3F8)).isEqualTo('q');
        out(0x20, 0x20);
        assertThat(devices.intr()).isFalse();
    }

    @Test
    void eachSentByteInterruptsAgain() {
        initializePics(0xEF, 0xFF);
        out(0x3FC, 0x0B);
        out(0x3F9, 0x02);
        for (int i = 0; i < 5; i++) {
            assertThat(devices.intr()).as("byte %d", i).isTrue();
            assertThat(devices.acknowledge()).isEqualTo(0x24);
            assertThat(in(0x3FA)).isEqualTo(0x02);
            out(0x3F8, 'a' + i);
            out(0x20, 0x20);
        }
        assertThat(console).hasToString("abcde");
    }

    @Test
    void debugExitSwitchesOffOnce() {
        assertThat(devices.powerOffStatus()).isEqualTo(-1);
        devices.out(0xF4, 4, 0x1234_5607, 0);
        devices.out(0xF4, 1, 9, 0);
        assertThat(devices.powerOffStatus()).isEqualTo(7);
    }

    @Test
    void resetsByKeyboardControllerPort92AndCf9() {
        out(0x64, 0xD1);
        out(0x64, 0xFF);
        out(0x92, 0x02);
        devices.out(0xCF8, 4, 0x8000_0400, 0); // a PCI address whose second byte looks like a reset
        out(0xCF9, 0x02);
        assertThat(devices.powerOffStatus()).isEqualTo(-1);
        int[][] resets = { { 0x64, 0xFE }, { 0x92, 0x01 }, { 0xCF9, 0x06 } };
        for (int[] r : resets) {
            Devices fresh = new Devices(null);
            fresh.out(r[0], 1, r[1], 0);
            assertThat(fresh.powerOffStatus()).as("port %x", r[0]).isEqualTo(Devices.RESET);
        }
    }

    @Test
    void a20GateIsOpenAtFirst() {
        assertThat(devices.a20()).isTrue();
        assertThat(in(0x92)).isEqualTo(0x02);
        out(0x92, 0x00);
        assertThat(devices.a20()).isFalse();
        out(0x92, 0x02);
        assertThat(devices.a20()).isTrue();
    }

    @Test
    void howOftenTimeIsAdvancedMakesNoDifference() {
        long seed = System.nanoTime();
        for (int run = 0; run < 150; run++) {
            Random random = new Random(seed + run);
            Devices seldom = new Devices(null, 8 << 20);
            Devices often = new Devices(null, 8 << 20);
            long time = 0;
            for (int step = 0; step < 40; step++) {
                long next = time + 1 + random.nextLong(1L << 4 + random.nextInt(30));
                for (int i = random.nextInt(6); i > 0; i--) {
                    often.advance(time + random.nextLong(next - time + 1));
                }
                long event = often.nextEvent();
                for (int i = 0; event <= next && i < 50; i++) {
                    boolean before = often.intr();
                    often.advance(event - 1);
                    assertThat(often.intr()).as("seed %d, before event", seed + run).isEqualTo(before);
                    often.advance(event);
                    event = often.nextEvent();
                }
                time = next;
                seldom.advance(time);
                often.advance(time);
                assertThat(often.intr()).as("seed %d, INTR", seed + run).isEqualTo(seldom.intr());
                assertThat(often.nextEvent()).as("seed %d, next", seed + run).isEqualTo(seldom.nextEvent());
                operate(random.nextLong(), time, seldom, often, seed + run);
                assertThat(state(often)).as("seed %d, step %d", seed + run, step).isEqualTo(state(seldom));
            }
        }
    }

    private static final int[] PORTS = { 0x20, 0x21, 0xA0, 0xA1, 0x40, 0x41, 0x42, 0x43, 0x43, 0x61, 0x70, 0x71, 0x71,
        0x3F8, 0x3F9, 0x3FA, 0x3FB, 0x3FC, 0x3FD, 0x3FE };

    /** One random access, the same to both. */
    private static void operate(long choice, long time, Devices a, Devices b, long seed) {
        Random random = new Random(choice);
        int port = PORTS[random.nextInt(PORTS.length)];
        switch (random.nextInt(5)) {
            case 0 -> assertThat(a.in(port, 1, time)).as("seed %d", seed).isEqualTo(b.in(port, 1, time));
            case 1 -> {
                if (a.intr()) {
                    assertThat(a.acknowledge()).as("seed %d", seed).isEqualTo(b.acknowledge());
                }
            }
            case 2 -> {
                byte[] typed = new byte[random.nextInt(20)];
                a.consoleInput(typed, time);
                b.consoleInput(typed, time);
            }
            case 3 -> {
                // Something that makes interrupts likely: PICs open, then the timer or the clock.
                for (Devices d : new Devices[] { a, b }) {
                    d.out(0x21, 1, 0, time);
                    d.out(0xA1, 1, 0, time);
                    d.out(0x43, 1, 0x34 | (int) (choice & 2), time);
                    d.out(0x40, 1, (int) choice >> 8, time);
                    d.out(0x40, 1, (int) choice >> 16 & 3, time);
                    d.out(0x70, 1, 0x0B, time);
                    d.out(0x71, 1, 0x72, time);
                    d.out(0x20, 1, 0x20, time);
                    d.out(0xA0, 1, 0x20, time);
                }
            }
            default -> {
                int value = random.nextInt(256);
                a.out(port, 1, value, time);
                b.out(port, 1, value, time);
            }
        }
    }

    @Test
    void nothingChangesIntrBeforeTheNextEvent() {
        long seed = System.nanoTime();
        for (int run = 0; run < 40; run++) {
            Random random = new Random(seed + run);
            Devices d = new Devices(null, 8 << 20);
            long time = 0;
            for (int step = 0; step < 60; step++) {
                operate(random.nextLong(), time, d, copy(d), seed + run);
                long event = d.nextEvent();
                boolean intr = d.intr();
                assertThat(event).isGreaterThan(time);
                long quiet = Math.min(event, time + 50_000_000) - 1;
                for (int i = 0; i < 20 && quiet > time; i++) {
                    Devices probe = copy(d);
                    probe.advance(time + 1 + random.nextLong(quiet - time));
                    assertThat(probe.intr()).as("seed %d", seed + run).isEqualTo(intr);
                }
                time += 1 + random.nextLong(200_000);
                d.advance(time);
            }
        }
    }

    @Test
    void stateComesBackAndGoesOnTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long time = 0;
        for (int step = 0; step < 500; step++) {
            Devices copy = copy(devices);
            assertThat(state(copy)).as("seed %d", seed).isEqualTo(state(devices));
            time += random.nextLong(10_000_000);
            operate(random.nextLong(), time, devices, copy, seed);
            assertThat(state(copy)).as("seed %d", seed).isEqualTo(state(devices));
        }
    }

    @Test
    void damagedStateNeverGetsPastWithAnotherException() {
        byte[] state = state(devices);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            int length = random.nextInt(10) == 0 ? random.nextInt(state.length) : state.length;
            byte[] damaged = Arrays.copyOf(state, length);
            for (int n = 1 + random.nextInt(3); n > 0 && damaged.length > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Devices d = new Devices(null);
            try {
                d.load(new StateReader(damaged));
                d.advance(Long.MAX_VALUE / 4);
                d.nextEvent();
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).hasMessageStartingWith("machine state is damaged");
            }
        }
        assertThatThrownBy(() -> new Devices(null).load(new StateReader(new byte[0])))
                .hasMessageContaining("expected component \"devices/2\"");
    }

    private static Devices copy(Devices d) {
        Devices copy = new Devices(null);
        StateReader r = new StateReader(state(d));
        copy.load(r);
        r.end();
        return copy;
    }

    private static byte[] state(Devices d) {
        StateWriter w = new StateWriter();
        d.save(w);
        return w.toByteArray();
    }
}
