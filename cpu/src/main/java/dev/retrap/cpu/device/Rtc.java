package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * The MC146818 real-time clock of a PC/AT behind ports 70h and 71h (Motorola MC146818A data sheet), with 128 bytes of
 * RAM; its interrupt is IRQ 8. At power-on it is 2015-09-03 00:00:00 UTC, and virtual time goes on from there. A
 * divider reset (register A, bits 6:4 = 11x) stops the clock; the first update comes half a second after its release.
 */
final class Rtc {
    /** A time that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int SECONDS_ALARM = 1;
    private static final int MINUTES_ALARM = 3;
    private static final int HOURS_ALARM = 5;
    private static final int REGISTER_A = 0x0A;
    private static final int REGISTER_B = 0x0B;
    private static final int REGISTER_C = 0x0C;
    private static final int REGISTER_D = 0x0D;

    private static final int UPDATE_IN_PROGRESS = 0x80;
    private static final int DIVIDER_RESET = 0x60;
    private static final int SET = 0x80;
    /** Interrupt enables in register B and their flags in register C. */
    private static final int PERIODIC = 0x40;
    private static final int ALARM = 0x20;
    private static final int UPDATE_ENDED = 0x10;
    private static final int INTERRUPTS = PERIODIC | ALARM | UPDATE_ENDED;
    private static final int INTERRUPT_REQUEST = 0x80;
    private static final int VALID_RAM_AND_TIME = 0x80;

    private static final long EPOCH_SECOND = 1_441_238_400;
    private static final int DAY_SECONDS = 86_400;
    private static final long NANOS = 1_000_000_000;
    private static final int CRYSTAL_HERTZ = 32_768;
    /** UIP is up for 244 us before an update and for the 1984 us that it takes (data sheet, table 6). */
    private static final long UPDATE_CYCLE = (244 + 1984) * 1000;

    private final byte[] ram = new byte[128];
    private int index;
    private int registerA = 0x26;
    private int registerB = RtcCalendar.HOURS_24;
    private int flags;
    /** Flags are as of this virtual time. */
    private long now;
    /** Virtual time at which a second of the divider began. */
    private long origin;
    /** While the clock runs, its second at {@link #origin}; else the time stands in {@link #ram}. */
    private long second = EPOCH_SECOND;
    private int dayShift;

    /** With the sizes of RAM below and above 1 MiB where a BIOS keeps them. */
    Rtc(long ramBytes) {
        long above = Math.max(ramBytes - (1 << 20), 0);
        int extended = (int) Math.min(above >> 10, 0xFFFF);
        word(0x15, 640);
        word(0x17, extended);
        word(0x30, extended);
        word(0x34, (int) Math.min(Math.max(ramBytes - (16 << 20), 0) >> 16, 0xFFFF));
    }

    private void word(int at, int value) {
        ram[at] = (byte) value;
        ram[at + 1] = (byte) (value >> 8);
    }

    // ---------------------------------------------------------------- ports; advance() first

    /** Port 70h: selects a register; bit 7, the NMI mask, has nothing to mask. */
    void select(int octet) {
        index = octet & 0x7F;
    }

    /** Port 71h. */
    int read() {
        return switch (index) {
            case REGISTER_A -> registerA | (updating() ? UPDATE_IN_PROGRESS : 0);
            case REGISTER_B -> registerB;
            case REGISTER_C -> {
                int c = flags | (irq() ? INTERRUPT_REQUEST : 0);
                flags = 0;
                yield c;
            }
            case REGISTER_D -> VALID_RAM_AND_TIME;
            default -> {
                if (running() && RtcCalendar.isTime(index)) {
                    RtcCalendar.encode(secondNow(), dayShift, registerB, ram);
                }
                yield ram[index] & 0xFF;
            }
        };
    }

    /** Port 71h. */
    void write(int octet) {
        switch (index) {
            case REGISTER_A -> {
                boolean release = !dividing() && (octet & DIVIDER_RESET) != DIVIDER_RESET;
                change(octet & 0x7F, registerB, release ? now - NANOS / 2 : origin);
            }
            case REGISTER_B -> {
                int b = (octet & SET) != 0 ? octet & ~UPDATE_ENDED : octet; // SET clears UIE
                change(registerA, b, origin);
            }
            case REGISTER_C, REGISTER_D -> { }
            default -> {
                boolean was = running() && RtcCalendar.isTime(index);
                if (was) {
                    stop();
                }
                ram[index] = (byte) octet;
                if (was) {
                    start();
                }
            }
        }
    }

    /** New control registers and divider phase; the clock stops or starts as they say. */
    private void change(int a, int b, long newOrigin) {
        if (running()) {
            stop();
        }
        registerA = a;
        registerB = b;
        origin = newOrigin;
        if (running()) {
            start();
        }
    }

    private void stop() {
        RtcCalendar.encode(secondNow(), dayShift, registerB, ram);
    }

    private void start() {
        origin += secondsSince(now) * NANOS;
        second = RtcCalendar.decode(registerB, ram);
        dayShift = RtcCalendar.dayShift(registerB, ram);
    }

