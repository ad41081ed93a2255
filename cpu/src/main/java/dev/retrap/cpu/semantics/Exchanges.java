package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * Handlers of XCHG, XADD, CMPXCHG, CMPXCHG8B, CMPXCHG16B. With one processor each instruction is atomic, LOCK or not.
 */
final class Exchanges {
    private Exchanges() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case XCHG -> i.mem() ? Exchanges::xchgMem : Exchanges::xchg;
            case XADD -> Exchanges::xadd;
            case CMPXCHG -> Exchanges::cmpxchg;
            case CMPXCHG8B -> Exchanges::cmpxchg8b;
            case CMPXCHG16B -> Exchanges::cmpxchg16b;
            default -> null;
        };
    }

    private static void xchg(Cpu c, Insn i) {
        int bits = i.opSize;
        long a = Operands.register(c, i.r0, bits);
        Operands.setRegister(c, i.r0, bits, Operands.register(c, i.r1, bits));
        Operands.setRegister(c, i.r1, bits, a);
    }

    private static void xchgMem(Cpu c, Insn i) {
        int bits = i.opSize;
        // XCHG's operands are alike; the decoder names memory first.
        int reg = i.memAt == 0 ? i.r1 : i.r0;
        long la = Operands.target(c, i.seg, c.ea(i), bits);
        long old = Operands.loadLinear(c, la, bits);
        Operands.storeLinear(c, la, bits, Operands.register(c, reg, bits));
        Operands.setRegister(c, reg, bits, old);
    }

    /** Flags of a + b at a width, and the result, sign-extended. */
    private static long add(Cpu c, long a, long b, int bits) {
        switch (bits) {
            case 8 -> {
                int r = Alu.add8((int) a, (int) b);
                c.flags(r, Flags.auxAdd8((int) a, (int) b, r));
            }
            case 16 -> {
                int r = Alu.add16((int) a, (int) b);
                c.flags(r, Flags.auxAdd16((int) a, (int) b, r));
            }
            case 32 -> {
                int r = Alu.add32((int) a, (int) b);
                c.flags(r, Flags.auxAdd((int) a, (int) b, r));
            }
            default -> {
                long r = Alu.add64(a, b);
                c.flags64(r, Flags.auxAdd64(a, b, r));
            }
        }
        return c.flagRes;
    }

    /** Flags of a - b at a width, operands zero-extended. */
    static void compare(Cpu c, long a, long b, int bits) {
        switch (bits) {
            case 8 -> {
                int r = Alu.sub8((int) a, (int) b);
                c.flags(r, Flags.auxSub8((int) a, (int) b, r));
            }
            case 16 -> {
                int r = Alu.sub16((int) a, (int) b);
                c.flags(r, Flags.auxSub16((int) a, (int) b, r));
            }
            case 32 -> {
                int r = Alu.sub32((int) a, (int) b);
                c.flags(r, Flags.auxSub((int) a, (int) b, r));
            }
            default -> {
                long r = Alu.sub64(a, b);
                c.flags64(r, Flags.auxSub64(a, b, r));
            }
        }
    }

    private static void xadd(Cpu c, Insn i) {
        int bits = i.opSize;
        long b = Operands.register(c, i.r1, bits);
        if (i.mem()) {
            long la = Operands.target(c, i.seg, c.ea(i), bits);
            long a = Operands.loadLinear(c, la, bits);
            Operands.storeLinear(c, la, bits, a + b);
            add(c, a, b, bits);
            Operands.setRegister(c, i.r1, bits, a);
        } else {
            long a = Operands.register(c, i.r0, bits);
            long sum = add(c, a, b, bits);
            // In this order: with one register for both the sum stays.
            Operands.setRegister(c, i.r1, bits, a);
            Operands.setRegister(c, i.r0, bits, sum);
        }
    }

    private static void cmpxchg(Cpu c, Insn i) {
        int bits = i.opSize;
        long accumulator = Operands.register(c, 0, bits);
        if (i.mem()) {
            long la = Operands.target(c, i.seg, c.ea(i), bits);
            long old = Operands.loadLinear(c, la, bits);
            boolean equal = accumulator == old;
            // The destination is written in either case.
            Operands.storeLinear(c, la, bits, equal ? Operands.register(c, i.r1, bits) : old);
            compared(c, bits, accumulator, old, equal);
        } else {
            long old = Operands.register(c, i.r0, bits);
            boolean equal = accumulator == old;
            if (equal) {
                Operands.set(c, i, bits, Operands.register(c, i.r1, bits));
            }
            compared(c, bits, accumulator, old, equal);
        }
    }

    private static void compared(Cpu c, int bits, long accumulator, long old, boolean equal) {
        compare(c, accumulator, old, bits);
        if (!equal) {
            Operands.setRegister(c, 0, bits, old);
        }
    }

    private static void setZf(Cpu c, boolean zf) {
        c.setArith(Flags.ZF, zf ? Flags.ZF : 0);
    }

    private static void cmpxchg8b(Cpu c, Insn i) {
        long la = Operands.target(c, i.seg, c.ea(i), 64);
        long old = c.mmu.load64(la);
        boolean equal = old == (c.r[2] << 32 | c.r[0] & 0xFFFFFFFFL);
        c.mmu.store64(la, equal ? c.r[1] << 32 | c.r[3] & 0xFFFFFFFFL : old);
        if (!equal) {
            c.r[0] = old & 0xFFFFFFFFL;
            c.r[2] = old >>> 32;
        }
        setZf(c, equal);
    }

    private static void cmpxchg16b(Cpu c, Insn i) {
        long ea = c.ea(i);
        // Zen looks at alignment before it asks whether the address is canonical.
        if ((ea + (i.seg < Seg.FS ? 0 : c.base[i.seg]) & 15) != 0) {
            throw c.gp(0);
        }
        long la = c.writable(i.seg, ea, 16);
        c.mmu.checkWrite(la, 16);
        long low = c.mmu.load64(la);
        long high = c.mmu.load64(la + 8);
        boolean equal = low == c.r[0] && high == c.r[2];
        c.mmu.store64(la, equal ? c.r[3] : low);
        c.mmu.store64(la + 8, equal ? c.r[1] : high);
        if (!equal) {
            c.r[0] = low;
            c.r[2] = high;
        }
        setZf(c, equal);
    }
}
