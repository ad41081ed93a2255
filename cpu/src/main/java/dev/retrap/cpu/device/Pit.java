package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;

/**
 * The 8254 timer of a PC at ports 40h..43h, and what port 61h shows of it. Counter 0 is IRQ 0, counter 1 the memory
 * refresh, counter 2 the speaker with its gate at port 61h bit 0. At power-on the counters are as a PC BIOS leaves
 * them: counter 0 in mode 3 with the largest count (18.2 Hz), counter 1 in mode 2 with 18, counter 2 not programmed.
 */
final class Pit {
    /** Ticks from one memory refresh to the next, 15.085 us. */
    private static final int REFRESH = 18;

    private final PitPort[] ports = { new PitPort(true), new PitPort(true), new PitPort(false) };
    /** Port 61h bits 3:0 as written: gate 2, speaker data, the two NMI masks. */
    private int systemControl;

    Pit() {
        control(0x36);
        write(0x40, 0);
        write(0x40, 0);
        control(0x54);
        write(0x41, REFRESH);
    }

    /** Goes forward to a virtual time in nanoseconds. */
    void advance(long nanos) {
        long tick = PitClock.ticks(nanos);
        for (PitPort port : ports) {
            port.counter.advance(tick);
        }
    }

    /** The counter that drives IRQ 0. */
    PitCounter irq0() {
        return ports[0].counter;
    }

    int read(int port) {
        return port == 0x43 ? 0xFF : ports[port & 3].read();
    }

    void write(int port, int octet) {
        if (port == 0x43) {
            control(octet);
        } else {
            ports[port & 3].write(octet);
        }
    }

    private void control(int word) {
        if (word >> 6 != 3) {
            ports[word >> 6].control(word);
            return;
        }
        // Read-back command: bits 3:1 select counters, bits 5 and 4 clear latch count and status.
        for (int i = 0; i < ports.length; i++) {
            if ((word >> i + 1 & 1) != 0) {
                if ((word & 0x20) == 0) {
                    ports[i].latchCount();
                }
                if ((word & 0x10) == 0) {
                    ports[i].latchStatus();
                }
            }
        }
    }

    /**
     * Port 61h: bits 3:0 as written, bit 4 toggles with each memory refresh, bit 5 is OUT 2. No parity or I/O channel
     * check is ever reported in bits 7:6.
     *
     * @param nanos virtual time
     */
    int readSystemControl(long nanos) {
        int refresh = (int) (PitClock.ticks(nanos) / REFRESH & 1);
        return systemControl | refresh << 4 | (ports[2].counter.out() ? 0x20 : 0);
    }

    void writeSystemControl(int octet) {
        systemControl = octet & 0x0F;
        ports[2].counter.gate((octet & 1) != 0);
    }

    void save(StateWriter w) {
        w.tag("i8254/1").u8(systemControl);
        for (PitPort port : ports) {
            port.save(w);
        }
    }

    void load(StateReader r) {
        r.tag("i8254/1");
        systemControl = r.u8UpTo(15);
        for (PitPort port : ports) {
            port.load(r);
        }
    }
}
