package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Flags;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The registers that the captured cases use: XMM0 to XMM2, MM1, MM2, RAX, RCX, RDX, MXCSR, EFLAGS. */
final class RegisterState {
    /** Quadwords of {@link #words}: XMM from 0, MM from 6, general registers from 8. */
    static final int XMM = 0, MM = 6, GPR = 8, WORDS = 11;
    /** Bytes in {@code capture.c}'s {@code struct state}. */
    static final int BYTES = 8 * WORDS + 8;

    private static final int FLAGS = Flags.ARITH;

    final long[] words = new long[WORDS];
    int mxcsr;
    /** Arithmetic flags only. */
    int flags;

    void put(ByteBuffer to) {
        for (long w : words) {
            to.putLong(w);
        }
        to.putInt(mxcsr);
        to.putInt(flags | 0x202);
    }

    static RegisterState get(ByteBuffer from) {
        var s = new RegisterState();
        for (int i = 0; i < WORDS; i++) {
            s.words[i] = from.getLong();
        }
        s.mxcsr = from.getInt();
        s.flags = from.getInt() & FLAGS;
        return s;
    }

    /** Sets a processor's registers; all x87 registers are in use, TOP is 0. */
    void load(Cpu c) {
        System.arraycopy(words, XMM, c.fpu.xmm, 0, 6);
        c.fpu.significand[1] = words[MM];
        c.fpu.significand[2] = words[MM + 1];
        System.arraycopy(words, GPR, c.r, 0, 3);
        c.fpu.mxcsr = mxcsr;
        c.setArith(flags);
        c.fpu.init();
        c.fpu.valid = 0xFF;
        Arrays.fill(c.fpu.signExponent, 0xFFFF);
    }

    static RegisterState of(Cpu c) {
        var s = new RegisterState();
        System.arraycopy(c.fpu.xmm, 0, s.words, XMM, 6);
        s.words[MM] = c.fpu.significand[1];
        s.words[MM + 1] = c.fpu.significand[2];
        System.arraycopy(c.r, 0, s.words, GPR, 3);
        s.mxcsr = c.fpu.mxcsr;
        s.flags = c.arith();
        return s;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof RegisterState s && Arrays.equals(words, s.words) && mxcsr == s.mxcsr && flags == s.flags;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(words) + mxcsr;
    }

    @Override
    public String toString() {
        var b = new StringBuilder();
        String[] names = {"xmm0=", "", "xmm1=", "", "xmm2=", "", "mm1=", "mm2=", "rax=", "rcx=", "rdx="};
        for (int i = 0; i < WORDS; i++) {
            if (i < MM) {
                if ((i & 1) == 0) {
                    b.append(String.format("%s%016x_%016x ", names[i], words[i + 1], words[i]));
                }
            } else {
                b.append(String.format("%s%x ", names[i], words[i]));
            }
        }
        return b.append(String.format("mxcsr=%04x flags=%03x", mxcsr, flags)).toString();
    }
}
