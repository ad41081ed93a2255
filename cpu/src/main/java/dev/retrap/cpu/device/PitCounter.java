package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * The counting element and control logic of one counter of an 8254 (Intel 8254 data sheet, order number 231164). Time
 * is a tick number of {@link PitClock}; the counter leaps over any number of ticks at once, with the result that single
 * ticks would give. What is written at tick {@code t} is loaded by the next clock pulse, {@code t + 1}. Call
 * {@link #advance} before anything else.
 *
 * <p>A count of 1 is illegal in modes 2 and 3; the output then stays high. Digits above 9 of a BCD count weigh what
 * they say.
 */
final class PitCounter {
    private static final long NEVER = PitClock.NEVER;

    private enum Phase {
        /** No count, or (modes 1 and 5) no trigger since the control word: not counting. */
        IDLE,
        /** Counting towards the event of the mode. */
        ARMED,
        /** Modes 4 and 5: the output is low for this one tick. */
        STROBE,
        /** Modes 0, 1, 4 and 5: the event has happened; counting goes on. */
        DONE
    }

    private static final Phase[] PHASES = Phase.values();

    /** All of the state is as of this tick. */
    private long now;
    private int mode;
    private boolean bcd;
    private boolean gate;
    private boolean out = true;
    private boolean rose;
    private Phase phase = Phase.IDLE;
    /** A count has been written since the control word. */
    private boolean written;
    /** The next tick loads the counting element. */
    private boolean loading;
    private boolean nullCount = true;
    /** Mode 0, between the two bytes of a count: not counting. */
    private boolean held;
    /** Count register: 1..modulus ticks. */
    private int register = 1;
    /** What the counting element was last loaded from. */
    private int loaded = 1;
    /** Counting element, 0..modulus; modulus reads as 0. */
    private int count;

    PitCounter(boolean gate) {
        this.gate = gate;
    }

    // ---------------------------------------------------------------- control and pins

    /** A control word: the output takes its initial level, counting stops until a count is written. */
    void program(int newMode, boolean newBcd) {
        mode = newMode;
        bcd = newBcd;
        phase = Phase.IDLE;
        written = false;
        loading = false;
        nullCount = true;
        held = false;
        register = 1;
        loaded = 1;
        count %= modulus();
        setOut(mode != 0);
    }

    /** The first of two bytes of a count has been written: mode 0 stops and goes low. */
    void holdForSecondByte() {
        if (mode == 0) {
            held = true;
            setOut(false);
        }
    }

    /** A whole count has been written: 16 bits, binary or four BCD digits; 0 is the largest. */
    void write(int value) {
        int ticks = !bcd ? value
                : (value >> 12) * 1000 + (value >> 8 & 15) * 100 + (value >> 4 & 15) * 10 + (value & 15);
        register = Math.floorMod(ticks - 1, modulus()) + 1;
        nullCount = true;
        written = true;
        held = false;
        switch (mode) {
            case 0 -> {
                setOut(false);
                loading = true;
            }
            case 2, 3 -> loading |= phase == Phase.IDLE;
            case 4 -> loading = true;
            default -> { } // modes 1 and 5 wait for the trigger
        }
    }

    /** Sets GATE. A rising edge triggers modes 1, 2, 3 and 5; low stops the others. */
    void gate(boolean high) {
        boolean rising = high && !gate;
        gate = high;
        if (mode == 0 || mode == 4) {
            return;
        }
        loading |= rising && written;
        if (!high && periodic()) {
            setOut(true);
        }
    }

    /** OUT. */
    boolean out() {
        return out;
    }

    /** True if OUT has had a rising edge since the last call. */
    boolean takeRise() {
        boolean r = rose;
        rose = false;
        return r;
    }

    /** True until the count last written has reached the counting element (status bit 6). */
    boolean nullCount() {
        return nullCount;
    }

    /** The counting element as it reads, 16 bits, binary or BCD. */
    int value() {
        int v = count % modulus();
        return bcd ? v / 1000 << 12 | v / 100 % 10 << 8 | v / 10 % 10 << 4 | v % 10 : v;
    }

    int mode() {
        return mode;
    }

    boolean bcd() {
        return bcd;
    }

    // ---------------------------------------------------------------- time

    /** Goes forward to a tick; an earlier one changes nothing. */
    void advance(long tick) {
        if (tick <= now) {
            return;
        }
        if (loading) {
            now++;
            load();
        }
        if (tick > now) {
            leap(tick - now);
            now = tick;
        }
    }

    private void setOut(boolean high) {
        rose |= high && !out;
        out = high;
    }

    private int modulus() {
        return bcd ? 10_000 : 0x10000;
    }

    private boolean periodic() {
        return mode == 2 || mode == 3;
    }

    /** True if clock pulses count. Modes 1 and 5 do not look at the level of GATE. */
    private boolean counting() {
        return phase != Phase.IDLE && !held && (gate || mode == 1 || mode == 5);
    }

    private void load() {
        loading = false;
        phase = Phase.ARMED;
        if (mode != 0) {
            setOut(mode != 1);
        }
        reload();
    }

    private void reload() {
        nullCount = false;
        loaded = register;
        count = mode == 3 ? loaded & ~1 : loaded;
    }

    private void leap(long ticks) {
        if (phase == Phase.STROBE) {
            setOut(true);
            phase = Phase.DONE;
        }
        if (!counting()) {
            return;
        }
        switch (mode) {
            case 2 -> leapRate(ticks);
            case 3 -> leapSquare(ticks);
            default -> leapOnce(ticks);
        }
    }

    private void leapOnce(long ticks) {
        if (phase == Phase.ARMED && ticks >= count) {
            phase = Phase.DONE;
            if (mode < 2) {
                setOut(true);
            } else if (ticks == count) {
                phase = Phase.STROBE;
                setOut(false);
            } else {
                rose = true; // low for one tick within the leap
            }
        }
        count = (int) (phase == Phase.ARMED ? count - ticks : Math.floorMod(count - ticks, (long) modulus()));
    }

    private void leapRate(long ticks) {
        if (ticks < count) {
            count -= (int) ticks;
        } else {
            long rest = ticks - count;
            rose |= loaded > 1;
            reload();
            if (rest >= loaded) {
                rose |= loaded > 1;
                rest %= loaded;
            }
            count = (int) (loaded - rest);
        }
        out = loaded == 1 || count != 1;
    }

    private void leapSquare(long ticks) {
        long rest = ticks;
        if (rest >= halfLeft()) {
            rest -= halfLeft();
            flip();
            if (rest >= loaded) {
                rose |= loaded > 1; // a whole cycle has one rising edge wherever it starts
                rest %= loaded;
            }
            while (rest >= halfLeft()) {
                rest -= halfLeft();
                flip();
            }
        }
        count -= (int) rest << 1;
    }

    /** Mode 3: the end of a half-cycle; the counting element is loaded anew. */
    private void flip() {
        setOut(register == 1 || !out);
        reload();
    }

    /** Mode 3: ticks left of the half-cycle; the high half of an odd count is one tick longer than the low one. */
    private int halfLeft() {
        return (count >> 1) + ((loaded & 1) != 0 && out ? 1 : 0);
    }

    // ---------------------------------------------------------------- what comes

    /** Tick of the next rising edge of OUT if nothing is written, or {@link PitClock#NEVER}. */
    long nextRise() {
        if (phase == Phase.STROBE || loading && mode != 0 && mode != 1 && !out) {
            return now + 1;
        }
        long start = loading ? now + 1 : now;
        return switch (mode) {
            case 0, 1 -> eventAt(start);
            case 2 -> rateEdge(start, true);
            case 3 -> squareEdge(start, true);
            default -> plus(eventAt(start), 1);
        };
    }

    /** Tick of the next falling edge of OUT, likewise. */
    long nextFall() {
        long start = loading ? now + 1 : now;
        return switch (mode) {
            case 0 -> NEVER;
            case 1 -> loading && out ? start : NEVER;
            case 2 -> rateEdge(start, false);
            case 3 -> squareEdge(start, false);
            default -> eventAt(start);
        };
    }

    private boolean countingFrom(long start) {
        return start > now ? !held && (gate || mode == 1 || mode == 5) : counting();
    }

    private static long plus(long tick, long more) {
        return tick == NEVER ? NEVER : tick + more;
    }

    /** Modes 0, 1, 4 and 5: tick of terminal count. */
    private long eventAt(long start) {
        if (!countingFrom(start) || !loading && phase != Phase.ARMED) {
            return NEVER;
        }
        return start + (loading ? register : count);
    }

    private long rateEdge(long start, boolean rise) {
        if (!countingFrom(start)) {
            return NEVER;
        }
        int n = loading ? register : loaded;
        int left = loading ? register : count;
        if (n > 1 && (rise || left > 1)) {
            return start + left - (rise ? 0 : 1);
        }
        return register == 1 ? NEVER : start + left + register - (rise ? 0 : 1);
    }

    private long squareEdge(long start, boolean rise) {
        if (!countingFrom(start)) {
            return NEVER;
        }
        boolean high = loading || out;
        long end = start + (loading ? register + 1 >> 1 : halfLeft());
        if (rise != high) {
            return rise || register > 1 ? end : NEVER;
        }
        return register == 1 ? NEVER : end + (high ? register >> 1 : register + 1 >> 1);
    }

    // ---------------------------------------------------------------- state

    void save(StateWriter w) {
        w.u64(now).u8(mode).bool(bcd).bool(gate).bool(out).bool(rose).u8(phase.ordinal()).bool(written).bool(loading)
                .bool(nullCount).bool(held).u32(register).u32(loaded).u32(count);
    }

    void load(StateReader r) {
        now = r.u64();
        mode = r.u8UpTo(5);
        bcd = r.bool();
        gate = r.bool();
        out = r.bool();
        rose = r.bool();
        phase = PHASES[r.u8UpTo(PHASES.length - 1)];
        written = r.bool();
        loading = r.bool();
        nullCount = r.bool();
        held = r.bool();
        register = ticks(r, 1);
        loaded = ticks(r, 1);
        count = ticks(r, 0);
    }

    private int ticks(StateReader r, int least) {
        int value = r.u32();
        if (value < least || value > modulus()) {
            throw new IllegalArgumentException("machine state is damaged: a timer count of " + value);
        }
        return value;
    }
}
