package dev.retrap.repl.debug;

import dev.retrap.cpu.isa.Insn;

/** Which instructions call and which return, within one privilege level. */
final class Flow {
    /** Longest encoding of a near call in bytes that compilers and assemblers emit, prefixes included. */
    static final int LONGEST_CALL = 9;

    private Flow() {}

    static boolean isCall(Insn insn) {
        return switch (insn.op) {
            case CALL, CALL_IND, CALL_FAR, CALL_FAR_IND -> true;
            default -> false;
        };
    }

    static boolean isReturn(Insn insn) {
        return switch (insn.op) {
            case RET, RETF -> true;
            default -> false;
        };
    }
}
