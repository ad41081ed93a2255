package dev.retrap.repl.symbols;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The auxiliary vector that the kernel put on a new program's stack, above argc, argv and envp (System V ABI i386
 * supplement, "Process Initialization"; Linux {@code create_elf_tables}).
 */
final class Auxv {
    /** Entry point of the program as loaded. */
    static final long AT_ENTRY = 9;
    /** Address of {@code __kernel_vsyscall}. */
    static final long AT_SYSINFO = 32;
    /** Address of the vDSO's ELF header. */
    static final long AT_SYSINFO_EHDR = 33;

    /** More words than any stack of a new program; the search stops there. */
    private static final int MAX_WORDS = 16384;

    private Auxv() {}

    /**
     * Reads the vector of a program that is about to run its first instruction.
     *
     * @param machine at that instruction
     * @return type to value; empty if there is no such thing on the stack
     */
    static Map<Long, Long> read(Machine machine) {
        int word = machine.codeMode().bits() == 64 ? 8 : 4;
        long at = machine.get(Reg.RSP) + word;
        int left = MAX_WORDS;
        // argv and envp, each ended by a null.
        for (int list = 0; list < 2; list++) {
            Long value;
            do {
                value = word(machine, at, word);
                at += word;
                if (value == null || --left == 0) {
                    return Map.of();
                }
            } while (value != 0);
        }
        Map<Long, Long> vector = new TreeMap<>();
        while (left-- > 0) {
            Long type = word(machine, at, word);
            Long value = word(machine, at + word, word);
            if (type == null || value == null || type == 0) {
                break;
            }
            vector.put(type, value);
            at += 2L * word;
        }
        return vector;
    }

    private static Long word(Machine machine, long address, int bytes) {
        byte[] b = new byte[8];
        if (machine.read(address, b, 0, bytes) < bytes) {
            return null;
        }
        return ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
