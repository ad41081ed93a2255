package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;

/**
 * Something that came into the machine from outside. With the configuration and the boot image, the inputs determine
 * the run. The state at an input's position is the one after the input; inputs of one position keep their order.
 */
public sealed interface Input {
    /** Steps completed when it came. */
    long position();

    /** Does to a machine, standing at {@link #position()}, what was done then. */
    void applyTo(Machine machine);

    /**
     * Bytes at the serial console.
     *
     * @param bytes not to be changed
     */
    record Console(long position, byte[] bytes) implements Input {
        @Override
        public void applyTo(Machine machine) {
            machine.consoleInput(bytes);
        }
    }

    /** A register written by a debugger at the live head. */
    record RegisterWrite(long position, Reg register, long value) implements Input {
        @Override
        public void applyTo(Machine machine) {
            machine.set(register, value);
        }
    }

    /**
     * Memory written by a debugger at the live head, through the page tables of that moment.
     *
     * @param linear linear address of the first byte
     * @param bytes not to be changed
     */
    record MemoryWrite(long position, long linear, byte[] bytes) implements Input {
        @Override
        public void applyTo(Machine machine) {
            machine.write(linear, bytes, 0, bytes.length);
        }
    }

    /**
     * x87 and SSE state written by a debugger at the live head.
     *
     * @param image FXSAVE image, 512 bytes; not to be changed
     */
    record FxWrite(long position, byte[] image) implements Input {
        @Override
        public void applyTo(Machine machine) {
            machine.fxrstor(image);
        }
    }
}
