package dev.retrap.cpu.isa;

/**
 * Decodes bytes to {@link Insn}, by the {@linkplain InstructionTable instruction table} and the rules of SDM vol. 2,
 * chapter 2. Knows no processor model: whether a form exists on one is the engine's question to {@link Form#feature}.
 * Safe for use by several threads.
 */
public final class Decoder {
    /** Longest instruction in bytes; a longer one raises #GP(0) (SDM vol. 2, 2.3.11). */
    public static final int MAX_LENGTH = 15;

    static final int ES = 0;
    static final int CS = 1;
    static final int SS = 2;
    static final int DS = 3;
    static final int FS = 4;
    static final int GS = 5;

    private static final int REX_W = 8;
    private static final int NEVER_WITH_VEX =
            Insn.PREFIX_OPSIZE | Insn.PREFIX_F2 | Insn.PREFIX_F3 | Insn.PREFIX_LOCK | Insn.PREFIX_REX;
    private static final OpcodeMap[] VEX_MAP =
            {null, OpcodeMap.MAP_0F, OpcodeMap.MAP_0F38, OpcodeMap.MAP_0F3A};
    private static final ThreadLocal<DecodeState> STATE = ThreadLocal.withInitial(DecodeState::new);

    /** For each byte the {@code Insn.PREFIX_*} bit of the legacy prefix, or 0. */
    private static final short[] PREFIX = new short[256];

    static {
        PREFIX[0x66] = Insn.PREFIX_OPSIZE;
        PREFIX[0x67] = Insn.PREFIX_ADDRSIZE;
        PREFIX[0xF0] = Insn.PREFIX_LOCK;
        PREFIX[0xF3] = Insn.PREFIX_F3;
        PREFIX[0xF2] = Insn.PREFIX_F2;
        PREFIX[0x26] = Insn.PREFIX_ES;
        PREFIX[0x2E] = Insn.PREFIX_CS;
        PREFIX[0x36] = Insn.PREFIX_SS;
        PREFIX[0x3E] = Insn.PREFIX_DS;
        PREFIX[0x64] = Insn.PREFIX_FS;
        PREFIX[0x65] = Insn.PREFIX_GS;
    }

    private Decoder() {
    }

    /**
     * Decodes for an Intel processor.
     * @param mode default sizes of the code segment
     * @param code bytes
     * @param offset index of the first byte
     * @param available bytes that may be read from offset
     * @param ip offset in CS of the first byte
     * @return the instruction, or null if it does not end within the available bytes
     */
    public static Insn decode(CodeMode mode, byte[] code, int offset, int available, long ip) {
        return decode(mode, false, code, offset, available, ip);
    }

    /**
     * As {@link #decode(CodeMode, byte[], int, int, long)}, for either vendor.
     * @param mode default sizes of the code segment
     * @param amd true for the AMD rules: in 64-bit mode 66 makes the operand size of a near branch 16 (Intel ignores
     *     it); LOCK MOV CR0 is MOV CR8 (APM vol. 3)
     * @param code bytes
     * @param offset index of the first byte
     * @param available bytes that may be read from offset
     * @param ip offset in CS of the first byte
     * @return the instruction, or null if it does not end within the available bytes
     */
    public static Insn decode(CodeMode mode, boolean amd, byte[] code, int offset, int available, long ip) {
        DecodeState s = STATE.get();
        s.reset(mode, amd, code, offset, available, ip);
        Plan plan = plan(s, prefixes(s));
        if (plan == null || s.overrun) {
            return finish(s, Form.UNDEFINED, Op.INVALID);
        }
        s.cond = plan.cond;
        s.operandSize = operandSize(s, plan);
        if (plan.memory && s.modrm < 0xC0 && s.map != OpcodeMap.MAP_0F0F) {
            MemoryOperand.decode(s);
        }
        boolean defined = OperandReader.read(s, plan) && defined(s, plan);
        if (plan.relative || s.ripRelative) {
            OperandReader.relativeToNext(s, plan);
        }
        return finish(s, plan.form, defined ? plan.form.op() : Op.INVALID);
    }

