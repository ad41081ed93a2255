package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * All devices of the machine, those of an ISA PC without disks, display or keyboard: a pair of 8259A, an 8254 with port
 * 61h, an MC146818, a 16550A at 3F8h (COM1), ports 92h, CF9h and 64h for A20 and reset, and the debug exit port F4h.
 * Ports that nobody has read as all ones; there is no keyboard controller but for its reset pulse. Interrupt lines:
 * IRQ 0 timer, 4 serial port, 8 clock, 13 numeric coprocessor, which port F0h acknowledges.
 *
 * <p>Deterministic: all that happens depends on the calls and on the virtual time in them, in nanoseconds from
 * power-on, which must not go back. {@link #advance} may be called as often or as seldom as one likes.
 */
public final class Devices {
    /** {@link #powerOffStatus()} when the guest asked for a reset rather than ended with a status. */
    public static final int RESET = 256;

    private static final int IRQ_TIMER = 0;
    private static final int IRQ_SERIAL = 4;
    private static final int IRQ_CLOCK = 8;
    private static final int IRQ_COPROCESSOR = 13;

    private static final int SYSTEM_CONTROL_A = 0x92;
    private static final int COPROCESSOR_CLEAR = 0xF0;
    private static final int DEBUG_EXIT = 0xF4;
    private static final int RESET_CONTROL = 0xCF9;
    private static final int COM1 = 0x3F8;

    private final InterruptPair pic = new InterruptPair();
    private final Pit pit = new Pit();
    private final Rtc rtc;
    private final Uart uart = new Uart();
    private int systemControlA = 0x02;
    private int resetControl;
    private int powerOffStatus = -1;
    /** FERR# has been seen and port F0h not been written since. */
    private boolean coprocessorError;
    /** Port F0h has been written while the error lasts: the processor may go on. */
    private boolean ignoreNumericError;

    private long now;
    /** Virtual time of the next edge on an interrupt line; advancing to before it changes nothing. */
    private long nextEdge;
    /** Virtual time at which INTR may change. */
    private long nextEvent;
    /** The two above are to be computed anew. */
    private boolean stale = true;

    /** Takes what the guest sends over its serial port. */
    @FunctionalInterface
    public interface ConsoleOut {
        /**
         * One byte.
         *
         * @param b 0..255
         */
        void octet(int b);
    }

    /**
     * Devices just powered on, at time 0.
     *
     * @param console where COM1 goes, null for nowhere
     * @param ramBytes size of RAM that the CMOS shall report
     */
    public Devices(ConsoleOut console, long ramBytes) {
        rtc = new Rtc(ramBytes);
        uart.setConsole(console);
        timerLine();
        pic.initialize();
    }

    /** Devices just powered on, whose CMOS knows of 1 MiB of RAM only. */
    public Devices(ConsoleOut console) {
        this(console, 1 << 20);
    }

    /** Replaces the console output, null for none. */
    public void setConsole(ConsoleOut console) {
        uart.setConsole(console);
    }

    // ---------------------------------------------------------------- ports

    /**
     * IN.
     *
     * @param port 0..65535
     * @param size bytes: 1, 2 or 4; all devices are 8 bits wide, so a wider access is one of each byte, low port first
     * @param time virtual time
     * @return the value, zero-extended
     */
    public int in(int port, int size, long time) {
        advance(time);
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= read(port + i & 0xFFFF, size) << 8 * i;
        }
        return value;
    }

    /**
     * OUT, likewise.
     *
     * @param value bits above {@code size} are ignored
     */
    public void out(int port, int size, int value, long time) {
        advance(time);
        for (int i = 0; i < size; i++) {
            write(port + i & 0xFFFF, size, value >>> 8 * i & 0xFF);
        }
    }

    private int read(int port, int size) {
        switch (port) {
            case 0x20, 0x21, 0xA0, 0xA1 -> {
                int value = pic.read(port);
                stale = true;
                return value;
            }
            case 0x40, 0x41, 0x42, 0x43 -> {
                pit.advance(now);
                return pit.read(port);
            }
            case 0x61 -> {
                pit.advance(now);
                return pit.readSystemControl(now);
            }
            case 0x71 -> {
                rtc.advance(now);
                int value = rtc.read();
                clockLine();
                return value;
            }
            case SYSTEM_CONTROL_A -> {
                return systemControlA;
            }
            case RESET_CONTROL -> {
                return size == 1 ? resetControl : 0xFF;
            }
            case COM1, COM1 + 1, COM1 + 2, COM1 + 3, COM1 + 4, COM1 + 5, COM1 + 6, COM1 + 7 -> {
                int value = uart.read(port & 7);
                serialLine();
                return value;
            }
            default -> {
                return 0xFF;
            }
        }
    }

    private void write(int port, int size, int octet) {
        switch (port) {
            case 0x20, 0x21, 0xA0, 0xA1 -> {
                pic.write(port, octet);
                stale = true;
            }
            case 0x40, 0x41, 0x42, 0x43 -> {
                pit.advance(now);
                pit.write(port, octet);
                timerLine();
            }
            case 0x61 -> {
                pit.advance(now);
                pit.writeSystemControl(octet);
            }
            case 0x64 -> {
                // Keyboard controller command F0h..FFh: pulse output port bits 3:0 that are 0; bit 0 is the reset line.
                if (octet >= 0xF0 && (octet & 1) == 0) {
                    powerOff(RESET);
                }
            }
            case 0x70 -> rtc.select(octet);
            case 0x71 -> {
                rtc.advance(now);
                rtc.write(octet);
                clockLine();
            }
            case SYSTEM_CONTROL_A -> {
                if ((octet & ~systemControlA & 1) != 0) {
                    powerOff(RESET);
                }
                systemControlA = octet & 0x03;
            }
            case COPROCESSOR_CLEAR -> {
                ignoreNumericError |= coprocessorError;
                coprocessorError = false;
                coprocessorLine();
            }
            case DEBUG_EXIT -> powerOff(octet);
            case RESET_CONTROL -> writeResetControl(size, octet);
            case COM1, COM1 + 1, COM1 + 2, COM1 + 3, COM1 + 4, COM1 + 5, COM1 + 6, COM1 + 7 -> {
                uart.write(port & 7, octet);
                serialLine();
            }
            default -> { }
        }
    }

    /** Only a byte access is for this register: a double word at CF8h is a PCI configuration address. */
    private void writeResetControl(int size, int octet) {
        if (size != 1) {
            return;
        }
        if ((octet & ~resetControl & 0x04) != 0) {
            powerOff(RESET);
        }
        resetControl = octet & 0x0E;
    }

    private void powerOff(int status) {
        if (powerOffStatus < 0) {
            powerOffStatus = status;
        }
    }

    // ---------------------------------------------------------------- interrupts and time

    /** The INTR line to the processor as of the last call. */
    public boolean intr() {
        return pic.intr();
    }

    /**
     * The interrupt acknowledge cycle.
     *
     * @return the vector, 0..255; that of IR7 if the request has gone since (spurious interrupt)
     */
    public int acknowledge() {
        stale = true;
        return pic.acknowledge();
    }

    /**
     * Virtual time at which {@link #intr()} may change without another call but {@link #advance}, later than now;
     * {@link Long#MAX_VALUE} if never.
     */
    public long nextEvent() {
        if (stale) {
            schedule();
        }
        return nextEvent;
    }

    /** Lets everything happen that is due up to a virtual time. */
    public void advance(long time) {
        if (time <= now) {
            return;
        }
        if (stale) {
            schedule();
        }
        now = time;
        if (time >= nextEdge) {
            pit.advance(time);
            timerLine();
            rtc.advance(time);
            clockLine();
        }
    }

    /**
     * Bytes arrive at the serial port.
     *
     * @param bytes what was typed; nothing is ever lost
     * @param time virtual time
     */
    public void consoleInput(byte[] bytes, long time) {
        advance(time);
        uart.input(bytes);
        serialLine();
    }

    /** The processor drives FERR# at a virtual time: IRQ 13 (SDM vol. 1, appendix D.2). */
    public void numericError(long time) {
        advance(time);
        if (!ignoreNumericError) {
            coprocessorError = true;
            coprocessorLine();
        }
    }

    /** The error that FERR# told of is gone from the status word, or another takes its place. */
    public void numericErrorOver() {
        ignoreNumericError = false;
    }

    /** IGNNE#: an unmasked numeric exception does not stop the processor. */
    public boolean ignoresNumericError() {
        return ignoreNumericError;
    }

    private void coprocessorLine() {
        edge(IRQ_COPROCESSOR, false, coprocessorError);
    }

    private void timerLine() {
        PitCounter counter = pit.irq0();
        edge(IRQ_TIMER, counter.takeRise(), counter.out());
    }

    private void serialLine() {
        edge(IRQ_SERIAL, uart.takeRise(), uart.irq());
    }

    private void clockLine() {
        edge(IRQ_CLOCK, false, rtc.irq());
    }

    private void edge(int irq, boolean rose, boolean high) {
        if (rose) {
            pic.line(irq, false);
        }
        pic.line(irq, high);
        stale = true;
    }

    private void schedule() {
        stale = false;
        long rise = PitClock.nanos(pit.irq0().nextRise());
        long fall = PitClock.nanos(pit.irq0().nextFall());
        long clock = rtc.nextRise();
        nextEdge = Math.min(Math.min(rise, fall), clock);
        boolean intr = pic.intr();
        nextEvent = Long.MAX_VALUE;
        if (pic.intrAfter(IRQ_TIMER, true) != intr) {
            nextEvent = rise;
        }
        if (pic.intrAfter(IRQ_TIMER, false) != intr) {
            nextEvent = Math.min(nextEvent, fall);
        }
        if (pic.intrAfter(IRQ_CLOCK, true) != intr) {
            nextEvent = Math.min(nextEvent, clock);
        }
    }

    // ---------------------------------------------------------------- the rest

    /** -1 while the machine is on; else the status 0..255 that the guest ended with, or {@link #RESET}. */
    public int powerOffStatus() {
        return powerOffStatus;
    }

    /** State of the A20 gate, port 92h bit 1: true lets address bit 20 through. It is open at power-on. */
    public boolean a20() {
        return (systemControlA & 2) != 0;
    }

    /** Writes the state of all devices. */
    public void save(StateWriter w) {
        pit.advance(now);
        rtc.advance(now);
        w.tag("devices/2").u64(now).u8(systemControlA).u8(resetControl).u32(powerOffStatus);
        w.bool(coprocessorError).bool(ignoreNumericError);
        pic.save(w);
        pit.save(w);
        rtc.save(w);
        uart.save(w);
    }

    /**
     * Replaces the state by one that {@link #save} wrote. The console stays.
     *
     * @throws IllegalArgumentException if it is not such a state; the devices are then in no usable state
     */
    public void load(StateReader r) {
        r.tag("devices/2");
        now = r.u64();
        systemControlA = r.u8UpTo(3);
        resetControl = r.u8UpTo(15);
        powerOffStatus = r.u32();
        coprocessorError = r.bool();
        ignoreNumericError = r.bool();
        pic.load(r);
        pit.load(r);
        rtc.load(r);
        uart.load(r);
        stale = true;
    }
}
