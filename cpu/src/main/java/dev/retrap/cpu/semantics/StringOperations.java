package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * Handlers of MOVS CMPS STOS LODS SCAS, plain and repeated (SDM vol. 2, REP/REPE/REPZ/REPNE/REPNZ).
 *
 * <p>A repeated instruction keeps rSI, rDI, rCX and, for CMPS and SCAS, the flags up to date after each iteration, so
 * that a fault leaves the state from which it goes on; Zen keeps the flags of the iterations done in that case. Under
 * EFLAGS.TF, and where a debug register watches, each iteration is a step of its own (SDM vol. 3, 17.3.1.2, 17.3.1.4).
 */
final class StringOperations {
    private static final int PAGE_OFFSET = 0xFFF;

    private StringOperations() {}

    static Exec bind(Op op, Insn i) {
        boolean repeated = i.rep != Insn.REP_NONE;
        return switch (op) {
            case MOVS -> repeated ? StringOperations::repMovs : (c, x) -> movs(c, x, Operands.addressMask(x));
            case STOS -> repeated ? StringOperations::repStos : (c, x) -> stos(c, x, Operands.addressMask(x));
            case LODS -> repeated ? StringOperations::repLods : (c, x) -> lods(c, x, Operands.addressMask(x));
            case CMPS -> repeated ? StringOperations::repCmps : (c, x) -> cmps(c, x, Operands.addressMask(x));
            case SCAS -> repeated ? StringOperations::repScas : (c, x) -> scas(c, x, Operands.addressMask(x));
            default -> null;
        };
    }

    // ---------------------------------------------------------------- one iteration

    /** Moves an index register on by an element. */
    private static void advance(Cpu c, Insn i, int n, long mask) {
        int size = i.opSize >> 3;
        long v = c.r[n] + (c.flag(Flags.DF) ? -size : size);
        c.r[n] = mask == 0xFFFFL ? c.r[n] & ~0xFFFFL | v & 0xFFFFL : v & mask;
    }

    private static void movs(Cpu c, Insn i, long mask) {
        int bits = i.opSize;
        Operands.store(c, Seg.ES, c.r[7] & mask, bits, Operands.load(c, i.seg, c.r[6] & mask, bits));
        advance(c, i, 6, mask);
        advance(c, i, 7, mask);
    }

    private static void stos(Cpu c, Insn i, long mask) {
        Operands.store(c, Seg.ES, c.r[7] & mask, i.opSize, c.r[0]);
        advance(c, i, 7, mask);
    }

    private static void lods(Cpu c, Insn i, long mask) {
        Operands.setRegister(c, 0, i.opSize, Operands.load(c, i.seg, c.r[6] & mask, i.opSize));
        advance(c, i, 6, mask);
    }

    private static void cmps(Cpu c, Insn i, long mask) {
        long a = Operands.load(c, i.seg, c.r[6] & mask, i.opSize);
        long b = Operands.load(c, Seg.ES, c.r[7] & mask, i.opSize);
        Exchanges.compare(c, a, b, i.opSize);
        advance(c, i, 6, mask);
        advance(c, i, 7, mask);
    }

    private static void scas(Cpu c, Insn i, long mask) {
        long b = Operands.load(c, Seg.ES, c.r[7] & mask, i.opSize);
        Exchanges.compare(c, Operands.register(c, 0, i.opSize), b, i.opSize);
        advance(c, i, 7, mask);
    }

    // ---------------------------------------------------------------- repeated

    private static long count(Cpu c, long mask) {
        return c.r[1] & mask;
    }

    /** Counts {@code done} iterations; true if the instruction ends here. */
    private static boolean counted(Cpu c, Insn i, long mask, long done) {
        long left = (c.r[1] & mask) - done;
        Operands.setByAddressSize(c, i, 1, left);
        if (left == 0) {
            return true;
        }
        if (c.stopsRepeating()) {
            c.rip = i.ip;
            return true;
        }
        return false;
    }

    private static void repMovs(Cpu c, Insn i) {
        long mask = Operands.addressMask(i);
        boolean fast = !c.alone && !c.flag(Flags.DF) && c.flatR[i.seg] && c.flatW[Seg.ES];
        while (count(c, mask) != 0) {
            if (fast && copy(c, i, mask)) {
                continue;
            }
            movs(c, i, mask);
            if (counted(c, i, mask, 1)) {
                return;
            }
        }
    }

