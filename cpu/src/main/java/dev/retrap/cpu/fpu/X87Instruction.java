package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;

/**
 * What all x87 instructions but the control instructions have in common: they wait for pending exceptions, work on the
 * stack, and leave their address, operand address and opcode behind (SDM vol. 1, 8.1.8, 8.6).
 */
abstract class X87Instruction implements Exec {
    final Result r = new Result();
    private final int opcode;
    private final Pointers pointers;

    X87Instruction(Insn i, Pointers pointers) {
        opcode = Pointers.opcode(i);
        this.pointers = pointers;
    }

    @Override
    public final void exec(Cpu c, Insn i) {
        if (!Availability.waiting(c, i)) {
            return;
        }
        FpuState f = c.fpu;
        execute(c, f, i);
        pointers.record(c, f, i, opcode);
    }

    /** Does the work; a memory access that may fault comes before any change. */
    abstract void execute(Cpu c, FpuState f, Insn i);
}
