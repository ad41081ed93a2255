package dev.retrap.cpu.isa;

/**
 * Where a form stands in the opcode maps. A constraint that is not there is -1 or ANY.
 *
 * @param map opcode map
 * @param vex true if reached through a VEX prefix
 * @param opcode first opcode byte, 0..255
 * @param opcodeLast last opcode byte; greater than opcode if the low three bits name a register
 * @param prefixes set of {@code Encoding.NP} ... bits: the mandatory prefixes that select the form
 * @param modrm true if a ModRM byte follows the opcode
 * @param mod constraint on ModRM.mod
 * @param reg required ModRM.reg (the manuals' /digit), or -1
 * @param rm required ModRM.rm, or -1
 * @param w required REX.W or VEX.W, or -1
 * @param l required VEX.L, or -1
 */
public record Encoding(OpcodeMap map, boolean vex, int opcode, int opcodeLast, int prefixes, boolean modrm, Mod mod,
        int reg, int rm, int w, int l) {

    /** Prefix set: none of 66, F2, F3. */
    public static final int NP = 1;
    /** Prefix set: 66, and neither F2 nor F3. */
    public static final int P66 = 2;
    /** Prefix set: F3, if it is the last of F2 and F3. */
    public static final int F3 = 4;
    /** Prefix set: F2, if it is the last of F2 and F3. */
    public static final int F2 = 8;
    /** Prefix set: 66, F2 and F3 do not select another form. */
    public static final int ANY_PREFIX = NP | P66 | F3 | F2;

    /** Constraint on ModRM.mod. */
    public enum Mod {
        /** Register or memory. */
        ANY,
        /** mod != 3. */
        MEMORY,
        /** mod == 3. */
        REGISTER
    }

    /** {@return true if 66 selects this form and so does not set its operand size} */
    public boolean mandatory66() {
        return prefixes == P66;
    }
}
