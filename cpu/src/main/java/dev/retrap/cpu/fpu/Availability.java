package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.isa.Insn;

/** What stands before an x87 instruction: #NM, and exceptions that an earlier one left pending (SDM vol. 3, 2.5). */
final class Availability {
    private Availability() {}

    /** Before an instruction that does not wait (FNINIT, FNSTSW ...): raises #NM. */
    static void noWait(Cpu c) {
        if ((c.cr0 & (Cpu.CR0_EM | Cpu.CR0_TS)) != 0) {
            throw c.fault(Fault.NM);
        }
    }

    /** Before all others: raises #NM, then #MF; false if the instruction is not to be executed now. */
    static boolean waiting(Cpu c, Insn i) {
        noWait(c);
        return (c.fpu.status & Status.ES) == 0 || pending(c, i);
    }

    /** FWAIT: raises #NM only if CR0.MP and CR0.TS are both set (SDM vol. 3, table 2-2). */
    static void fwait(Cpu c, Insn i) {
        if ((c.cr0 & (Cpu.CR0_MP | Cpu.CR0_TS)) == (Cpu.CR0_MP | Cpu.CR0_TS)) {
            throw c.fault(Fault.NM);
        }
        if ((c.fpu.status & Status.ES) != 0) {
            pending(c, i);
        }
    }

    /**
     * An unmasked exception is pending. With CR0.NE it is #MF. Without (SDM vol. 1, D.2.1), the processor drives FERR#,
     * which is IRQ 13, and freezes just before the instruction until an interrupt comes, which then returns to it: a
     * step that leaves RIP where it is and waits as HLT does. If IGNNE# is asserted it goes on as if nothing were.
     */
    static boolean pending(Cpu c, Insn i) {
        if ((c.cr0 & Cpu.CR0_NE) != 0) {
            throw c.fault(Fault.MF);
        }
        if (!c.alone) {
            throw c.resync();
        }
        if (c.devices.ignoresNumericError()) {
            return true;
        }
        freeze(c);
        c.rip = i.ip;
        return false;
    }

    /** Drives FERR# and waits for an interrupt. */
    static void freeze(Cpu c) {
        c.devices.numericError(c.nanosInInsn());
        c.halted = true;
        c.attention();
    }
}
