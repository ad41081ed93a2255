package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * A 16550A serial port (National Semiconductor PC16550D data sheet) with a terminal at its other end that is always
 * ready: CTS, DSR and DCD are on.
 *
 * <p>Timing: no time passes on the line, whatever the divisor. A byte written to THR is at the terminal at once, so
 * THRE and TEMT are always set, and the THRE interrupt comes again right after each write. Input waits in a queue as
 * long as the guest has not emptied the receiver; then the next bytes, up to the 16 of the FIFO, are there at once, and
 * so is the character time-out of a FIFO below its trigger level. Parity, stop bits and word length change nothing.
 *
 * <p>The interrupt output passes a gate that OUT2 (MCR bit 3) opens, as on every PC serial card. At power-on the port
 * is as a PC BIOS leaves it: 9600 baud, 8 bits.
 */
final class Uart {
    private static final int FIFO_SIZE = 16;
    private static final int[] TRIGGER = { 1, 4, 8, 14 };

    // IER
    private static final int RECEIVE = 0x01;
    private static final int TRANSMIT = 0x02;
    private static final int LINE_STATUS = 0x04;
    private static final int MODEM_STATUS = 0x08;
    // IIR
    private static final int IIR_NONE = 0x01;
    private static final int IIR_MODEM = 0x00;
    private static final int IIR_THRE = 0x02;
    private static final int IIR_DATA = 0x04;
    private static final int IIR_LINE = 0x06;
    private static final int IIR_TIMEOUT = 0x0C;
    // LCR, MCR, LSR
    private static final int DLAB = 0x80;
    private static final int OUT2 = 0x08;
    private static final int LOOP = 0x10;
    private static final int DATA_READY = 0x01;
    private static final int OVERRUN = 0x02;
    private static final int THRE_TEMT = 0x60;
    /** MSR bits 7:4 of a ready terminal: DCD, DSR, CTS. */
    private static final int READY = 0xB0;

    private Devices.ConsoleOut console;

    private int interruptEnable;
    private int lineControl = 0x03;
    private int modemControl;
    private int modemStatus = READY;
    private int scratch;
    private int divisor = 12;
    private int fifoControl;
    private boolean overrun;
    private boolean transmitPending;
    private final ByteQueue receiver = new ByteQueue();
    private final ByteQueue waiting = new ByteQueue();
    private boolean irq;
    private boolean rose;

    void setConsole(Devices.ConsoleOut out) {
        console = out;
    }

    /** Level of the interrupt output behind the OUT2 gate. */
    boolean irq() {
        return irq;
    }

    /** True if it has had a rising edge since the last call. */
    boolean takeRise() {
        boolean r = rose;
        rose = false;
        return r;
    }

    /** Bytes typed at the terminal. */
    void input(byte[] bytes) {
        for (byte b : bytes) {
            waiting.add(b);
        }
        receive();
        update();
    }

    /** Reads a register, 0..7. */
    int read(int register) {
        return switch (register) {
            case 0 -> dlab() ? divisor & 0xFF : readData();
            case 1 -> dlab() ? divisor >> 8 : interruptEnable;
            case 2 -> identify();
            case 3 -> lineControl;
            case 4 -> modemControl;
            case 5 -> readLineStatus();
            case 6 -> readModemStatus();
            default -> scratch;
        };
    }

    /** Writes a register, 0..7. */
    void write(int register, int octet) {
        switch (register) {
            case 0 -> {
                if (dlab()) {
                    divisor = divisor & 0xFF00 | octet;
                } else {
                    transmit(octet);
                }
            }
            case 1 -> {
                if (dlab()) {
                    divisor = divisor & 0xFF | octet << 8;
                } else {
                    enable(octet & 0x0F);
                }
            }
            case 2 -> controlFifo(octet);
            case 3 -> lineControl = octet;
            case 4 -> {
                modemControl = octet & 0x1F;
                modemLines();
                receive();
                update();
            }
            case 7 -> scratch = octet;
            default -> { } // LSR and MSR: factory tests only
        }
    }

    private boolean dlab() {
        return (lineControl & DLAB) != 0;
    }

    private boolean loop() {
        return (modemControl & LOOP) != 0;
    }

    private boolean fifo() {
        return (fifoControl & 1) != 0;
    }

