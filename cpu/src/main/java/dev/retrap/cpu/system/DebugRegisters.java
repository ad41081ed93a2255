package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.Insn;

/** MOV DRn (SDM vol. 3, 17.2). */
final class DebugRegisters {
    private DebugRegisters() {}

    private static int number(Cpu c, int n) {
        if (n == 4 || n == 5) {
            if ((c.cr4 & Cpu.CR4_DE) != 0) {
                throw c.ud();
            }
            return n + 2;
        }
        if (n > 7) {
            throw c.ud();
        }
        return n;
    }

    private static void check(Cpu c) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        if ((c.dr[7] & 1 << 13) != 0) {
            // General detect: the access itself is the debug condition.
            c.dr[7] &= ~(1L << 13);
            c.dr[6] |= 1 << 13;
            throw c.fault(Fault.DB);
        }
    }

    static void movFrom(Cpu c, Insn i) {
        int n = number(c, i.r1);
        check(c);
        c.r[i.r0] = c.mode64() ? c.dr[n] : c.dr[n] & 0xFFFFFFFFL;
    }

    static void movTo(Cpu c, Insn i) {
        int n = number(c, i.r0);
        check(c);
        long v = c.mode64() ? c.r[i.r1] : c.r[i.r1] & 0xFFFFFFFFL;
        if (n >= 6 && v >>> 32 != 0) {
            throw c.gp(0);
        }
        c.dr[n] = switch (n) {
            case 6 -> v & 0xE00F | 0xFFFF0FF0L;
            case 7 -> v & 0xFFFF2BFFL | 0x400;
            default -> v;
        };
        c.debugChanged();
        c.attention();
    }
}