    // ---------------------------------------------------------------- time

    private boolean dividing() {
        return (registerA & DIVIDER_RESET) != DIVIDER_RESET;
    }

    private boolean running() {
        return dividing() && (registerB & SET) == 0;
    }

    /** Whole seconds of the divider from {@link #origin} to a time. */
    private long secondsSince(long nanos) {
        return Math.floorDiv(nanos - origin, NANOS);
    }

    private long secondNow() {
        return second + secondsSince(now);
    }

    private boolean updating() {
        return running() && Math.floorMod(now - origin, NANOS) >= NANOS - UPDATE_CYCLE;
    }

    /** Goes forward to a virtual time in nanoseconds, raising the flags due until then. */
    void advance(long nanos) {
        if (nanos <= now) {
            return;
        }
        int period = period();
        if (period != 0 && crystal(nanos) / period > crystal(now) / period) {
            flags |= PERIODIC;
        }
        if (running() && secondsSince(nanos) > secondsSince(now)) {
            flags |= UPDATE_ENDED;
            if (nextAlarm(secondNow()) <= second + secondsSince(nanos)) {
                flags |= ALARM;
            }
        }
        now = nanos;
    }

    /** Level of IRQ 8. */
    boolean irq() {
        return (flags & registerB & INTERRUPTS) != 0;
    }

    /** Virtual time at which IRQ 8 rises by itself, or {@link #NEVER}. */
    long nextRise() {
        if (irq()) {
            return NEVER;
        }
        long next = NEVER;
        int period = period();
        if ((registerB & PERIODIC) != 0 && period != 0) {
            long tick = (crystal(now) / period + 1) * period;
            next = origin + tick / CRYSTAL_HERTZ * NANOS
                    + (tick % CRYSTAL_HERTZ * NANOS + CRYSTAL_HERTZ - 1) / CRYSTAL_HERTZ;
        }
        if ((registerB & UPDATE_ENDED) != 0 && running()) {
            next = Math.min(next, origin + (secondsSince(now) + 1) * NANOS);
        }
        if ((registerB & ALARM) != 0 && running()) {
            long alarm = nextAlarm(secondNow());
            if (alarm != NEVER) {
                next = Math.min(next, origin + (alarm - second) * NANOS);
            }
        }
        return next;
    }

    /** Crystal cycles of 1/32768 s from {@link #origin} to a time not before it. */
    private long crystal(long nanos) {
        long since = nanos - origin;
        return since / NANOS * CRYSTAL_HERTZ + since % NANOS * CRYSTAL_HERTZ / NANOS;
    }

    /** Crystal cycles between periodic interrupts, 0 if there are none (data sheet, table 5). */
    private int period() {
        int rate = registerA & 15;
        return rate == 0 || !dividing() ? 0 : 1 << (rate < 3 ? rate + 6 : rate - 1);
    }

    /** The first second after {@code after} at which the alarm registers match, or {@link #NEVER}. */
    private long nextAlarm(long after) {
        int hourNow = (int) Math.floorMod(after, (long) DAY_SECONDS) / 3600;
        long hourStart = after - Math.floorMod(after, 3600L);
        for (int h = 0; h <= 24; h++) {
            if (!matches(HOURS_ALARM, RtcCalendar.hours((hourNow + h) % 24, registerB))) {
                continue;
            }
            for (int m = 0; m < 60; m++) {
                if (!matches(MINUTES_ALARM, RtcCalendar.code(m, registerB))) {
                    continue;
                }
                for (int s = 0; s < 60; s++) {
                    long candidate = hourStart + h * 3600L + m * 60 + s;
                    if (candidate > after && matches(SECONDS_ALARM, RtcCalendar.code(s, registerB))) {
                        return candidate;
                    }
                }
            }
        }
        return NEVER;
    }

    /** An alarm byte of C0h..FFh matches everything. */
    private boolean matches(int alarm, byte code) {
        return (ram[alarm] & 0xC0) == 0xC0 || ram[alarm] == code;
    }

    // ---------------------------------------------------------------- state

    void save(StateWriter w) {
        w.tag("mc146818/1").u8(index).u8(registerA).u8(registerB).u8(flags)
                .u64(now).u64(origin).u64(second).u8(dayShift);
        // Bytes that the running clock covers are not state: what a read left there must not show.
        byte[] stored = ram.clone();
        if (running()) {
            for (int i = 0; i < stored.length; i++) {
                if (RtcCalendar.isTime(i)) {
                    stored[i] = 0;
                }
            }
        }
        w.bytes(stored);
    }

    void load(StateReader r) {
        r.tag("mc146818/1");
        index = r.u8UpTo(127);
        registerA = r.u8UpTo(127);
        registerB = r.u8();
        flags = r.u8() & INTERRUPTS;
        now = r.u64();
        origin = r.u64();
        second = r.u64();
        dayShift = r.u8UpTo(6);
        r.bytes(ram);
        if (origin > now || now < 0 || Math.abs(second) > 1L << 45) {
            throw new IllegalArgumentException("machine state is damaged: the real-time clock is out of range");
        }
    }
}
