package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * One 8259A programmable interrupt controller (Intel 8259A data sheet, order number 231468), in 8086 mode; the
 * 8080/8085 CALL sequence (ICW4 bit 0 clear) is not there, as no x86 could use it.
 *
 * <p>A request is latched on the rising edge of its input and is lost when the input falls before it is acknowledged,
 * as the data sheet has it ("the IR input must remain high until after the falling edge of the first INTA").
 */
final class InterruptController {
    private static final int ICW1 = 0x10;
    private static final int ICW1_IC4 = 0x01;
    private static final int ICW1_SINGLE = 0x02;
    private static final int ICW1_LEVEL = 0x08;
    private static final int OCW3 = 0x08;

    private static final int ICW4_AUTO_EOI = 0x02;
    private static final int ICW4_SPECIAL_FULLY_NESTED = 0x10;

    private final boolean master;

    /** Levels of the inputs IR0..IR7. */
    private int lines;
    /** Edge-triggered requests, latched. */
    private int latch;
    private int inService;
    private int mask;
    /** Input with the lowest priority, 0..7; the next one has the highest. */
    private int lowest = 7;
    private int vectorBase;
    /** ICW3: inputs with a slave (master), or own number in bits 2:0 (slave). */
    private int cascade;
    private boolean level;
    private boolean single;
    private boolean autoEoi;
    private boolean rotateOnAutoEoi;
    private boolean specialMask;
    private boolean specialFullyNested;
    private boolean poll;
    private boolean readInService;
    /** Next initialization command word expected at the data port, 2..4; 0 if none. */
    private int expectIcw;
    private boolean icw4Needed;

    InterruptController(boolean master) {
        this.master = master;
    }

    /** Sets the level of an input. */
    void line(int input, boolean high) {
        int bit = 1 << input;
        if (high) {
            latch |= bit & ~lines;
            lines |= bit;
        } else {
            latch &= ~bit;
            lines &= ~bit;
        }
    }

    /** The INT output. */
    boolean output() {
        return output(requests());
    }

    /** What {@link #output()} would be after a rising (or falling) edge at an input. */
    boolean outputAfter(int input, boolean high) {
        int bit = 1 << input;
        return output(high ? requests() | bit : requests() & ~bit);
    }

    /** True if this master has a slave at the input and acknowledges it there. */
    boolean hasSlave(int input) {
        return !single && (cascade >> input & 1) != 0;
    }

    /** As a slave: true if it answers to this number on the cascade lines. */
    boolean answersTo(int number) {
        return !single && (cascade & 7) == number;
    }

    /**
     * The INTA sequence: the request of highest priority goes into service.
     *
     * @return its input 0..7; 7 if there is no request any more (default IR7)
     */
    int acknowledge() {
        int input = highestRequest(requests());
        if (input < 0) {
            return 7;
        }
        int bit = 1 << input;
        if (!level) {
            latch &= ~bit;
        }
        if (!autoEoi) {
            inService |= bit;
        } else if (rotateOnAutoEoi) {
            lowest = input;
        }
        return input;
    }

    /** Interrupt vector of an input. */
    int vector(int input) {
        return vectorBase | input;
    }

    /** Reads the port with A0 = 0 or 1. */
    int read(int a0) {
        if (poll) {
            poll = false;
            return highestRequest(requests()) < 0 ? 0 : 0x80 | acknowledge();
        }
        return a0 != 0 ? mask : readInService ? inService : requests();
    }

    /** Writes the port with A0 = 0 or 1. */
    void write(int a0, int value) {
        if (a0 != 0) {
            writeData(value);
        } else if ((value & ICW1) != 0) {
            initialize(value);
        } else if ((value & OCW3) != 0) {
            operationCommand3(value);
        } else {
            operationCommand2(value >> 5, value & 7);
        }
    }

    private int requests() {
        return level ? lines : latch;
    }

    private boolean output(int requests) {
        return highestRequest(requests) >= 0;
    }

