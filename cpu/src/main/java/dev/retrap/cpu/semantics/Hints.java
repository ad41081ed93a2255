package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Instructions without a result: no-operations, hints, fences and cache-line flushes; and the undefined ones. */
final class Hints {
    private Hints() {}

    static Exec bind(Op op) {
        return switch (op) {
            // Memory is in order and there is no cache; a prefetch of an address that faults does nothing either.
            case NOP, PAUSE, RESERVED_NOP, ENDBR32, ENDBR64, PREFETCHNTA, PREFETCHT0, PREFETCHT1, PREFETCHT2, PREFETCH,
                    PREFETCHW, PREFETCHWT1, CLDEMOTE, LFENCE, MFENCE, SFENCE -> Hints::nothing;
            case CLFLUSH, CLFLUSHOPT, CLWB -> Hints::touch;
            case UD0, UD1, UD2 -> Hints::undefined;
            default -> null;
        };
    }

    private static void nothing(Cpu c, Insn i) {
        // Retires.
    }

    /** A flush is checked as the load of a byte (SDM vol. 2, CLFLUSH). */
    private static void touch(Cpu c, Insn i) {
        c.ld8(i.seg, c.ea(i));
    }

    private static void undefined(Cpu c, Insn i) {
        throw c.ud();
    }
}
