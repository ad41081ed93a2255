package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.Machine;

/** Little-endian words out of a machine's linear memory; absent where a page is not mapped. */
final class GuestMemory {
    private final Machine machine;
    private final byte[] word = new byte[8];

    GuestMemory(Machine machine) {
        this.machine = machine;
    }

    /** Thrown for a page that is not mapped; stackless. */
    static final class Unmapped extends Exception {
        Unmapped(long address) {
            super("no memory at 0x" + Long.toHexString(address), null, false, false);
        }
    }

    /** An unsigned word of {@code bytes} bytes, 1..8. */
    long word(long address, int bytes) throws Unmapped {
        if (machine.read(address, word, 0, bytes) != bytes) {
            throw new Unmapped(address);
        }
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | word[i] & 0xff;
        }
        return value;
    }

    /** Bytes, all of them. */
    byte[] bytes(long address, int length) throws Unmapped {
        byte[] bytes = new byte[length];
        if (machine.read(address, bytes, 0, length) != length) {
            throw new Unmapped(address);
        }
        return bytes;
    }
}