    /** The input whose unmasked request outranks all that is in service, or -1. */
    private int highestRequest(int requests) {
        int open = requests & ~mask;
        if (open == 0) {
            return -1;
        }
        int blocking = inService;
        if (specialMask) {
            blocking &= ~mask;
        }
        int nested = specialFullyNested && master ? cascade : 0;
        for (int rank = 1; rank <= 8; rank++) {
            int input = lowest + rank & 7;
            int bit = 1 << input;
            if ((open & bit) != 0 && ((blocking & bit) == 0 || (nested & bit) != 0)) {
                return input;
            }
            if ((blocking & bit) != 0) {
                return -1;
            }
        }
        return -1;
    }

    private void initialize(int icw1) {
        latch = 0;
        inService = 0;
        mask = 0;
        lowest = 7;
        cascade = master ? 0 : 7;
        specialMask = false;
        poll = false;
        readInService = false;
        rotateOnAutoEoi = false;
        autoEoi = false;
        specialFullyNested = false;
        level = (icw1 & ICW1_LEVEL) != 0;
        single = (icw1 & ICW1_SINGLE) != 0;
        icw4Needed = (icw1 & ICW1_IC4) != 0;
        expectIcw = 2;
    }

    private void writeData(int value) {
        switch (expectIcw) {
            case 2 -> {
                vectorBase = value & 0xF8;
                expectIcw = !single ? 3 : icw4Needed ? 4 : 0;
            }
            case 3 -> {
                cascade = value;
                expectIcw = icw4Needed ? 4 : 0;
            }
            case 4 -> {
                autoEoi = (value & ICW4_AUTO_EOI) != 0;
                specialFullyNested = (value & ICW4_SPECIAL_FULLY_NESTED) != 0;
                expectIcw = 0;
            }
            default -> mask = value;
        }
    }

    private void operationCommand3(int value) {
        if ((value & 0x40) != 0) {
            specialMask = (value & 0x20) != 0;
        }
        poll = (value & 0x04) != 0;
        if (!poll && (value & 0x02) != 0) {
            readInService = (value & 0x01) != 0;
        }
    }

    /** OCW2: bit 2 of the command is R (rotate), bit 1 SL (specific), bit 0 EOI. */
    private void operationCommand2(int command, int input) {
        switch (command) {
            case 0b001, 0b101 -> {
                int highest = highestInService();
                if (highest >= 0) {
                    inService &= ~(1 << highest);
                    if (command == 0b101) {
                        lowest = highest;
                    }
                }
            }
            case 0b011 -> inService &= ~(1 << input);
            case 0b111 -> {
                inService &= ~(1 << input);
                lowest = input;
            }
            case 0b110 -> lowest = input;
            case 0b100 -> rotateOnAutoEoi = true;
            case 0b000 -> rotateOnAutoEoi = false;
            default -> { } // 010: no operation
        }
    }

    /** In special mask mode a masked level is not cleared by a non-specific EOI. */
    private int highestInService() {
        int candidates = specialMask ? inService & ~mask : inService;
        for (int rank = 1; rank <= 8; rank++) {
            int input = lowest + rank & 7;
            if ((candidates >> input & 1) != 0) {
                return input;
            }
        }
        return -1;
    }

    void save(StateWriter w) {
        w.tag("i8259/1").u8(lines).u8(latch).u8(inService).u8(mask).u8(lowest).u8(vectorBase).u8(cascade)
                .bool(level).bool(single).bool(autoEoi).bool(rotateOnAutoEoi).bool(specialMask)
                .bool(specialFullyNested).bool(poll).bool(readInService).u8(expectIcw).bool(icw4Needed);
    }

    void load(StateReader r) {
        r.tag("i8259/1");
        lines = r.u8();
        latch = r.u8();
        inService = r.u8();
        mask = r.u8();
        lowest = r.u8UpTo(7);
        vectorBase = r.u8() & 0xF8;
        cascade = r.u8();
        level = r.bool();
        single = r.bool();
        autoEoi = r.bool();
        rotateOnAutoEoi = r.bool();
        specialMask = r.bool();
        specialFullyNested = r.bool();
        poll = r.bool();
        readInService = r.bool();
        expectIcw = r.u8UpTo(4);
        icw4Needed = r.bool();
    }
}
