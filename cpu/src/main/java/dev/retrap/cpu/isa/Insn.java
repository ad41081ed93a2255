package dev.retrap.cpu.isa;

/**
 * One decoded instruction: the single form that engines execute and the disassembler prints. Immutable; made by
 * {@link Decoder} only. Fields are public because the interpreter reads them on every step.
 *
 * <p>Registers are numbered as encoded: GPR 0..15 (rAX rCX rDX rBX rSP rBP rSI rDI r8..r15); byte registers AL CL DL BL
 * SPL BPL SIL DIL R8B.. are 0..15 and AH CH DH BH are 16..19; segment registers 0..5 are ES CS SS DS FS GS; CR, DR,
 * ST(i), MM and XMM registers by number. Sizes are in bits. A register or position that is not there is -1.
 *
 * <p>{@link #op} is what the processor does and {@link #form} what the bytes spell. They differ for an encoding that is
 * well formed but raises #UD, such as LOCK MOV or MOV CS,AX: op is then {@link Op#INVALID} while form is the row of the
 * instruction that was spelled. For an undefined encoding form is {@link Form#UNDEFINED}.
 */
public final class Insn {
    /** {@link #rep}: no REP prefix. */
    public static final byte REP_NONE = 0;
    /** {@link #rep}: F3, that is REP or REPE. */
    public static final byte REP_F3 = 1;
    /** {@link #rep}: F2, that is REPNE. */
    public static final byte REP_F2 = 2;

    /** {@link #prefixes}: 66. */
    public static final short PREFIX_OPSIZE = 1;
    /** {@link #prefixes}: 67. */
    public static final short PREFIX_ADDRSIZE = 1 << 1;
    /** {@link #prefixes}: F0. */
    public static final short PREFIX_LOCK = 1 << 2;
    /** {@link #prefixes}: F3. */
    public static final short PREFIX_F3 = 1 << 3;
    /** {@link #prefixes}: F2. */
    public static final short PREFIX_F2 = 1 << 4;
    /** {@link #prefixes}: 26. */
    public static final short PREFIX_ES = 1 << 5;
    /** {@link #prefixes}: 2E. */
    public static final short PREFIX_CS = 1 << 6;
    /** {@link #prefixes}: 36. */
    public static final short PREFIX_SS = 1 << 7;
    /** {@link #prefixes}: 3E. */
    public static final short PREFIX_DS = 1 << 8;
    /** {@link #prefixes}: 64. */
    public static final short PREFIX_FS = 1 << 9;
    /** {@link #prefixes}: 65. */
    public static final short PREFIX_GS = 1 << 10;
    /** {@link #prefixes}: a REX prefix that takes effect (it stands right before the opcode). */
    public static final short PREFIX_REX = 1 << 11;

    /** Table row of the encoding; never null. */
    public final Form form;
    /** What to do; {@link Op#INVALID} for #UD and {@link Op#TOO_LONG} for #GP(0) (more than 15 bytes). */
    public final Op op;
    /** Mode it was decoded for. */
    public final CodeMode mode;
    /** Offset in CS of the first byte. */
    public final long ip;
    /** Offset in CS of the next sequential instruction: ip + length, truncated to the mode's instruction pointer. */
    public final long next;
    /** Length in bytes, 1..15. */
    public final byte length;
    /**
     * Effective operand size: 8 for byte forms; 16, 32 or 64 otherwise; for forms whose operands have a fixed size the
     * size of the first operand (x87 memory operands: 16, 32, 64 or 80); 64 for near branches, PUSH, POP, CALL and RET
     * in 64-bit mode (16 if PUSH or POP carry 66). For forms on MM or XMM registers it is the size of their
     * general-purpose or memory integer operand (MOVD/MOVQ, CVTSI2SD, PEXTRx), else the operand-size attribute.
     */
    public final byte opSize;
    /** Effective address size: 16, 32 or 64. */
    public final byte addrSize;
    /** Register number of operand 0 in Intel order (the destination), or -1. */
    public final byte r0;
    /** Register number of operand 1, or -1. */
    public final byte r1;
    /** Register number of operand 2, or -1. */
    public final byte r2;
    /** Register number of operand 3, or -1. */
    public final byte r3;
    /**
     * Position of the ModRM, moffs or XLAT memory operand, or -1. String operands (rSI, rDI) are not counted here:
     * their segment is {@link #seg}. XLAT has base rBX and the engine adds AL.
     */
    public final byte memAt;
    /** Base register of the memory operand, or -1. */
    public final byte base;
    /** Index register of the memory operand, or -1. */
    public final byte index;
    /** Scale of the index as a shift count, 0..3. */
    public final byte scale;
    /** Effective segment of the memory operand or of the rSI/rDI/rAX-addressed source, with the default rule. */
    public final byte seg;
    /** Segment override that took effect, or -1. CS, DS, ES and SS overrides have no effect in 64-bit mode. */
    public final byte segOverride;
    /** True if the displacement was RIP-relative; {@link #disp} is then the absolute address and base is -1. */
    public final boolean ripRelative;
    /** Displacement, sign-extended; the sum of the address is to be truncated to {@link #addrSize}. */
    public final long disp;
    /**
     * Immediate, sign- or zero-extended as the instruction uses it; the absolute target offset of a relative branch,
     * truncated to its operand size; the offset of a far pointer; 1 for the shift-by-one forms.
     */
    public final long imm;
    /** Second immediate: the level of ENTER, the selector of a far pointer, the second byte of EXTRQ/INSERTQ. */
    public final long imm2;
    /** Condition 0..15 (O NO B AE E NE BE A S NS P NP L GE LE G) of Jcc, SETcc, CMOVcc; else -1. */
    public final byte cond;
    /** True if a LOCK prefix is present. */
    public final boolean lock;
    /** Repeat prefix in effect, the last of F3 and F2: {@link #REP_NONE}, {@link #REP_F3} or {@link #REP_F2}. */
    public final byte rep;
    /** Set of the prefixes present, {@code PREFIX_*}. */
    public final short prefixes;
    /** Number of legacy and REX prefix bytes before the opcode (a VEX prefix counts as part of the opcode). */
    public final byte prefixLength;
    /** The REX bits W R X B (8 4 2 1) in effect, from REX or VEX; 0 if none. */
    public final byte rex;
    /** Bytes 0..7 of the encoding, first byte lowest. */
    public final long bytesLo;
    /** Bytes 8..14 of the encoding, byte 8 lowest. */
    public final long bytesHi;