    private int readData() {
        int octet = receiver.isEmpty() ? 0 : receiver.remove();
        update(); // the request drops when the receiver is empty, before more comes
        receive();
        update();
        return octet;
    }

    private int readLineStatus() {
        int status = THRE_TEMT | (receiver.isEmpty() ? 0 : DATA_READY) | (overrun ? OVERRUN : 0);
        overrun = false;
        update();
        return status;
    }

    private int readModemStatus() {
        int status = modemStatus;
        modemStatus &= 0xF0;
        update();
        return status;
    }

    private int identify() {
        int id = source();
        if (id == IIR_THRE) {
            transmitPending = false;
            update();
        }
        return id | (fifo() ? 0xC0 : 0);
    }

    /** The pending interrupt of highest priority, as IIR bits 3:0. */
    private int source() {
        if ((interruptEnable & LINE_STATUS) != 0 && overrun) {
            return IIR_LINE;
        }
        if ((interruptEnable & RECEIVE) != 0 && !receiver.isEmpty()) {
            return fifo() && receiver.size() < TRIGGER[fifoControl >> 6] ? IIR_TIMEOUT : IIR_DATA;
        }
        if ((interruptEnable & TRANSMIT) != 0 && transmitPending) {
            return IIR_THRE;
        }
        return (interruptEnable & MODEM_STATUS) != 0 && (modemStatus & 0x0F) != 0 ? IIR_MODEM : IIR_NONE;
    }

    private void transmit(int octet) {
        transmitPending = false;
        update();
        if (loop()) {
            loopBack(octet);
        } else if (console != null) {
            console.octet(octet);
        }
        transmitPending = true;
        update();
    }

    private void loopBack(int octet) {
        if (receiver.size() < (fifo() ? FIFO_SIZE : 1)) {
            receiver.add(octet);
            return;
        }
        overrun = true;
        if (!fifo()) {
            receiver.clear(); // RBR is overwritten; a full FIFO keeps what it has
            receiver.add(octet);
        }
    }

    private void enable(int bits) {
        // Enabling the THRE interrupt while THR is empty raises it; THR always is.
        transmitPending |= (bits & ~interruptEnable & TRANSMIT) != 0;
        interruptEnable = bits;
        update();
    }

    private void controlFifo(int octet) {
        boolean on = (octet & 1) != 0;
        if (on != fifo() || on && (octet & 2) != 0) {
            receiver.clear();
        }
        fifoControl = on ? octet & 0xC9 : 0;
        receive();
        update();
    }

    /** Takes waiting input once the receiver is empty. */
    private void receive() {
        if (loop() || !receiver.isEmpty()) {
            return;
        }
        int room = fifo() ? FIFO_SIZE : 1;
        while (room-- > 0 && !waiting.isEmpty()) {
            receiver.add(waiting.remove());
        }
    }

    private void modemLines() {
        int lines = READY;
        if (loop()) {
            lines = (modemControl & 0x02) << 3 | (modemControl & 0x01) << 5 | (modemControl & 0x0C) << 4;
        }
        int changed = (modemStatus ^ lines) >> 4;
        boolean ringEnded = (modemStatus & 0x40) != 0 && (lines & 0x40) == 0;
        modemStatus = lines | modemStatus & 0x0F | changed & 0x0B | (ringEnded ? 0x04 : 0);
    }

    private void update() {
        boolean high = source() != IIR_NONE && (modemControl & (OUT2 | LOOP)) == OUT2;
        rose |= high && !irq;
        irq = high;
    }

    void save(StateWriter w) {
        w.tag("16550/1").u8(interruptEnable).u8(lineControl).u8(modemControl).u8(modemStatus).u8(scratch).u16(divisor)
                .u8(fifoControl).bool(overrun).bool(transmitPending).bool(irq).bool(rose);
        receiver.save(w);
        waiting.save(w);
    }

    void load(StateReader r) {
        r.tag("16550/1");
        interruptEnable = r.u8UpTo(0x0F);
        lineControl = r.u8();
        modemControl = r.u8UpTo(0x1F);
        modemStatus = r.u8();
        scratch = r.u8();
        divisor = r.u16();
        fifoControl = r.u8();
        overrun = r.bool();
        transmitPending = r.bool();
        irq = r.bool();
        rose = r.bool();
        receiver.load(r);
        waiting.load(r);
    }
}
