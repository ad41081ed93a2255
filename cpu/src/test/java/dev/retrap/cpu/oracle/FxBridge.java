package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.fpu.FpuImage;

/** Carries x87, MMX and SSE state between an FXSAVE image and our machine. */
final class FxBridge {
    private FxBridge() {}

    /** Makes the machine's state that of the image. */
    static void load(byte[] fx, FpuState f) {
        FpuImage.load(f, (int) get(fx, State.FX_FCW, 2), (int) get(fx, State.FX_FSW, 2));
        f.valid = (int) get(fx, State.FX_FTW, 1);
        f.opcode = (int) get(fx, State.FX_FOP, 2);
        f.ip = get(fx, State.FX_FIP, 8);
        f.cs = 0;
        f.dp = get(fx, State.FX_FDP, 8);
        f.ds = 0;
        f.mxcsr = (int) get(fx, State.FX_MXCSR, 4);
        for (int i = 0; i < 8; i++) {
            int at = State.FX_ST + 16 * i;
            f.significand[f.top + i & 7] = get(fx, at, 8);
            f.signExponent[f.top + i & 7] = (int) get(fx, at + 8, 2);
        }
        for (int i = 0; i < 32; i++) {
            f.xmm[i] = get(fx, State.FX_XMM + 8 * i, 8);
        }
    }

    /** The machine's state as FXSAVE with REX.W of an AMD processor stores it: pointers only if an exception waits. */
    static byte[] save(FpuState f) {
        var fx = new byte[State.FX_BYTES];
        MemoryImage.put(fx, State.FX_FCW, f.control, 2);
        MemoryImage.put(fx, State.FX_FSW, FpuImage.statusWord(f), 2);
        MemoryImage.put(fx, State.FX_FTW, f.valid, 1);
        if (FpuImage.pending(f)) {
            MemoryImage.put(fx, State.FX_FOP, f.opcode, 2);
            MemoryImage.put(fx, State.FX_FIP, f.ip, 8);
            MemoryImage.put(fx, State.FX_FDP, f.dp, 8);
        }
        MemoryImage.put(fx, State.FX_MXCSR, f.mxcsr, 4);
        for (int i = 0; i < 8; i++) {
            int at = State.FX_ST + 16 * i;
            MemoryImage.put(fx, at, f.significand[f.top + i & 7], 8);
            MemoryImage.put(fx, at + 8, f.signExponent[f.top + i & 7], 2);
        }
        for (int i = 0; i < 32; i++) {
            MemoryImage.put(fx, State.FX_XMM + 8 * i, f.xmm[i], 8);
        }
        return fx;
    }

    private static long get(byte[] from, int at, int size) {
        long v = 0;
        for (int i = size - 1; i >= 0; i--) {
            v = v << 8 | from[at + i] & 0xFF;
        }
        return v;
    }
}
