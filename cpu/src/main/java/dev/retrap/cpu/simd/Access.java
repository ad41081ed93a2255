package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.fpu.FpuImage;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Operand;

/** Whether an MMX or SSE instruction may run, its operands in memory, and what writing an MM register entails. */
final class Access {
    private Access() {}

    /** An instruction on XMM registers or MXCSR: #UD by CR0.EM and CR4.OSFXSR, #NM by CR0.TS (SDM vol. 3, 13.1). */
    static void sse(Cpu c) {
        if ((c.cr0 & (Cpu.CR0_EM | Cpu.CR0_TS)) != 0 || (c.cr4 & Cpu.CR4_OSFXSR) == 0) {
            throw unavailable(c, (c.cr4 & Cpu.CR4_OSFXSR) == 0);
        }
    }

    /** An instruction on MM registers: #UD by CR0.EM, #NM by CR0.TS, #MF or FERR# if an x87 exception is pending. */
    static void mmx(Cpu c) {
        if ((c.cr0 & (Cpu.CR0_EM | Cpu.CR0_TS)) != 0) {
            throw unavailable(c, false);
        }
        if (FpuImage.pending(c.fpu)) {
            FpuImage.raisePending(c);
        }
    }

    private static Fault unavailable(Cpu c, boolean undefined) {
        return undefined || (c.cr0 & Cpu.CR0_EM) != 0 ? c.ud() : c.fault(Fault.NM);
    }

    /** The change from x87 to MMX: TOP is 0 and no register empty (SDM vol. 1, 9.5.1). */
    static void toMmx(FpuState f) {
        f.top = 0;
        f.valid = 0xFF;
    }

    /** EMMS: every register is empty. */
    static void emptyMm(Cpu c, Insn n) {
        mmx(c);
        c.fpu.top = 0;
        c.fpu.valid = 0;
    }

    /** Writes an MM register; its exponent becomes all ones. */
    static void setMm(FpuState f, int n, long v) {
        f.significand[n] = v;
        f.signExponent[n] = 0xFFFF;
        toMmx(f);
    }

    /** True if an operand is an MM register: the instruction is of MMX or one of its extensions. */
    static boolean onMm(Insn i) {
        for (Operand o : i.form.operands()) {
            switch (o.place()) {
                case MMX, MMX_RM, MMX_RM_REGISTER -> {
                    return true;
                }
                default -> { }
            }
        }
        return false;
    }

    /**
     * Linear address of the 16-byte source of a computation, which must be aligned, else #GP(0) (SDM vol. 1, 4.1.1; vol.
     * 3, 13.1), unless MXCSR.MM is set (APM vol. 1, 4.3.2).
     */
    static long operand(Cpu c, Insn i) {
        return (c.fpu.mxcsr & Mxcsr.MM) != 0 ? c.readable(i.seg, c.ea(i), 16) : aligned(c, i);
    }

    /** Linear address of a 16-byte source of a move that must be aligned, else #GP(0). */
    static long aligned(Cpu c, Insn i) {
        long ea = c.ea(i);
        checkAligned(c, i.seg, ea);
        return c.readable(i.seg, ea, 16);
    }

    /** Likewise for a destination. */
    static long alignedTarget(Cpu c, Insn i) {
        long ea = c.ea(i);
        checkAligned(c, i.seg, ea);
        return c.writable(i.seg, ea, 16);
    }

    /** #GP(0) if a linear address is not a multiple of a power of two. */
    static long aligned(Cpu c, long linear, int alignment) {
        if ((linear & alignment - 1) != 0) {
            throw c.gp(0);
        }
        return linear;
    }

    /** #GP(0) if 16 bytes are not aligned; goes before what the segment has to say. */
    private static void checkAligned(Cpu c, int seg, long ea) {
        aligned(c, ea + (c.mode64() && seg < Seg.FS ? 0 : c.base[seg]), 16);
    }

    /** Writes 16 bytes, all or none of them, to a linear address that {@link Cpu#writable} gave. */
    static void store(Cpu c, long linear, long lo, long hi) {
        if ((linear & 15) != 0) {
            c.mmu.checkWrite(linear, 16);
        }
        c.mmu.store64(linear, lo);
        c.mmu.store64(second(c, linear), hi);
    }

    /** Linear address of the second quadword of 16 bytes. */
    static long second(Cpu c, long linear) {
        return c.paging.wrap(linear + 8);
    }

    /** The source, operand 1, of 64 bits: memory or the low quadword of an XMM register. */
    static long source64(Cpu c, Insn i) {
        return i.memAt < 0 ? c.fpu.xmm[i.r1 << 1] : c.ld64(i.seg, c.ea(i));
    }

    /** The source, operand 1, of 32 bits, zero-extended: memory or the low doubleword of an XMM register. */
    static long source32(Cpu c, Insn i) {
        return (i.memAt < 0 ? c.fpu.xmm[i.r1 << 1] : c.ld32(i.seg, c.ea(i))) & 0xFFFFFFFFL;
    }

    /** The source, operand 1, of an instruction on MM registers, of 64 bits. */
    static long sourceMm(Cpu c, Insn i) {
        return i.memAt < 0 ? c.fpu.significand[i.r1] : c.ld64(i.seg, c.ea(i));
    }
}
