package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Insn;

/**
 * FNSTENV, FLDENV, FNSAVE, FRSTOR. The image is of 14 or 28 bytes by operand size, with segment selectors in protected
 * mode and linear addresses in real and virtual-8086 mode (SDM vol. 1, figures 8-9 to 8-12).
 */
final class Environment {
    private static final int REGISTERS = 80;
    private static final int OPCODE = 0x7FF;

    private Environment() {}

    /** FNSTENV: then masks all exceptions. */
    static void storeEnvironment(Cpu c, Insn i) {
        boolean wide = wide(i);
        long la = target(c, i, bytes(wide));
        write(c, la, wide);
        c.fpu.control |= Status.EXCEPTIONS;
        Status.summarize(c.fpu);
    }

    /** FNSAVE: then FNINIT. */
    static void save(Cpu c, Insn i) {
        boolean wide = wide(i);
        int bytes = bytes(wide);
        long la = target(c, i, bytes + REGISTERS);
        write(c, la, wide);
        FpuState f = c.fpu;
        for (int n = 0; n < 8; n++) {
            int from = Stack.register(f, n);
            c.mmu.store64(at(c, la, bytes + 10 * n), f.significand[from]);
            c.mmu.store16(at(c, la, bytes + 10 * n + 8), f.signExponent[from]);
        }
        f.init();
    }

    static void loadEnvironment(Cpu c, Insn i) {
        boolean wide = wide(i);
        long la = source(c, i, bytes(wide));
        read(c, la, wide);
    }

    static void restore(Cpu c, Insn i) {
        boolean wide = wide(i);
        int bytes = bytes(wide);
        long la = source(c, i, bytes + REGISTERS);
        read(c, la, wide);
        FpuState f = c.fpu;
        for (int n = 0; n < 8; n++) {
            int to = Stack.register(f, n);
            f.significand[to] = c.mmu.load64(at(c, la, bytes + 10 * n));
            f.signExponent[to] = c.mmu.load16(at(c, la, bytes + 10 * n + 8));
        }
    }

    /** A 32-bit image; REX.W makes it no wider, but goes before 66. */
    private static boolean wide(Insn i) {
        return i.mode == CodeMode.CODE16 == i.hasPrefix(Insn.PREFIX_OPSIZE) || (i.rex & 8) != 0;
    }

    private static int bytes(boolean wide) {
        return wide ? 28 : 14;
    }

    private static boolean linearAddresses(Cpu c) {
        return !c.isProtected();
    }

    private static long at(Cpu c, long la, int offset) {
        return c.paging.wrap(la + offset);
    }

    /** Linear address of memory that can be written; on Zen 5 the first field is looked at, then the last byte. */
    private static long target(Cpu c, Insn i, int size) {
        long la = c.writable(i.seg, c.ea(i), size);
        c.mmu.checkWrite(la, wide(i) ? 4 : 2);
        c.mmu.checkWrite(at(c, la, size - 1), 1);
        return la;
    }

    /** Linear address of memory that can be read, likewise. */
    private static long source(Cpu c, Insn i, int size) {
        long la = c.readable(i.seg, c.ea(i), size);
        load(c, la, 0, wide(i));
        c.mmu.load8(at(c, la, size - 1));
        return la;
    }

    private static void write(Cpu c, long la, boolean wide) {
        FpuState f = c.fpu;
        field(c, la, 0, wide, f.control);
        field(c, la, 1, wide, FpuImage.statusWord(f));
        field(c, la, 2, wide, FpuImage.tagWord(f));
        if (linearAddresses(c)) {
            int ip = (f.cs << 4) + (int) f.ip;
            int dp = (f.ds << 4) + (int) f.dp;
            field(c, la, 3, wide, ip);
            whole(c, la, 4, wide, upper(ip, wide) | f.opcode);
            field(c, la, 5, wide, dp);
            whole(c, la, 6, wide, upper(dp, wide));
        } else {
            whole(c, la, 3, wide, (int) f.ip);
            whole(c, la, 4, wide, wide ? f.opcode << 16 | f.cs : f.cs);
            whole(c, la, 5, wide, (int) f.dp);
            field(c, la, 6, wide, f.ds);
        }
    }

    /** Bits 16 and up of a linear address, at bit 12: four of them, or sixteen in the 32-bit image. */
    private static int upper(int linear, boolean wide) {
        return wide ? linear >>> 16 << 12 : linear >>> 16 << 12 & 0xF000;
    }

    /** A 16-bit field; the 32-bit image has ones above it. */
    private static void field(Cpu c, long la, int n, boolean wide, int v) {
        whole(c, la, n, wide, v | 0xFFFF0000);
    }

    private static void whole(Cpu c, long la, int n, boolean wide, int v) {
        if (wide) {
            c.mmu.store32(at(c, la, 4 * n), v);
        } else {
            c.mmu.store16(at(c, la, 2 * n), v);
        }
    }

    private static int load(Cpu c, long la, int n, boolean wide) {
        return wide ? c.mmu.load32(at(c, la, 4 * n)) : c.mmu.load16(at(c, la, 2 * n));
    }

    private static void read(Cpu c, long la, boolean wide) {
        FpuState f = c.fpu;
        int control = load(c, la, 0, wide);
        int status = load(c, la, 1, wide);
        int tags = load(c, la, 2, wide);
        int ip = load(c, la, 3, wide);
        int ipHigh = load(c, la, 4, wide);
        int dp = load(c, la, 5, wide);
        int dpHigh = load(c, la, 6, wide);
        if (linearAddresses(c)) {
            f.ip = ip & 0xFFFF | (ipHigh & (wide ? 0x0FFFF000 : 0xF000)) << 4;
            f.dp = dp & 0xFFFF | (dpHigh & (wide ? 0x0FFFF000 : 0xF000)) << 4;
            f.cs = 0;
            f.ds = 0;
            f.opcode = ipHigh & OPCODE;
        } else {
            f.ip = ip & 0xFFFFFFFFL;
            f.dp = dp & 0xFFFFFFFFL;
            f.cs = ipHigh & 0xFFFF;
            f.ds = dpHigh & 0xFFFF;
            f.opcode = wide ? ipHigh >>> 16 & OPCODE : 0;
        }
        FpuImage.loadTagWord(f, tags);
        FpuImage.load(f, control, status);
    }
}
