package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/** The bus side of one 8254 counter: access modes, count and status latches (8254 data sheet, "Read Operations"). */
final class PitPort {
    private static final int LOW = 1;
    private static final int HIGH = 2;
    private static final int LOW_THEN_HIGH = 3;

    final PitCounter counter;

    private int access = LOW_THEN_HIGH;
    private int lowByte;
    private boolean writeHighNext;
    private boolean readHighNext;
    /** Latched count, or -1. */
    private int latchedCount = -1;
    /** Latched status, or -1. */
    private int latchedStatus = -1;

    PitPort(boolean gate) {
        counter = new PitCounter(gate);
    }

    /** A control word for this counter: bits 5:4 access (0 latches the count), 3:1 mode, 0 BCD. */
    void control(int word) {
        int newAccess = word >> 4 & 3;
        if (newAccess == 0) {
            latchCount();
            return;
        }
        access = newAccess;
        writeHighNext = false;
        readHighNext = false;
        latchedCount = -1;
        latchedStatus = -1;
        int mode = word >> 1 & 7;
        counter.program(mode > 5 ? mode - 4 : mode, (word & 1) != 0);
    }

    /** Writes a byte of the count. */
    void write(int octet) {
        if (access == LOW) {
            counter.write(octet);
        } else if (access == HIGH) {
            counter.write(octet << 8);
        } else if (writeHighNext) {
            writeHighNext = false;
            counter.write(lowByte | octet << 8);
        } else {
            lowByte = octet;
            writeHighNext = true;
            counter.holdForSecondByte();
        }
    }

    /** Reads a byte: of the latched status, else the latched count, else the count as it runs. */
    int read() {
        if (latchedStatus >= 0) {
            int status = latchedStatus;
            latchedStatus = -1;
            return status;
        }
        int value = latchedCount >= 0 ? latchedCount : counter.value();
        boolean high = access == HIGH || access == LOW_THEN_HIGH && readHighNext;
        readHighNext = access == LOW_THEN_HIGH && !readHighNext;
        if (!readHighNext) {
            latchedCount = -1;
        }
        return high ? value >> 8 : value & 0xFF;
    }

    /** Latches the count, unless one is latched already. */
    void latchCount() {
        if (latchedCount < 0) {
            latchedCount = counter.value();
        }
    }

    /** Latches the status, unless one is latched already. */
    void latchStatus() {
        if (latchedStatus < 0) {
            latchedStatus = (counter.out() ? 0x80 : 0) | (counter.nullCount() ? 0x40 : 0) | access << 4
                    | counter.mode() << 1 | (counter.bcd() ? 1 : 0);
        }
    }

    void save(StateWriter w) {
        w.u8(access).u8(lowByte).bool(writeHighNext).bool(readHighNext).u32(latchedCount).u32(latchedStatus);
        counter.save(w);
    }

    void load(StateReader r) {
        access = r.u8UpTo(3);
        lowByte = r.u8();
        writeHighNext = r.bool();
        readHighNext = r.bool();
        latchedCount = r.u32();
        latchedStatus = r.u32();
        counter.load(r);
    }
}
