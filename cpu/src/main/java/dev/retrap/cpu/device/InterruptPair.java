package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * The two 8259As of a PC/AT: IRQ 0..7 at the master (ports 20h, 21h), IRQ 8..15 at the slave (A0h, A1h), whose output
 * is the master's IR2.
 */
final class InterruptPair {
    private static final int CASCADE = 2;

    private final InterruptController master = new InterruptController(true);
    private final InterruptController slave = new InterruptController(false);

    /** Initializes both as a PC BIOS does: vectors 08h and 70h, all masked but the cascade. */
    void initialize() {
        initialize(0x20, 0x08, 1 << CASCADE, 0xFF & ~(1 << CASCADE));
        initialize(0xA0, 0x70, CASCADE, 0xFF);
    }

    private void initialize(int port, int vectors, int cascade, int mask) {
        write(port, 0x11);
        write(port + 1, vectors);
        write(port + 1, cascade);
        write(port + 1, 0x01);
        write(port + 1, mask);
    }

    /** Sets the level of an interrupt request line, 0..15 but 2. */
    void line(int irq, boolean high) {
        if (irq < 8) {
            master.line(irq, high);
        } else {
            slave.line(irq - 8, high);
            connect();
        }
    }

    /** INTR to the processor. */
    boolean intr() {
        return master.output();
    }

    /** What {@link #intr()} would be after a rising (or falling) edge on a request line. */
    boolean intrAfter(int irq, boolean high) {
        if (irq < 8) {
            return master.outputAfter(irq, high);
        }
        boolean output = slave.outputAfter(irq - 8, high);
        return output == slave.output() ? intr() : master.outputAfter(CASCADE, output);
    }

    /**
     * The interrupt acknowledge cycle.
     *
     * @return the vector; IR7's if the request is gone; FFh, the floating bus, if a slave is asked for that is not
     *     there
     */
    int acknowledge() {
        boolean request = master.output();
        int input = master.acknowledge();
        if (!request || !master.hasSlave(input)) {
            return master.vector(input);
        }
        if (input != CASCADE || !slave.answersTo(CASCADE)) {
            return 0xFF;
        }
        int vector = slave.vector(slave.acknowledge());
        // INT falls in the acknowledge cycle, so what else the slave has to ask for makes a new edge.
        master.line(CASCADE, false);
        connect();
        return vector;
    }

    int read(int port) {
        int value = chip(port).read(port & 1);
        connect(); // the read may have been a poll
        return value;
    }

    void write(int port, int value) {
        chip(port).write(port & 1, value);
        connect();
    }

    private InterruptController chip(int port) {
        return port < 0xA0 ? master : slave;
    }

    private void connect() {
        master.line(CASCADE, slave.output());
    }

    void save(StateWriter w) {
        master.save(w);
        slave.save(w);
    }

    void load(StateReader r) {
        master.load(r);
        slave.load(r);
    }
}