    /** Reads the prefixes and returns the first opcode byte. */
    private static int prefixes(DecodeState s) {
        int b = s.u8();
        while (true) {
            int prefix = PREFIX[b];
            if (prefix != 0) {
                legacy(s, prefix);
                s.rex = 0;
            } else if (s.mode == CodeMode.CODE64 && (b & 0xF0) == 0x40) {
                s.rex = b;
            } else {
                break;
            }
            b = s.u8();
        }
        // A REX prefix that is not right before the opcode has been dropped above.
        if (s.rex != 0) {
            s.prefixes |= Insn.PREFIX_REX;
            s.rex &= 0xF;
            s.w = s.rex >> 3;
        }
        s.prefixLength = s.at - s.start - 1;
        boolean other = (s.prefixes & Insn.PREFIX_ADDRSIZE) != 0;
        s.addrSize = switch (s.mode) {
            case CODE16 -> other ? 32 : 16;
            case CODE32 -> other ? 16 : 32;
            case CODE64 -> other ? 32 : 64;
        };
        s.mandatory = s.rep != 0 ? s.rep + 1 : s.prefixes & Insn.PREFIX_OPSIZE;
        return b;
    }

    private static void legacy(DecodeState s, int prefix) {
        s.prefixes |= prefix;
        boolean flat = s.mode == CodeMode.CODE64;
        switch (prefix) {
            case Insn.PREFIX_F3 -> s.rep = Insn.REP_F3;
            case Insn.PREFIX_F2 -> s.rep = Insn.REP_F2;
            case Insn.PREFIX_FS -> s.segOverride = FS;
            case Insn.PREFIX_GS -> s.segOverride = GS;
            case Insn.PREFIX_ES -> s.segOverride = flat ? s.segOverride : ES;
            case Insn.PREFIX_CS -> s.segOverride = flat ? s.segOverride : CS;
            case Insn.PREFIX_SS -> s.segOverride = flat ? s.segOverride : SS;
            case Insn.PREFIX_DS -> s.segOverride = flat ? s.segOverride : DS;
            default -> { }
        }
    }

    /** Reads the opcode and ModRM and finds the form; null if the encoding is undefined. */
    private static Plan plan(DecodeState s, int first) {
        OpcodeCell cell = switch (first) {
            case 0x0F -> escaped(s);
            case 0xC4, 0xC5 -> vexFollows(s) ? vex(s, first) : oneByte(s, first);
            // NOP is XCHG eAX,eAX; with REX.B the register is another and it does exchange.
            case 0x90 -> oneByte(s, (s.rex & 1) != 0 ? 0x91 : 0x90);
            default -> oneByte(s, first);
        };
        s.opcode = first == 0x90 ? first : s.opcode;
        if (cell == null) {
            return null;
        }
        if (cell.modrm && s.map != OpcodeMap.MAP_0F0F) {
            s.modrm = s.u8();
        }
        return cell.select(s.mandatory, s.w, s.l, s.mode == CodeMode.CODE64 ? 1 : 0, s.modrm);
    }

    private static OpcodeCell oneByte(DecodeState s, int opcode) {
        s.opcode = opcode;
        return InstructionTable.cell(OpcodeMap.ONE_BYTE, false, opcode);
    }

    private static OpcodeCell escaped(DecodeState s) {
        int opcode = s.u8();
        s.map = switch (opcode) {
            case 0x38 -> OpcodeMap.MAP_0F38;
            case 0x3A -> OpcodeMap.MAP_0F3A;
            case 0x0F -> OpcodeMap.MAP_0F0F;
            default -> OpcodeMap.MAP_0F;
        };
        if (s.map == OpcodeMap.MAP_0F0F) {
            // 3DNow!: the opcode follows the operands.
            s.modrm = s.u8();
            if (s.modrm < 0xC0) {
                MemoryOperand.decode(s);
            }
        }
        s.opcode = s.map == OpcodeMap.MAP_0F ? opcode : s.u8();
        return InstructionTable.cell(s.map, false, s.opcode);
    }

