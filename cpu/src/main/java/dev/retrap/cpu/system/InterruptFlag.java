package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** CLI, STI, HLT, CLAC, STAC (SDM vol. 2). */
final class InterruptFlag {
    private InterruptFlag() {}

    static void cli(Cpu c, Insn i) {
        if (c.protectedMode() && c.iopl() < c.cpl) {
            boolean virtual = c.cpl == 3 && (c.cr4 & (c.v86() ? Cpu.CR4_VME : Cpu.CR4_PVI)) != 0;
            if (!virtual) {
                throw c.gp(0);
            }
            c.flagRest &= ~Flags.VIF;
            return;
        }
        c.flagRest &= ~Flags.IF;
    }

    static void sti(Cpu c, Insn i) {
        if (c.protectedMode() && c.iopl() < c.cpl) {
            boolean virtual = c.cpl == 3 && (c.cr4 & (c.v86() ? Cpu.CR4_VME : Cpu.CR4_PVI)) != 0;
            if (!virtual || c.flag(Flags.VIP)) {
                throw c.gp(0);
            }
            c.flagRest |= Flags.VIF;
            return;
        }
        if (!c.flag(Flags.IF)) {
            c.flagRest |= Flags.IF;
            c.inhibitAt = c.position;
            c.inhibitDebug = false;
            if (c.devices.intr()) {
                c.attention();
            }
        }
    }

    static void hlt(Cpu c, Insn i) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
        c.halted = true;
        c.attention();
    }

    static void accessFlag(Cpu c, Insn i) {
        if (c.cpl != 0) {
            throw c.fault(Fault.UD);
        }
        if (i.op == Op.STAC) {
            c.flagRest |= Flags.AC;
        } else {
            c.flagRest &= ~Flags.AC;
        }
        c.modeChanged();
    }
}
