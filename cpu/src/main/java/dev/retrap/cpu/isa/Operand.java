package dev.retrap.cpu.isa;

import java.util.HashMap;
import java.util.Map;

/**
 * Operand specification of a {@link Form} in the notation of the manual's opcode maps (SDM vol. 2, A.2), such as
 * {@code Ev}, {@code Gb} or {@code Iz}. Beyond the manual's letters: {@code Ibs} is a byte immediate that is
 * sign-extended ({@code Ib} is zero-extended), {@code Rv/Mw} a register of operand size but a word in memory,
 * {@code Gas} a register of address size, {@code STi} and {@code ST0} x87 registers. Interned: one instance a spelling.
 *
 * @param text the notation
 * @param place where the operand comes from
 * @param width its size
 * @param number register number of a fixed register, else -1
 */
public record Operand(String text, Place place, Width width, int number) {

    /** Where an operand comes from; the letter is the manual's addressing method. */
    public enum Place {
        /** E: general register or memory by ModRM.rm. */
        RM,
        /** R: general register by ModRM.rm. */
        RM_REGISTER,
        /** G: general register by ModRM.reg. */
        REG,
        /** Z: general register by the opcode's low three bits. */
        OPCODE_REGISTER,
        /** B: general register by VEX.vvvv. */
        VEX_REGISTER,
        /** M: memory by ModRM.rm. */
        MEMORY,
        /** I: immediate. */
        IMMEDIATE,
        /** O: memory offset in the instruction. */
        OFFSET,
        /** J: relative branch target. */
        RELATIVE,
        /** A: far pointer in the instruction. */
        FAR,
        /** S: segment register by ModRM.reg. */
        SEGMENT,
        /** C: control register by ModRM.reg. */
        CONTROL,
        /** D: debug register by ModRM.reg. */
        DEBUG,
        /** T: test register (80386, 80486) by ModRM.reg. */
        TEST,
        /** X: memory at seg:rSI. */
        STRING_SOURCE,
        /** Y: memory at ES:rDI. */
        STRING_DESTINATION,
        /** P: MM register by ModRM.reg. */
        MMX,
        /** Q: MM register or memory by ModRM.rm. */
        MMX_RM,
        /** N: MM register by ModRM.rm. */
        MMX_RM_REGISTER,
        /** V: XMM register by ModRM.reg. */
        XMM,
        /** W: XMM register or memory by ModRM.rm. */
        XMM_RM,
        /** U: XMM register by ModRM.rm. */
        XMM_RM_REGISTER,
        /** STi: x87 register by ModRM.rm. */
        ST_RM,
        /** ST0: top of the x87 stack. */
        ST0,
        /** A fixed general register: AL, CL, DX, rAX. */
        FIXED,
        /** A fixed segment register. */
        FIXED_SEGMENT,
        /** XMM0. */
        XMM0,
        /** The constant 1. */
        ONE,
        /** Tb: memory at seg:[rBX + AL], of XLAT. */
        TABLE;

        /** {@return true if the operand is memory when ModRM.mod is not 3} */
        public boolean byModrmMemory() {
            return this == RM || this == MEMORY || this == MMX_RM || this == XMM_RM;
        }
    }

    /** Operand size; the letter is the manual's operand type. */
    public enum Width {
        /** No size: an address only (LEA, INVLPG), or a save area. */
        NONE(0),
        /** b: byte. */
        B(8),
        /** bs: byte, sign-extended. */
        BS(8),
        /** w: word. */
        W(16),
        /** d, ss: doubleword. */
        D(32),
        /** q, sd: quadword. */
        Q(64),
        /** t: ten bytes. */
        T(80),
        /** dq, ps, pd: 16 bytes. */
        DQ(128),
        /** v: 16, 32 or 64 by operand size. */
        V(0),
        /** z: 16 by a 16-bit operand size, else 32. */
        Z(0),
        /** y: 64 by a 64-bit operand size, else 32. */
        Y(0),
        /** p: far pointer, 16:16, 16:32 or 16:64. */
        P(0),
        /** a: the two bounds of BOUND. */
        A(0),
        /** s: pseudo-descriptor of 6 or 10 bytes. */
        S(0),
        /** as: address size. */
        AS(0),
        /** Rv/Mw: a register of operand size (of which loads use the low word), but a word in memory. */
        V_MW(0),
        /** Rd/Mb: a doubleword register, but a byte in memory. */
        D_MB(0),
        /** Rd/Mw: a doubleword register, but a word in memory. */
        D_MW(0);

        private final int bits;

        Width(int bits) {
            this.bits = bits;
        }

        /** {@return the fixed size in bits, or 0 if it depends on the instruction} */
        public int fixedBits() {
            return bits;
        }
    }

