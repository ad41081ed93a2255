package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;

/**
 * The state a test starts with before it is aimed at its instruction: a function of mode and seed alone, so that
 * captured vectors keep only how a test deviates from it. Changing what this class draws invalidates them.
 */
final class StateDraw {
    /** Bits that captured vectors are checked against: see {@link #fingerprint}. */
    private static final int SAMPLES = 64;

    private StateDraw() {}

    /**
     * Draws a state.
     *
     * @param fx with x87, MMX and SSE state
     */
    static State draw(CodeMode mode, long seed, boolean fx) {
        var d = new Draw(seed);
        var s = new State();
        boolean long64 = mode == CodeMode.CODE64;
        for (int i = 0; i < 16; i++) {
            long v = d.percent(15) ? Layout.WINDOW.address() + d.below(Layout.WINDOW.bytes()) : Numbers.integer(d);
            s.gpr[i] = long64 ? v : i < 8 ? v & 0xFFFFFFFFL : 0;
        }
        s.gpr[4] = Layout.STACK.address() + 8L * d.between(128, 896);
        s.eflags = 2 | (int) d.next() & Flags.ARITH | (d.percent(30) ? Flags.DF : 0) | Flags.IF | Flags.TF;
        segments(mode, d, s);
        if (long64) {
            s.fsBase = Layout.FS_BASE;
            s.gsBase = Layout.GS_BASE;
        }
        if (fx) {
            s.fx = image(d, long64);
        }
        return s;
    }

    private static void segments(CodeMode mode, Draw d, State s) {
        switch (mode) {
            case CODE64 -> {
                s.seg[Seg.CS] = Layout.USER64_CS;
                s.seg[Seg.SS] = Layout.USER_DS;
            }
            case CODE32 -> {
                s.seg[Seg.CS] = d.percent(80) ? Layout.USER32_CS
                        : d.pick(Layout.LDT_FLAT_CODE, Layout.LDT_EXECUTE);
                s.seg[Seg.SS] = d.percent(75) ? Layout.USER_DS : d.pick(Layout.LDT_STACK32, Layout.LDT_STACK16);
                for (int seg : new int[] {Seg.ES, Seg.DS}) {
                    s.seg[seg] = d.percent(75) ? Layout.USER_DS : data(d);
                }
            }
            case CODE16 -> {
                s.seg[Seg.CS] = d.percent(80) ? Layout.LDT_CODE16 : Layout.LDT_EXECUTE16;
                s.seg[Seg.SS] = d.percent(75) ? Layout.LDT_STACK16 : d.pick(Layout.LDT_STACK32, Layout.USER_DS);
                for (int seg : new int[] {Seg.ES, Seg.DS}) {
                    s.seg[seg] = d.percent(75) ? d.pick(Layout.LDT_DATA16, Layout.LDT_DATA) : data(d);
                }
            }
        }
        if (mode != CodeMode.CODE64) {
            for (int seg : new int[] {Seg.FS, Seg.GS}) {
                s.seg[seg] = d.percent(30) ? 0 : d.percent(20) ? Layout.USER_DS : data(d);
            }
            if (s.seg[Seg.SS] != Layout.USER_DS) {
                s.gpr[4] -= Layout.STACK.address();
                s.gpr[4] |= s.seg[Seg.SS] == Layout.LDT_STACK16 ? d.next() & 0xFFFF0000L : 0;
            }
        }
    }

    private static int data(Draw d) {
        return d.pick(Layout.LDT_DATA, Layout.LDT_READ, Layout.LDT_DOWN32, Layout.LDT_DOWN16, Layout.LDT_DATA16,
                Layout.LDT_FLAT, Layout.LDT_FLAT_CODE, Layout.LDT_READABLE_CODE);
    }

    private static byte[] image(Draw d, boolean long64) {
        var fx = new byte[State.FX_BYTES];
        MemoryImage.put(fx, State.FX_FCW, control(d), 2);
        int status = d.below(8) << 11 | (d.percent(50) ? (int) d.next() & 0x4700 : 0);
        if (d.percent(20)) {
            status |= (int) d.next() & 0x7F;
        }
        int pending = status & ~fx[State.FX_FCW] & 0x3F;
        // ES and B follow from the exceptions that are flagged and not masked; most tests want none.
        if (pending != 0) {
            status = d.percent(80) ? status & ~pending : status | 0x8080;
        }
        MemoryImage.put(fx, State.FX_FSW, status, 2);
        fx[State.FX_FTW] = (byte) (d.percent(60) ? 0xFF : d.next());
        MemoryImage.put(fx, State.FX_MXCSR, mxcsr(d), 4);
        for (int i = 0; i < 8; i++) {
            register80(d, fx, State.FX_ST + 16 * i);
        }
        for (int i = 0; i < (long64 ? 16 : 8); i++) {
            xmm(d, fx, State.FX_XMM + 16 * i);
        }
        return fx;
    }

    private static int control(Draw d) {
        int precision = d.percent(70) ? 3 : d.pick(0, 2);
        int rounding = d.percent(50) ? 0 : d.below(4);
        int masks = d.percent(85) ? 0x3F : d.below(64);
        return masks | 0x40 | precision << 8 | rounding << 10;
    }

    private static int mxcsr(Draw d) {
        int masks = d.percent(85) ? 0x1F80 : d.below(64) << 7;
        int rounding = d.percent(50) ? 0 : d.below(4);
        int flush = d.percent(20) ? 0x8000 : 0;
        int denormalsZero = d.percent(20) ? 0x40 : 0;
        return masks | rounding << 13 | flush | denormalsZero | (d.percent(20) ? d.below(64) : 0);
    }

    private static void register80(Draw d, byte[] fx, int at) {
        if (d.percent(15)) {
            // An MMX value: exponent all ones.
            MemoryImage.put(fx, at, Numbers.integer(d), 8);
            MemoryImage.put(fx, at + 8, 0xFFFF, 2);
        } else {
            MemoryImage.put(fx, at, Numbers.significand80(d), 8);
            MemoryImage.put(fx, at + 8, Numbers.exponent80(d), 2);
        }
    }

    private static void xmm(Draw d, byte[] fx, int at) {
        switch (d.below(5)) {
            case 0 -> d.fill(fx, at, at + 16);
            case 1, 2 -> {
                for (int i = 0; i < 16; i += 4) {
                    MemoryImage.put(fx, at + i, Numbers.float32(d), 4);
                }
            }
            case 3 -> {
                MemoryImage.put(fx, at, Numbers.float64(d), 8);
                MemoryImage.put(fx, at + 8, Numbers.float64(d), 8);
            }
            default -> {
                MemoryImage.put(fx, at, Numbers.integer(d), 8);
                MemoryImage.put(fx, at + 8, Numbers.integer(d), 8);
            }
        }
    }

    /** A hash of what is drawn, kept with captured vectors. */
    static int fingerprint(CodeMode mode) {
        int hash = 1;
        for (int i = 0; i < SAMPLES; i++) {
            State s = draw(mode, i, true);
            hash = hash * 31 + s.hashCode();
            hash = hash * 31 + java.util.Arrays.hashCode(s.seg);
            hash = hash * 31 + java.util.Arrays.hashCode(s.fx);
        }
        return hash * 31 + java.util.Arrays.hashCode(MemoryImage.draw(0).bytes());
    }
}
