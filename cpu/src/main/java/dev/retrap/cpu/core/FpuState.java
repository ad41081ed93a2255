package dev.retrap.cpu.core;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import java.util.Arrays;

/**
 * x87, MMX and SSE registers (SDM vol. 1, chapters 8 to 10). The x87 registers are kept by their physical number: ST(i)
 * is {@code R[(top + i) & 7]}, MMn is the significand of {@code R[n]}.
 */
public final class FpuState {
    /** 64-bit significands with explicit integer bit. */
    public final long[] significand = new long[8];
    /** Sign in bit 15, biased exponent in bits 14:0. */
    public final int[] signExponent = new int[8];
    /** Bit n set: R[n] is not empty (the abridged tag word of FXSAVE). */
    public int valid;
    /** Control word; 37Fh after FNINIT, 40h at reset. */
    public int control = 0x37F;
    /** Status word without TOP (bits 13:11). */
    public int status;
    public int top;
    /** Last opcode, 11 bits. */
    public int opcode;
    public long ip;
    public int cs;
    public long dp;
    public int ds;
    /** XMMn: low quadword at 2n, high at 2n + 1. */
    public final long[] xmm = new long[32];
    public int mxcsr = 0x1F80;
    /** XCR0: the state components that XSAVE handles and CR4.OSXSAVE lets software use (SDM vol. 1, 13.3). */
    public long xcr0 = 1;

    void save(StateWriter w) {
        w.longs(significand).ints(signExponent).u8(valid).u16(control).u16(status).u8(top).u16(opcode);
        w.u64(ip).u16(cs).u64(dp).u16(ds).longs(xmm).u32(mxcsr).u64(xcr0);
    }

    void load(StateReader in) {
        in.longs(significand).ints(signExponent);
        valid = in.u8();
        control = in.u16();
        status = in.u16();
        top = in.u8UpTo(7);
        opcode = in.u16();
        ip = in.u64();
        cs = in.u16();
        dp = in.u64();
        ds = in.u16();
        in.longs(xmm);
        mxcsr = in.u32();
        xcr0 = in.u64();
    }

    /** FNINIT: control word 37Fh, all registers empty. */
    public void init() {
        control = 0x37F;
        status = 0;
        top = 0;
        valid = 0;
        opcode = 0;
        ip = 0;
        cs = 0;
        dp = 0;
        ds = 0;
    }

    /** Everything zero, as at power-on. */
    public void reset() {
        init();
        Arrays.fill(significand, 0);
        Arrays.fill(signExponent, 0);
        Arrays.fill(xmm, 0);
        mxcsr = 0x1F80;
        xcr0 = 1;
    }
}
