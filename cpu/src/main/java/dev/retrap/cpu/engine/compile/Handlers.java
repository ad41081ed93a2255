package dev.retrap.cpu.engine.compile;

import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** What is known of the instructions that are run by their handlers: what code around the call may keep. */
final class Handlers {
    /** In {@link #changes}: the arithmetic flags. */
    static final int FLAGS = 1 << 16;
    static final int ALL = 0xFFFF | FLAGS;

    private static final int RCX = 1 << 1, RSP = 1 << 4, RSI = 1 << 6, RDI = 1 << 7;

    private Handlers() {}

    /** Set of general registers, by number, and FLAGS that the handler may change. */
    static int changes(Insn i) {
        return switch (i.op) {
            case MOV_TO_SREG, CLI, STI, CLD, STD -> 0;
            case PUSH_SREG, POP_SREG, PUSHF, PUSH -> RSP;
            case MOVS -> RCX | RSI | RDI;
            case STOS -> RCX | RDI;
            default -> ALL;
        };
    }

    /**
     * True if the handler changes neither general registers nor arithmetic flags, reads no more of them than
     * {@link #reads} says, and does nothing before a fault; and control goes on after it.
     */
    static boolean light(Insn i) {
        return switch (i.op) {
            case CLI, STI, CLD, STD -> true;
            case MOV_TO_SREG -> i.r0 != Seg.SS && i.r0 != Seg.CS;
            default -> false;
        };
    }

    /** Set of general registers that a {@link #light} handler reads. */
    static int reads(Insn i) {
        return i.op != Op.MOV_TO_SREG ? 0
                : !i.mem() ? 1 << i.r1 : (i.base >= 0 ? 1 << i.base : 0) | (i.index >= 0 ? 1 << i.index : 0);
    }

    /** True if the block's end may be followed by what follows it in memory, after a look at what has changed. */
    static boolean mayGoOn(Insn i) {
        return switch (i.op) {
            case CLI, STI, POPF, RDTSC, RDTSCP -> true;
            default -> false;
        };
    }

    /** True if control goes to another level or segment that compiled code may go on in, all being checked there. */
    static boolean crosses(Insn i) {
        return switch (i.op) {
            case INT, IRET, SYSENTER, SYSEXIT, SYSCALL, SYSRET -> true;
            default -> false;
        };
    }

    /** True unless the instruction is known to leave segments, mode and outstanding interrupts alone. */
    static boolean mayChangeContext(Insn i) {
        return switch (i.op) {
            case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, NOT, NEG, INC, DEC, MUL, IMUL, DIV, IDIV, ROL, ROR, RCL, RCR,
                    SHL, SHR, SAR, SHLD, SHRD, BT, BTS, BTR, BTC, BSF, BSR, LZCNT, TZCNT, POPCNT, BSWAP, CRC32, MOV,
                    MOVZX, MOVSX, LEA, XCHG, XADD, CMPXCHG, CMPXCHG8B, CMPXCHG16B, MOVBE, CMOVCC, SETCC, PUSH, POP,
                    PUSHA, POPA, PUSHF, PUSH_SREG, CLD, STD, LAHF, SAHF, MOVS, CMPS, STOS, LODS, SCAS, NOP, LEAVE,
                    ENTER -> false;
            // From FADD on: x87, MMX, SSE.
            default -> i.op.compareTo(Op.FADD) < 0;
        };
    }
}