    /** Outside 64-bit mode C4 and C5 are VEX only where LES and LDS would name a register. */
    private static boolean vexFollows(DecodeState s) {
        return s.mode == CodeMode.CODE64 || s.at < s.end && (s.code[s.at] & 0xC0) == 0xC0;
    }

    /** Reads the rest of a VEX prefix (SDM vol. 2, 2.3.5) and the opcode. */
    private static OpcodeCell vex(DecodeState s, int first) {
        int b = s.u8();
        int map = 1;
        int rxb = ~b >> 5 & 4;
        s.w = 0;
        if (first == 0xC4) {
            map = b & 0x1F;
            rxb = ~b >> 5 & 7;
            b = s.u8();
            s.w = b >> 7;
        }
        boolean mode64 = s.mode == CodeMode.CODE64;
        boolean refused = (s.prefixes & NEVER_WITH_VEX) != 0;
        s.vex = true;
        s.rex = mode64 ? s.w << 3 | rxb : 0;
        s.vvvv = ~b >> 3 & 15;
        s.l = b >> 2 & 1;
        s.mandatory = b & 3;
        s.opcode = s.u8();
        if (refused || map == 0 || map >= VEX_MAP.length) {
            return null;
        }
        s.map = VEX_MAP[map];
        return InstructionTable.cell(s.map, true, s.opcode);
    }

    /** {@return the operand-size attribute (SDM vol. 1, 3.6), with the form's own rule in 64-bit mode} */
    private static int operandSize(DecodeState s, Plan plan) {
        boolean prefix = (s.prefixes & Insn.PREFIX_OPSIZE) != 0 && !plan.mandatory66;
        Form form = plan.form;
        if (s.mode != CodeMode.CODE64) {
            return form.has(Form.MODE_SIZE) ? 32 : prefix == (s.mode == CodeMode.CODE16) ? 32 : 16;
        }
        boolean wide = (s.rex & REX_W) != 0;
        if (form.has(Form.FORCE64)) {
            return prefix && s.amd && plan.nearBranch && !wide ? 16 : 64;
        }
        if (form.has(Form.MODE_SIZE) || wide) {
            return 64;
        }
        return prefix ? 16 : form.has(Form.DEFAULT64) ? 64 : 32;
    }

    /** Checks what raises #UD in an encoding that is well formed. */
    private static boolean defined(DecodeState s, Plan plan) {
        int prefixes = s.prefixes;
        if ((prefixes & Insn.PREFIX_LOCK) != 0 && !(plan.form.has(Form.LOCKABLE) && s.memAt == 0)
                && !(s.amd && OperandReader.namesCr8ByLock(s, plan))) {
            return false;
        }
        if (plan.form.has(Form.NO_PREFIX)
                && (prefixes & (Insn.PREFIX_OPSIZE | Insn.PREFIX_F2 | Insn.PREFIX_F3)) != 0) {
            return false;
        }
        if (plan.form.has(Form.ONLY64) && s.mode != CodeMode.CODE64) {
            return false;
        }
        return !s.vex || plan.usesVvvv || s.vvvv == 0;
    }

    private static Insn finish(DecodeState s, Form form, Op op) {
        if (s.overrun) {
            if (s.end - s.start < MAX_LENGTH) {
                return null;
            }
            form = Form.UNDEFINED;
            op = Op.TOO_LONG;
            s.memAt = -1;
        }
        s.form = form;
        s.op = op;
        s.keepBytes();
        if (form == Form.UNDEFINED) {
            s.opSize = s.mode.bits();
        }
        return new Insn(s);
    }
}