    private static final Map<String, Operand> SPECS = new HashMap<>();

    static {
        fixed("AL", Place.FIXED, Width.B, 0);
        fixed("CL", Place.FIXED, Width.B, 1);
        fixed("AX", Place.FIXED, Width.W, 0);
        fixed("DX", Place.FIXED, Width.W, 2);
        fixed("rAX", Place.FIXED, Width.V, 0);
        fixed("zAX", Place.FIXED, Width.Z, 0);
        fixed("ES", Place.FIXED_SEGMENT, Width.W, 0);
        fixed("CS", Place.FIXED_SEGMENT, Width.W, 1);
        fixed("SS", Place.FIXED_SEGMENT, Width.W, 2);
        fixed("DS", Place.FIXED_SEGMENT, Width.W, 3);
        fixed("FS", Place.FIXED_SEGMENT, Width.W, 4);
        fixed("GS", Place.FIXED_SEGMENT, Width.W, 5);
        fixed("ST0", Place.ST0, Width.T, 0);
        fixed("STi", Place.ST_RM, Width.T, -1);
        fixed("XMM0", Place.XMM0, Width.DQ, 0);
        fixed("1", Place.ONE, Width.B, -1);
        fixed("Rv/Mw", Place.RM, Width.V_MW, -1);
        fixed("Rd/Mb", Place.RM, Width.D_MB, -1);
        fixed("Rd/Mw", Place.RM, Width.D_MW, -1);
    }

    private static void fixed(String text, Place place, Width width, int number) {
        SPECS.put(text, new Operand(text, place, width, number));
    }

    /**
     * {@return the operand of a spelling such as {@code Ev}}
     * @throws IllegalArgumentException if the notation is unknown
     */
    static synchronized Operand of(String text) {
        return SPECS.computeIfAbsent(text, t -> new Operand(t, place(t), width(t), -1));
    }

    private static Place place(String text) {
        return switch (text.charAt(0)) {
            case 'E' -> Place.RM;
            case 'R' -> Place.RM_REGISTER;
            case 'G' -> Place.REG;
            case 'Z' -> Place.OPCODE_REGISTER;
            case 'B' -> Place.VEX_REGISTER;
            case 'M' -> Place.MEMORY;
            case 'I' -> Place.IMMEDIATE;
            case 'O' -> Place.OFFSET;
            case 'J' -> Place.RELATIVE;
            case 'A' -> Place.FAR;
            case 'S' -> Place.SEGMENT;
            case 'C' -> Place.CONTROL;
            case 'D' -> Place.DEBUG;
            case 'X' -> Place.STRING_SOURCE;
            case 'Y' -> Place.STRING_DESTINATION;
            case 'P' -> Place.MMX;
            case 'Q' -> Place.MMX_RM;
            case 'N' -> Place.MMX_RM_REGISTER;
            case 'V' -> Place.XMM;
            case 'W' -> Place.XMM_RM;
            case 'U' -> Place.XMM_RM_REGISTER;
            case 'T' -> text.equals("Tb") ? Place.TABLE : Place.TEST;
            default -> throw new IllegalArgumentException("unknown operand " + text);
        };
    }

    private static Width width(String text) {
        return switch (text.substring(1)) {
            case "" -> Width.NONE;
            case "b" -> Width.B;
            case "bs" -> Width.BS;
            case "w" -> Width.W;
            case "d", "ss" -> Width.D;
            case "q", "sd" -> Width.Q;
            case "t" -> Width.T;
            case "dq", "ps", "pd" -> Width.DQ;
            case "v" -> Width.V;
            case "z" -> Width.Z;
            case "y" -> Width.Y;
            case "p" -> Width.P;
            case "a" -> Width.A;
            case "s" -> Width.S;
            case "as" -> Width.AS;
            default -> throw new IllegalArgumentException("unknown operand " + text);
        };
    }

    /**
     * {@return the size of the operand in bits in an instruction, or 0 if it has none}
     * @param insn instruction
     * @param inMemory true if the operand is in memory, false if in a register
     */
    public int bits(Insn insn, boolean inMemory) {
        return switch (width) {
            case V -> insn.opSize;
            case Z -> Math.min(insn.opSize, 32);
            case Y -> insn.form.has(Form.MODE_SIZE) ? insn.opSize : (insn.rex & 8) != 0 ? 64 : 32;
            case AS -> insn.addrSize;
            case P -> 16 + insn.opSize;
            case A -> 2 * insn.opSize;
            case S -> insn.mode == CodeMode.CODE64 ? 80 : 48;
            case V_MW -> inMemory ? 16 : insn.operandSizeAttribute();
            case D_MB -> inMemory ? 8 : 32;
            case D_MW -> inMemory ? 16 : 32;
            default -> width.bits;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
