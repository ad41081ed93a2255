package dev.retrap.cpu.isa;

/** Decodes the memory operand of ModRM, SIB and displacement (SDM vol. 2, tables 2-1 to 2-3 and 2.2.1). */
final class MemoryOperand {
    private static final int BX = 3;
    private static final int BP = 5;
    private static final int SI = 6;
    private static final int DI = 7;
    private static final int[] BASE16 = {BX, BX, BP, BP, SI, DI, BP, BX};
    private static final int[] INDEX16 = {SI, DI, SI, DI, -1, -1, -1, -1};
    private static final int SP = 4;

    private MemoryOperand() {
    }

    /** Reads SIB and displacement after a ModRM byte with mod other than 3. */
    static void decode(DecodeState s) {
        if (s.addrSize == 16) {
            decode16(s);
        } else {
            decode32(s);
        }
        boolean stack = s.base == SP || s.base == BP;
        s.seg = s.segOverride >= 0 ? s.segOverride : stack ? Decoder.SS : Decoder.DS;
    }

    private static void decode16(DecodeState s) {
        int mod = s.modrm >> 6;
        int rm = s.modrm & 7;
        if (mod == 0 && rm == 6) {
            s.disp = s.s16();
            return;
        }
        s.base = BASE16[rm];
        s.index = INDEX16[rm];
        s.disp = mod == 1 ? s.s8() : mod == 2 ? s.s16() : 0;
    }

    private static void decode32(DecodeState s) {
        int mod = s.modrm >> 6;
        int rm = s.modrm & 7;
        if (rm == SP) {
            int sib = s.u8();
            rm = sib & 7;
            int x = sib >> 3 & 7 | s.rex << 2 & 8;
            s.index = x == SP ? -1 : x;
            s.scale = sib >> 6;
        } else if (mod == 0 && rm == BP && s.mode == CodeMode.CODE64) {
            s.ripRelative = true;
        }
        if (mod == 0 && rm == BP) {
            s.disp = s.s32();
            return;
        }
        s.base = rm | s.rex << 3 & 8;
        s.disp = mod == 1 ? s.s8() : mod == 2 ? s.s32() : 0;
    }
}
