package dev.retrap.cpu.isa;

/** Working fields of one decoding, confined to a thread and reused; {@link Insn} copies them when done. */
final class DecodeState {
    byte[] code;
    /** Index in code of the first byte. */
    int start;
    /** Index in code of the next byte to read. */
    int at;
    /** Index in code after the last byte that may be read. */
    int end;
    /** True if bytes beyond end were asked for; what was read after that is meaningless. */
    boolean overrun;
    boolean amd;
    /** Effective operand-size attribute; opSize is what the form makes of it. */
    int operandSize;
    int modrm;
    OpcodeMap map;
    int opcode;
    boolean vex;
    /** REX.W or VEX.W. */
    int w;
    /** VEX.L. */
    int l;
    /** VEX.vvvv, inverted; 0 without a VEX prefix. */
    int vvvv;
    /** Mandatory prefix: 0 none, 1 66, 2 F3, 3 F2. */
    int mandatory;

    Form form;
    Op op;
    CodeMode mode;
    long ip;
    long next;
    int length;
    int opSize;
    int addrSize;
    int r0;
    int r1;
    int r2;
    int r3;
    int memAt;
    int base;
    int index;
    int scale;
    int seg;
    int segOverride;
    boolean ripRelative;
    long disp;
    long imm;
    long imm2;
    int cond;
    int rep;
    int prefixes;
    int prefixLength;
    int rex;
    long bytesLo;
    long bytesHi;

    void reset(CodeMode newMode, boolean newAmd, byte[] newCode, int offset, int available, long newIp) {
        code = newCode;
        start = offset;
        at = offset;
        end = offset + Math.min(available, Decoder.MAX_LENGTH);
        overrun = false;
        mode = newMode;
        amd = newAmd;
        ip = newIp;
        modrm = 0;
        r0 = -1;
        r1 = -1;
        r2 = -1;
        r3 = -1;
        memAt = -1;
        base = -1;
        index = -1;
        scale = 0;
        seg = Decoder.DS;
        segOverride = -1;
        ripRelative = false;
        disp = 0;
        imm = 0;
        imm2 = 0;
        cond = -1;
        rep = 0;
        prefixes = 0;
        prefixLength = 0;
        rex = 0;
        map = OpcodeMap.ONE_BYTE;
        vex = false;
        w = 0;
        l = 0;
        vvvv = 0;
    }

    /** {@return the next byte, 0..255; 0 beyond the end} */
    int u8() {
        if (at >= end) {
            overrun = true;
            return 0;
        }
        return code[at++] & 0xFF;
    }

    long s8() {
        return (byte) u8();
    }

    int u16() {
        return u8() | u8() << 8;
    }

    long s16() {
        return (short) u16();
    }

    long s32() {
        return u16() | u16() << 16;
    }

    long s64() {
        return s32() & 0xFFFF_FFFFL | s32() << 32;
    }

    /** Sets the register of an operand by position. */
    void reg(int position, int number) {
        switch (position) {
            case 0 -> r0 = number;
            case 1 -> r1 = number;
            case 2 -> r2 = number;
            default -> r3 = number;
        }
    }

    /** Keeps the bytes read so far for the disassembler. */
    void keepBytes() {
        length = at - start;
        long lo = 0;
        long hi = 0;
        for (int i = Math.min(length, 8) - 1; i >= 0; i--) {
            lo = lo << 8 | code[start + i] & 0xFF;
        }
        for (int i = length - 1; i >= 8; i--) {
            hi = hi << 8 | code[start + i] & 0xFF;
        }
        bytesLo = lo;
        bytesHi = hi;
        next = ip + length & mode.ipMask();
    }
}
