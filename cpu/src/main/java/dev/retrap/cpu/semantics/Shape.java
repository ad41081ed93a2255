package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;

/** Where the two operands of an instruction are. */
final class Shape {
    private Shape() {}

    /**
     * The handler for an instruction's operands.
     *
     * @param rr register, register
     * @param ri register, immediate
     * @param rm register, memory
     * @param mr memory, register
     * @param mi memory, immediate
     */
    static Exec select(Insn i, Exec rr, Exec ri, Exec rm, Exec mr, Exec mi) {
        return switch (i.memAt) {
            case -1 -> i.r1 >= 0 ? rr : ri;
            case 0 -> i.r1 >= 0 ? mr : mi;
            default -> rm;
        };
    }
}