    Insn(DecodeState s) {
        form = s.form;
        op = s.op;
        mode = s.mode;
        ip = s.ip;
        next = s.next;
        length = (byte) s.length;
        opSize = (byte) s.opSize;
        addrSize = (byte) s.addrSize;
        r0 = (byte) s.r0;
        r1 = (byte) s.r1;
        r2 = (byte) s.r2;
        r3 = (byte) s.r3;
        memAt = (byte) s.memAt;
        base = (byte) s.base;
        index = (byte) s.index;
        scale = (byte) s.scale;
        seg = (byte) s.seg;
        segOverride = (byte) s.segOverride;
        ripRelative = s.ripRelative;
        disp = s.disp;
        imm = s.imm;
        imm2 = s.imm2;
        cond = (byte) s.cond;
        lock = (s.prefixes & PREFIX_LOCK) != 0;
        rep = (byte) s.rep;
        prefixes = (short) s.prefixes;
        prefixLength = (byte) s.prefixLength;
        rex = (byte) s.rex;
        bytesLo = s.bytesLo;
        bytesHi = s.bytesHi;
    }

    /** {@code other} read as another form of the same bytes. */
    private Insn(Insn other, Form form) {
        this.form = form;
        op = form.op();
        mode = other.mode;
        ip = other.ip;
        next = other.next;
        length = other.length;
        opSize = other.opSize;
        addrSize = other.addrSize;
        r0 = other.r0;
        r1 = other.r1;
        r2 = other.r2;
        r3 = other.r3;
        memAt = other.memAt;
        base = other.base;
        index = other.index;
        scale = other.scale;
        seg = other.seg;
        segOverride = other.segOverride;
        ripRelative = other.ripRelative;
        disp = other.disp;
        imm = other.imm;
        imm2 = other.imm2;
        cond = other.cond;
        lock = other.lock;
        rep = other.rep;
        prefixes = other.prefixes;
        prefixLength = other.prefixLength;
        rex = other.rex;
        bytesLo = other.bytesLo;
        bytesHi = other.bytesHi;
    }

    /**
     * What a processor without the form's feature makes of the same bytes (TZCNT is BSF to it), see {@link Form#fallback}.
     *
     * @return null if it raises #UD
     */
    public Insn fallback() {
        return form.fallback() == null || op == Op.INVALID ? null : new Insn(this, form.fallback());
    }

    /** {@return true if there is a ModRM or moffs memory operand} */
    public boolean mem() {
        return memAt >= 0;
    }

    /**
     * {@return the register number of the operand, or -1}
     * @param position position of the operand, 0..3, in Intel order
     */
    public int reg(int position) {
        return switch (position) {
            case 0 -> r0;
            case 1 -> r1;
            case 2 -> r2;
            case 3 -> r3;
            default -> -1;
        };
    }

    /**
     * {@return the byte of the encoding, 0..255}
     * @param at offset from the first byte, 0..length-1
     */
    public int byteAt(int at) {
        return (int) (at < 8 ? bytesLo >>> (at << 3) : bytesHi >>> ((at - 8) << 3)) & 0xFF;
    }

    /** {@return the operand-size attribute by mode and prefixes alone, in bits} */
    int operandSizeAttribute() {
        boolean prefix = hasPrefix(PREFIX_OPSIZE);
        return (rex & 8) != 0 ? 64 : prefix == (mode == CodeMode.CODE16) ? 32 : 16;
    }

    /** {@return the offset of the ModRM byte from the first byte, or -1 if there is none} */
    int modrmAt() {
        if (!form.encoding().modrm()) {
            return -1;
        }
        int opcode = form.encoding().vex() ? (byteAt(prefixLength) == 0xC5 ? 3 : 4)
                : switch (form.encoding().map()) {
                    case ONE_BYTE -> 1;
                    case MAP_0F, MAP_0F0F -> 2;
                    case MAP_0F38, MAP_0F3A -> 3;
                };
        return prefixLength + opcode;
    }

    /** {@return true if the given {@code PREFIX_*} is present} */
    public boolean hasPrefix(int prefix) {
        return (prefixes & prefix) != 0;
    }

    /** {@return the Intel-syntax text, as {@code objdump -M intel} prints it} */
    @Override
    public String toString() {
        return Disassembler.format(this, Syntax.INTEL, SymbolResolver.NONE);
    }
}
