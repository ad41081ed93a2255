package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/**
 * What all x87 instructions but the control instructions have in common: they wait for pending exceptions, work on the
 * stack, and leave their address, operand address and opcode behind (SDM vol. 1, 8.1.8, 8.6).
 */
abstract class X87Instruction implements Exec {
    final Result r = new Result();
    final X87Behaviour behaviour;
    private final int opcode;

    X87Instruction(Insn i, X87Behaviour behaviour) {
        this.behaviour = behaviour;
        // The low three bits of the escape, and ModRM.
        opcode = (i.byteAt(i.prefixLength) & 7) << 8 | i.byteAt(i.prefixLength + 1);
    }

    @Override
    public final void exec(Cpu c, Insn i) {
        if (!Availability.waiting(c, i)) {
            return;
        }
        FpuState f = c.fpu;
        boolean before = (f.status & Status.ES) != 0;
        execute(c, f, i);
        boolean exception = (f.status & Status.ES) != 0;
        if (exception && !before && c.devices.ignoresNumericError()) {
            c.devices.numericErrorOver();
        }
        f.ip = i.ip;
        f.cs = behaviour.selectorsZero() ? 0 : c.sel[Seg.CS];
        if (exception || !behaviour.opcodeOfExceptionsOnly()) {
            f.opcode = opcode;
        }
        if (i.memAt >= 0 && (exception || !behaviour.operandOfExceptionsOnly())) {
            f.dp = c.ea(i);
            f.ds = behaviour.selectorsZero() ? 0 : c.sel[i.seg];
        }
    }

    /** Does the work; a memory access that may fault comes before any change. */
    abstract void execute(Cpu c, FpuState f, Insn i);
}
