package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;

/**
 * The flags that the manuals leave undefined after one execution: what the table says of the form, less what the count
 * of a shift or rotate defines after all (SDM vol. 2, SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR, SHLD, SHRD).
 */
final class Undefined {
    private Undefined() {}

    static int flags(Insn insn, State initial, Outcome outcome) {
        if (!outcome.completed()) {
            return 0;
        }
        int undefined = insn.form.undefined();
        return switch (insn.op) {
            case SHL, SHR, SAR, ROL, ROR, RCL, RCR -> switch (count(insn, initial)) {
                case 0 -> 0;
                case 1 -> undefined & ~Flags.OF;
                default -> undefined;
            };
            case SHLD, SHRD -> {
                int count = count(insn, initial);
                yield count == 0 ? 0 : count == 1 ? undefined & ~Flags.OF : count > insn.opSize ? Flags.ARITH : undefined;
            }
            default -> undefined;
        };
    }

    private static int count(Insn insn, State initial) {
        boolean cl = insn.form.operands().getLast().text().equals("CL");
        long count = cl ? initial.gpr[1] : insn.imm;
        return (int) count & (insn.opSize == 64 ? 63 : 31);
    }
}
