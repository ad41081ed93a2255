package dev.retrap.cpu.isa;

/** Names of registers, as numbered in {@link Insn}. */
final class Registers {
    private static final String[] BYTE = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b",
        "r11b", "r12b", "r13b", "r14b", "r15b", "ah", "ch", "dh", "bh"};
    private static final String[] WORD = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w",
        "r12w", "r13w", "r14w", "r15w"};
    private static final String[] LONG = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d",
        "r11d", "r12d", "r13d", "r14d", "r15d"};
    private static final String[] QUAD = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10",
        "r11", "r12", "r13", "r14", "r15"};
    private static final String[] SEGMENT = {"es", "cs", "ss", "ds", "fs", "gs", "?", "?"};

    private Registers() {
    }

    /** {@return the name of a general register of 8, 16, 32 or 64 bits} */
    static String general(int number, int bits) {
        return switch (bits) {
            case 8 -> BYTE[number];
            case 16 -> WORD[number];
            case 32 -> LONG[number];
            default -> QUAD[number];
        };
    }

    /** {@return the name of a segment register; numbers 6 and 7, which do not exist, are a question mark} */
    static String segment(int number) {
        return SEGMENT[number];
    }
}