    private static void repStos(Cpu c, Insn i) {
        long mask = Operands.addressMask(i);
        boolean fast = !c.alone && !c.flag(Flags.DF) && c.flatW[Seg.ES];
        while (count(c, mask) != 0) {
            if (fast && fill(c, i, mask)) {
                continue;
            }
            stos(c, i, mask);
            if (counted(c, i, mask, 1)) {
                return;
            }
        }
    }

    private static void repLods(Cpu c, Insn i) {
        long mask = Operands.addressMask(i);
        while (count(c, mask) != 0) {
            lods(c, i, mask);
            if (counted(c, i, mask, 1)) {
                return;
            }
        }
    }

    private static void repCmps(Cpu c, Insn i) {
        long mask = Operands.addressMask(i);
        boolean whileEqual = i.rep == Insn.REP_F3;
        while (count(c, mask) != 0) {
            cmps(c, i, mask);
            if (ended(c, i, mask, whileEqual)) {
                return;
            }
        }
    }

    private static void repScas(Cpu c, Insn i) {
        long mask = Operands.addressMask(i);
        boolean whileEqual = i.rep == Insn.REP_F3;
        while (count(c, mask) != 0) {
            scas(c, i, mask);
            if (ended(c, i, mask, whileEqual)) {
                return;
            }
        }
    }

    private static boolean ended(Cpu c, Insn i, long mask, boolean whileEqual) {
        if ((c.flagRes == 0) != whileEqual) {
            Operands.setByAddressSize(c, i, 1, (c.r[1] & mask) - 1);
            return true;
        }
        return counted(c, i, mask, 1);
    }

    // ---------------------------------------------------------------- many iterations at once

    /** Bytes, a multiple of 8, that remain both to be done and on the pages of the given addresses; 0 if too few. */
    private static int span(Cpu c, Insn i, long mask, long a, long b) {
        int page = PAGE_OFFSET + 1 - (int) Math.max(a & PAGE_OFFSET, b & PAGE_OFFSET);
        long count = count(c, mask);
        int size = i.opSize >> 3;
        int bytes = Long.compareUnsigned(count, page / size) < 0 ? (int) count * size : page;
        return bytes & -8;
    }

    private static void moved(Cpu c, Insn i, long mask, int bytes, boolean source) {
        if (bytes == 0) {
            return;
        }
        if (source) {
            Operands.setByAddressSize(c, i, 6, (c.r[6] & mask) + bytes);
        }
        Operands.setByAddressSize(c, i, 7, (c.r[7] & mask) + bytes);
        Operands.setByAddressSize(c, i, 1, count(c, mask) - bytes / (i.opSize >> 3));
    }

    /**
     * Copies by quadwords what lies on one source and one destination page; false if that is nothing. Faults hit the
     * first quadword of a page only, at the address at which the first element would.
     */
    private static boolean copy(Cpu c, Insn i, long mask) {
        long from = c.r[6] & mask;
        long to = c.r[7] & mask;
        long distance = to - from & PAGE_OFFSET;
        int bytes = span(c, i, mask, from, to);
        // A destination less than a quadword ahead, on the same frame under whatever addresses, sees its own writes.
        if (bytes == 0 || distance > 0 && distance < 8) {
            return false;
        }
        int done = 0;
        try {
            for (; done < bytes; done += 8) {
                c.mmu.store64(to + done, c.mmu.load64(from + done));
            }
        } finally {
            moved(c, i, mask, done, true);
        }
        return true;
    }

    /** Likewise for STOS. */
    private static boolean fill(Cpu c, Insn i, long mask) {
        long to = c.r[7] & mask;
        int bytes = span(c, i, mask, to, to);
        if (bytes == 0) {
            return false;
        }
        long v = switch (i.opSize) {
            case 8 -> (c.r[0] & 0xFF) * 0x0101010101010101L;
            case 16 -> (c.r[0] & 0xFFFF) * 0x0001000100010001L;
            case 32 -> (c.r[0] & 0xFFFFFFFFL) * 0x0000000100000001L;
            default -> c.r[0];
        };
        int done = 0;
        try {
            for (; done < bytes; done += 8) {
                c.mmu.store64(to + done, v);
            }
        } finally {
            moved(c, i, mask, done, false);
        }
        return true;
    }
}
