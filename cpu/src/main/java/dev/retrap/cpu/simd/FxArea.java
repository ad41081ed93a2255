package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.fpu.FpuImage;
import dev.retrap.cpu.isa.Insn;
import java.util.Arrays;

/**
 * The 512 bytes of FXSAVE, which are also the legacy region of XSAVE (SDM vol. 1, 10.5.1 and 13.4.1). Three layouts:
 * with REX.W the x87 pointers are 64-bit offsets, else offset and selector of 32 and 16 bits; outside 64-bit mode
 * there are only eight XMM registers.
 */
final class FxArea {
    static final int SIZE = 512;

    static final int FSW = 2, FTW = 4, FOP = 6, FIP = 8, FDP = 16, MXCSR = 24, MXCSR_MASK = 28, ST = 32,
            XMM = 160;
    private static final int CONTROL_INITIAL = 0x37F;
    static final int OPCODE = 0x7FF;

    private FxArea() {}

    /** FXSAVE and FXRSTOR: #UD by CR0.EM, #NM by CR0.TS, #GP if not on 16 bytes. */
    private static void check(Cpu c) {
        if ((c.cr0 & Cpu.CR0_EM) != 0) {
            throw c.ud();
        }
        XsaveArea.checkTaskSwitched(c);
    }

    static void save(Cpu c, Insn n) {
        check(c);
        long la = Access.aligned(c, c.writable(n.seg, c.ea(n), SIZE), 16);
        // On Zen 5 the last byte is looked at first.
        c.mmu.checkWrite(at(c, la, SIZE - 1), 1);
        c.mmu.checkWrite(la, 1);
        saveX87(c, la, wide(n));
        // Without CR4.OSFXSR the SSE state stays where it is, as on AMD (APM vol. 2, 11.4.4).
        if ((c.cr4 & Cpu.CR4_OSFXSR) != 0) {
            saveMxcsr(c, la);
            saveXmm(c, la);
        }
    }

    static void restore(Cpu c, Insn n) {
        check(c);
        long la = Access.aligned(c, c.readable(n.seg, c.ea(n), SIZE), 16);
        // What reading would raise is raised now, so that nothing is restored in part; the last byte first, as above.
        c.mmu.load8(at(c, la, SIZE - 1));
        c.mmu.load8(la);
        if ((c.cr4 & Cpu.CR4_OSFXSR) != 0) {
            restoreMxcsr(c, la);
            restoreXmm(c, la);
        }
        restoreX87(c, la, wide(n));
    }

    /** A linear address in an area. */
    static long at(Cpu c, long la, int offset) {
        return c.paging.wrap(la + offset);
    }

    static boolean wide(Insn n) {
        return (n.rex & 8) != 0;
    }

    // ---- x87

    static void saveX87(Cpu c, long la, boolean wide) {
        FpuState f = c.fpu;
        c.mmu.store16(la, f.control);
        c.mmu.store16(at(c, la, FSW), FpuImage.statusWord(f));
        c.mmu.store16(at(c, la, FTW), f.valid);
        boolean pointers = FpuImage.pending(f) || !c.model.behaviour().savesPointersOnError();
        c.mmu.store16(at(c, la, FOP), pointers ? f.opcode : 0);
        storePointer(c, at(c, la, FIP), pointers ? f.ip : 0, pointers ? f.cs : 0, wide);
        storePointer(c, at(c, la, FDP), pointers ? f.dp : 0, pointers ? f.ds : 0, wide);
        for (int i = 0; i < 8; i++) {
            int r = f.top + i & 7;
            c.mmu.store64(at(c, la, ST + 16 * i), f.significand[r]);
            c.mmu.store64(at(c, la, ST + 16 * i + 8), f.signExponent[r]);
        }
    }

    private static void storePointer(Cpu c, long at, long offset, int selector, boolean wide) {
        c.mmu.store64(at, wide ? offset : offset & 0xFFFFFFFFL | (long) selector << 32);
    }

    static void restoreX87(Cpu c, long la, boolean wide) {
        FpuState f = c.fpu;
        FpuImage.load(f, c.mmu.load16(la), c.mmu.load16(at(c, la, FSW)));
        f.valid = c.mmu.load8(at(c, la, FTW));
        f.opcode = c.mmu.load16(at(c, la, FOP)) & OPCODE;
        long ip = c.mmu.load64(at(c, la, FIP));
        long dp = c.mmu.load64(at(c, la, FDP));
        f.ip = wide ? canonical(c, ip) : ip & 0xFFFFFFFFL;
        f.dp = wide ? canonical(c, dp) : dp & 0xFFFFFFFFL;
        f.cs = wide ? 0 : (int) (ip >>> 32) & 0xFFFF;
        f.ds = wide ? 0 : (int) (dp >>> 32) & 0xFFFF;
        for (int i = 0; i < 8; i++) {
            int r = f.top + i & 7;
            f.significand[r] = c.mmu.load64(at(c, la, ST + 16 * i));
            f.signExponent[r] = c.mmu.load16(at(c, la, ST + 16 * i + 8));
        }
    }

    /** The registers for the pointers are no wider than linear addresses; the sign is extended. */
    static long canonical(Cpu c, long pointer) {
        int above = 64 - c.model.behaviour().x87PointerBits();
        return pointer << above >> above;
    }

    /** The state that XRSTOR gives when the area has none. */
    static void initX87(FpuState f) {
        f.init();
        Arrays.fill(f.significand, 0);
        Arrays.fill(f.signExponent, 0);
    }

    static boolean x87InUse(FpuState f) {
        if (f.control != CONTROL_INITIAL || (f.status | f.top | f.valid | f.opcode | f.cs | f.ds) != 0
                || (f.ip | f.dp) != 0) {
            return true;
        }
        for (int i = 0; i < 8; i++) {
            if (f.significand[i] != 0 || f.signExponent[i] != 0) {
                return true;
            }
        }
        return false;
    }

    // ---- SSE

    static void saveMxcsr(Cpu c, long la) {
        c.mmu.store32(at(c, la, MXCSR), c.fpu.mxcsr);
        c.mmu.store32(at(c, la, MXCSR_MASK), Mxcsr.savedMask(c));
    }

    /** #GP if the value has a reserved bit; the mask in memory does not matter. */
    static void restoreMxcsr(Cpu c, long la) {
        c.fpu.mxcsr = Mxcsr.checked(c, c.mmu.load32(at(c, la, MXCSR)));
    }

    /** XMM registers, by quadwords, that the mode has. */
    private static int quadwords(Cpu c) {
        return c.mode64() ? 32 : 16;
    }

    static void saveXmm(Cpu c, long la) {
        for (int i = 0; i < quadwords(c); i++) {
            c.mmu.store64(at(c, la, XMM + 8 * i), c.fpu.xmm[i]);
        }
    }

    static void restoreXmm(Cpu c, long la) {
        for (int i = 0; i < quadwords(c); i++) {
            c.fpu.xmm[i] = c.mmu.load64(at(c, la, XMM + 8 * i));
        }
    }

    static void initXmm(Cpu c) {
        Arrays.fill(c.fpu.xmm, 0, quadwords(c), 0);
    }

    static boolean xmmInUse(Cpu c) {
        for (int i = 0; i < quadwords(c); i++) {
            if (c.fpu.xmm[i] != 0) {
                return true;
            }
        }
        return false;
    }
}
