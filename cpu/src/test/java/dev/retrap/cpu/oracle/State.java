package dev.retrap.cpu.oracle;

import java.util.Arrays;

/** What user mode sees of the processor, before or after an instruction. */
final class State {
    /** Bytes of an FXSAVE image up to XMM15 (SDM vol. 1, table 10-2). */
    static final int FX_BYTES = 416;
    static final int FX_FCW = 0, FX_FSW = 2, FX_FTW = 4, FX_FOP = 6, FX_FIP = 8, FX_FDP = 16, FX_MXCSR = 24,
            FX_MXCSR_MASK = 28, FX_ST = 32, FX_XMM = 160;

    /** In the order of their encoding; the upper halves, and R8 to R15, are 0 outside 64-bit mode. */
    final long[] gpr = new long[16];
    int eflags;
    /** ES CS SS DS FS GS. */
    final int[] seg = new int[6];
    long ip;
    long fsBase;
    long gsBase;
    /** FXSAVE image, or null if the test is not about it. */
    byte[] fx;

    State copy() {
        var s = new State();
        System.arraycopy(gpr, 0, s.gpr, 0, 16);
        System.arraycopy(seg, 0, s.seg, 0, 6);
        s.eflags = eflags;
        s.ip = ip;
        s.fsBase = fsBase;
        s.gsBase = gsBase;
        s.fx = fx == null ? null : fx.clone();
        return s;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof State s && Arrays.equals(gpr, s.gpr) && eflags == s.eflags && Arrays.equals(seg, s.seg)
                && ip == s.ip && fsBase == s.fsBase && gsBase == s.gsBase && Arrays.equals(fx, s.fx);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(gpr) * 31 + eflags;
    }
}
