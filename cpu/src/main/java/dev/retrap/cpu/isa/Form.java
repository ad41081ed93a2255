package dev.retrap.cpu.isa;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One row of the instruction table: an encoding and what is known of it. Masks of flags are of EFLAGS bits (SDM vol. 1,
 * 3.4.3); appendix A of SDM vol. 1 is the source of the flag columns.
 *
 * @param id dense number, 0..count-1, in table order; 0 is {@link #UNDEFINED}
 * @param encoding where it stands in the opcode maps
 * @param op operation
 * @param mnemonic spelling for the disassembler, in lower case, without size suffix
 * @param operands 0..4 operands in Intel order, the destination first
 * @param attributes set of {@code Form.LOCKABLE} ... bits
 * @param modifies flags set according to the result
 * @param clears flags that always become 0
 * @param sets flags that always become 1
 * @param undefined flags left undefined by the manuals
 * @param tests flags the instruction depends on
 * @param feature what must be present for the form to exist
 * @param fallback form that the same bytes are on a processor without the feature, or null if they raise #UD there:
 *     F3 0F BC is BSF without BMI1, ENDBR64 a reserved NOP without CET
 */
public record Form(int id, Encoding encoding, Op op, String mnemonic, List<Operand> operands, int attributes,
        int modifies, int clears, int sets, int undefined, int tests, Feature feature, Form fallback) {

    /** Attribute: LOCK is allowed with a memory destination. */
    public static final int LOCKABLE = 1;
    /** Attribute: CPL must be 0 (#GP otherwise). */
    public static final int PRIVILEGED = 1 << 1;
    /** Attribute: sensitive to IOPL or the I/O permission map. */
    public static final int IOPL = 1 << 2;
    /** Attribute: operand size defaults to 64 in 64-bit mode, 66 makes it 16 (manual: d64). */
    public static final int DEFAULT64 = 1 << 3;
    /** Attribute: operand size is 64 in 64-bit mode whatever the prefixes (manual: f64). */
    public static final int FORCE64 = 1 << 4;
    /** Attribute: undefined in 64-bit mode (manual: i64). */
    public static final int INVALID64 = 1 << 5;
    /** Attribute: exists only in 64-bit mode (manual: o64). */
    public static final int ONLY64 = 1 << 6;
    /** Attribute: transfers control, always or on a condition. */
    public static final int BRANCH = 1 << 7;
    /**
     * Attribute: may change the state that later instructions are decoded, translated or interrupted by (mode, CS,
     * paging, IF, TLB, address space), or stops the processor.
     */
    public static final int STATE = 1 << 8;
    /** Attribute: F3 repeats it (MOVS, STOS, LODS, INS, OUTS); F2 does the same. */
    public static final int REP = 1 << 9;
    /** Attribute: F3 and F2 repeat it while equal, not equal (CMPS, SCAS). */
    public static final int REPE = 1 << 10;
    /** Attribute: always undefined, raises #UD by definition (UD0, UD1, UD2). */
    public static final int UD = 1 << 11;
    /** Attribute: not in real or virtual-8086 mode (#UD there). */
    public static final int PROTECTED = 1 << 12;
    /** Attribute: operand size is 32, or 64 in 64-bit mode, whatever the prefixes (MOV to and from CR and DR). */
    public static final int MODE_SIZE = 1 << 13;
    /** Attribute: 66, F2 and F3 raise #UD (manual: NP) although they do not select another form. */
    public static final int NO_PREFIX = 1 << 14;
    /** Attribute: the operand size is that of the source, operand 1 (CRC32). */
    public static final int SOURCE_SIZE = 1 << 15;
    /** Attribute: takes every encoding of the opcode that no other form takes (the reserved NOPs). */
    public static final int REST = 1 << 16;
    /** Attribute: reserved by the manuals but executed by processors (SALC, aliases of x87 instructions). */
    public static final int UNDOCUMENTED = 1 << 17;

    /** EFLAGS.CF. */
    public static final int CF = 1;
    /** EFLAGS.PF. */
    public static final int PF = 1 << 2;
    /** EFLAGS.AF. */
    public static final int AF = 1 << 4;
    /** EFLAGS.ZF. */
    public static final int ZF = 1 << 6;
    /** EFLAGS.SF. */
    public static final int SF = 1 << 7;
    /** EFLAGS.TF. */
    public static final int TF = 1 << 8;
    /** EFLAGS.IF. */
    public static final int IF = 1 << 9;
    /** EFLAGS.DF. */
    public static final int DF = 1 << 10;
    /** EFLAGS.OF. */
    public static final int OF = 1 << 11;
    /** EFLAGS.IOPL. */
    public static final int IOPL_MASK = 3 << 12;
    /** EFLAGS.NT. */
    public static final int NT = 1 << 14;
    /** EFLAGS.RF. */
    public static final int RF = 1 << 16;
    /** EFLAGS.VM. */
    public static final int VM = 1 << 17;
    /** EFLAGS.AC. */
    public static final int AC = 1 << 18;
    /** EFLAGS.VIF. */
    public static final int VIF = 1 << 19;
    /** EFLAGS.VIP. */
    public static final int VIP = 1 << 20;
    /** EFLAGS.ID. */
    public static final int ID = 1 << 21;

    /** The row of every undefined encoding. */
    public static final Form UNDEFINED = new Form(0,
            new Encoding(OpcodeMap.ONE_BYTE, false, -1, -1, Encoding.ANY_PREFIX, false, Encoding.Mod.ANY, -1, -1,
                    -1, -1), Op.INVALID, "(bad)", List.of(), BRANCH, 0, 0, 0, 0, 0, Feature.I386, null);

    /** Copies the operands. */
    public Form {
        operands = List.copyOf(operands);
    }

    /** {@return true if the form has all bits of the attribute} */
    public boolean has(int attribute) {
        return (attributes & attribute) == attribute;
    }

    /** {@return true if a block of straight-line code ends with this instruction} */
    public boolean endsBlock() {
        return (attributes & (BRANCH | STATE)) != 0;
    }

    /** {@return the operand as specified, by position 0..3} */
    public Operand operand(int position) {
        return operands.get(position);
    }

    /** {@return every flag that the instruction may change, undefined ones included} */
    public int writes() {
        return modifies | clears | sets | undefined;
    }

    /** {@return the mnemonic and operands, such as {@code add Ev,Gv}} */
    @Override
    public String toString() {
        return operands.isEmpty() ? mnemonic
                : mnemonic + ' ' + operands.stream().map(Operand::text).collect(Collectors.joining(","));
    }
}
