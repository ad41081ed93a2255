package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Operand;

/** Operands of the less frequent instructions, by position and size found out when executed. */
final class Operands {
    private Operands() {}

    /** Size in bits of the operand at a position as the form specifies it. */
    static int bits(Insn i, int position) {
        Operand.Width w = i.form.operands().get(position).width();
        return switch (w) {
            case Z -> Math.min(i.opSize, 32);
            case Y -> i.opSize == 64 ? 64 : 32;
            default -> w.fixedBits() != 0 ? w.fixedBits() : i.opSize;
        };
    }

    /** A general register, zero-extended. */
    static long register(Cpu c, int n, int bits) {
        return switch (bits) {
            case 8 -> c.r8(n);
            case 16 -> c.r16(n);
            case 32 -> c.r[n] & 0xFFFFFFFFL;
            default -> c.r[n];
        };
    }

    /** Writes a general register; 32 bits clear the upper half. */
    static void setRegister(Cpu c, int n, int bits, long v) {
        switch (bits) {
            case 8 -> c.r8(n, (int) v);
            case 16 -> c.r16(n, (int) v);
            case 32 -> c.r[n] = v & 0xFFFFFFFFL;
            default -> c.r[n] = v;
        }
    }

    /** Memory through a segment, zero-extended. */
    static long load(Cpu c, int seg, long ea, int bits) {
        return switch (bits) {
            case 8 -> c.ld8(seg, ea);
            case 16 -> c.ld16(seg, ea);
            case 32 -> c.ld32(seg, ea) & 0xFFFFFFFFL;
            default -> c.ld64(seg, ea);
        };
    }

    /** Writes memory through a segment. */
    static void store(Cpu c, int seg, long ea, int bits, long v) {
        storeLinear(c, c.writable(seg, ea, bits >> 3), bits, v);
    }

    /** Linear memory, zero-extended. */
    static long loadLinear(Cpu c, long la, int bits) {
        return switch (bits) {
            case 8 -> c.mmu.load8(la);
            case 16 -> c.mmu.load16(la);
            case 32 -> c.mmu.load32(la) & 0xFFFFFFFFL;
            default -> c.mmu.load64(la);
        };
    }

    /** Writes linear memory. */
    static void storeLinear(Cpu c, long la, int bits, long v) {
        switch (bits) {
            case 8 -> c.mmu.store8(la, (int) v);
            case 16 -> c.mmu.store16(la, (int) v);
            case 32 -> c.mmu.store32(la, (int) v);
            default -> c.mmu.store64(la, v);
        }
    }

    /** Linear address of {@code bits} at an offset, after all checks that a write makes. */
    static long target(Cpu c, int seg, long ea, int bits) {
        long la = c.writable(seg, ea, bits >> 3);
        c.mmu.checkWrite(la, bits >> 3);
        return la;
    }

    /** The operand at a position, register or memory, zero-extended. */
    static long get(Cpu c, Insn i, int position, int bits) {
        return i.memAt == position ? load(c, i.seg, c.ea(i), bits) : register(c, i.reg(position), bits);
    }

    /** The register operand 0 that receives a result. */
    static void set(Cpu c, Insn i, int bits, long v) {
        setRegister(c, i.r0, bits, v);
    }

    /** Sign extension from a width to 64 bits. */
    static long signExtend(long v, int bits) {
        return v << 64 - bits >> 64 - bits;
    }

    /** Mask of the instruction's address size. */
    static long addressMask(Insn i) {
        return i.addrSize == 64 ? -1L : i.addrSize == 32 ? 0xFFFFFFFFL : 0xFFFFL;
    }

    /** Sets as much of a register as the address size covers; 32 bits clear the upper half. */
    static void setByAddressSize(Cpu c, Insn i, int n, long v) {
        setRegister(c, n, i.addrSize, v);
    }
}
