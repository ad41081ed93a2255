package dev.retrap.repl.report;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.CounterTable;
import dev.retrap.cpu.boot.CounterTable.Counters;
import dev.retrap.cpu.boot.ElfImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** System calls that a guest made and its kernel does not have, from the counters in the kernel's memory. */
public final class MissingCalls {
    private MissingCalls() {}

    /**
     * A line for each call: name, number, how often.
     *
     * @param kernel the kernel's image; one without counters, or that is no ELF file, gives no lines
     * @param machine the machine that ran it
     */
    public static List<String> of(byte[] kernel, Machine machine) {
        List<String> lines = new ArrayList<>();
        try {
            for (Counters counters : CounterTable.of(ElfImage.parse("the kernel", kernel))) {
                switch (counters.kind()) {
                    case CounterTable.MISSING_I386_CALLS -> add(lines, counters, machine, SystemCalls.I386);
                    case CounterTable.MISSING_X86_64_CALLS -> add(lines, counters, machine, SystemCalls.X86_64);
                    default -> { }
                }
            }
        } catch (BadImageException _) {
            return List.of();
        }
        return lines;
    }

    private static void add(List<String> lines, Counters counters, Machine machine, SystemCalls abi) {
        byte[] memory = new byte[counters.count() * Integer.BYTES];
        ByteBuffer counts = ByteBuffer.wrap(memory, 0, machine.read(counters.address(), memory, 0, memory.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int nr = 0; counts.remaining() >= Integer.BYTES; nr++) {
            int count = counts.getInt();
            if (count != 0) {
                lines.add("missing system call " + abi.of(nr).name() + " (" + nr + "), "
                        + Numbers.count(Integer.toUnsignedLong(count), "time") + "; the guest got -ENOSYS");
            }
        }
    }
}
