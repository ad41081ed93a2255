package dev.retrap.gdbstub.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a kernel leaves on the stack for a program's first instruction (System V ABI, i386 supplement, section 2.3.1;
 * Linux {@code fs/binfmt_elf.c}, {@code create_elf_tables}): argc, argv, NULL, envp, NULL, auxiliary vector.
 *
 * @param arguments argv
 * @param auxv the auxiliary vector's bytes in memory, AT_NULL included
 * @param auxiliary its entries by type
 */
record InitialStack(List<String> arguments, byte[] auxv, Map<Long, Long> auxiliary) {
    /** End of the vector. */
    static final long AT_NULL = 0;
    /** Address of {@code __kernel_vsyscall}. */
    static final long AT_SYSINFO = 32;
    /** Address of the vDSO's ELF header. */
    static final long AT_SYSINFO_EHDR = 33;

    private static final int LONGEST_STRING = 1 << 12;
    private static final int MOST_POINTERS = 1 << 16;
    private static final int MOST_ENTRIES = 256;

    /**
     * Reads a stack.
     *
     * @param stackPointer the program's first stack pointer
     * @param wordBytes 4 or 8
     * @return the stack, or null if what lies there is none
     */
    static InitialStack read(GuestMemory memory, long stackPointer, int wordBytes) {
        try {
            long argc = memory.word(stackPointer, wordBytes);
            if (argc > MOST_POINTERS) {
                return null;
            }
            List<String> arguments = new ArrayList<>();
            long at = stackPointer + wordBytes;
            for (int i = 0; i < argc; i++, at += wordBytes) {
                arguments.add(string(memory, memory.word(at, wordBytes)));
            }
            if (memory.word(at, wordBytes) != 0) {
                return null;
            }
            at = afterNull(memory, at + wordBytes, wordBytes);
            return at == 0 ? null : readVector(memory, arguments, at, wordBytes);
        } catch (GuestMemory.Unmapped e) {
            return null;
        }
    }

    private static String string(GuestMemory memory, long address) throws GuestMemory.Unmapped {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < LONGEST_STRING; i++) {
            int octet = (int) memory.word(address + i, 1);
            if (octet == 0) {
                break;
            }
            bytes.write(octet);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Address after the null pointer that ends envp, 0 if none comes. */
    private static long afterNull(GuestMemory memory, long from, int wordBytes) throws GuestMemory.Unmapped {
        long at = from;
        for (int i = 0; i < MOST_POINTERS; i++, at += wordBytes) {
            if (memory.word(at, wordBytes) == 0) {
                return at + wordBytes;
            }
        }
        return 0;
    }

    private static InitialStack readVector(GuestMemory memory, List<String> arguments, long from, int wordBytes)
            throws GuestMemory.Unmapped {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<Long, Long> entries = new TreeMap<>();
        long at = from;
        for (int i = 0; i < MOST_ENTRIES; i++, at += 2L * wordBytes) {
            long type = memory.word(at, wordBytes);
            bytes.writeBytes(memory.bytes(at, 2 * wordBytes));
            if (type == AT_NULL) {
                return new InitialStack(List.copyOf(arguments), bytes.toByteArray(), entries);
            }
            entries.put(type, memory.word(at + wordBytes, wordBytes));
        }
        return null;
    }
}
