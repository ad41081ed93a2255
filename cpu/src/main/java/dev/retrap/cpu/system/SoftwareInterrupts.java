package dev.retrap.cpu.system;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.transfer.Interrupts;

/** INT n, INT3, INTO, INT1 (SDM vol. 2, INT n/INTO/INT3/INT1). */
final class SoftwareInterrupts {
    private SoftwareInterrupts() {}

    static void intN(Cpu c, Insn i) {
        if (c.v86() && c.iopl() < 3) {
            if ((c.cr4 & Cpu.CR4_VME) != 0 && redirected(c, (int) i.imm & 0xFF)) {
                redirect(c, i);
                return;
            }
            throw c.gp(0);
        }
        deliver(c, i, Crossing.Kind.INT_N, (int) i.imm & 0xFF);
    }

    static void int3(Cpu c, Insn i) {
        deliver(c, i, Crossing.Kind.INT3, Fault.BP);
    }

    static void into(Cpu c, Insn i) {
        if (Flags.of(c.flagAux)) {
            deliver(c, i, Crossing.Kind.INTO, Fault.OF);
        }
    }

    static void int1(Cpu c, Insn i) {
        deliver(c, i, Crossing.Kind.ICEBP, Fault.DB);
    }

    private static void deliver(Cpu c, Insn i, Crossing.Kind kind, int vector) {
        Interrupts.deliver(c, kind, vector, false, 0, i.ip, i.next, c.eflags() & ~Flags.RF, c.position - 1);
    }

    /** The interrupt redirection bitmap below the I/O bitmap says: handle in virtual-8086 mode (SDM vol. 3, 20.3.3). */
    private static boolean redirected(Cpu c, int vector) {
        long tss = c.base[dev.retrap.cpu.core.Seg.TR];
        int bitmap = (int) c.mmu.systemLoad(c.paging.wrap(tss + 0x66), 2);
        int octet = (int) c.mmu.systemLoad(c.paging.wrap(tss + bitmap - 32 + vector / 8), 1);
        return (octet & 1 << (vector & 7)) == 0;
    }

    private static void redirect(Cpu c, Insn i) {
        long entry = c.mmu.loadAs(((int) i.imm & 0xFF) * 4L, 4, true);
        int image = c.eflags() & ~Flags.IOPL | Flags.IOPL;
        image = c.flag(Flags.VIF) ? image | Flags.IF : image & ~Flags.IF;
        long sp = c.sp();
        c.st16(2, sp - 2 & 0xFFFF, image);
        c.st16(2, sp - 4 & 0xFFFF, c.sel[1]);
        c.st16(2, sp - 6 & 0xFFFF, (int) i.next);
        c.sp(sp - 6);
        dev.retrap.cpu.core.Descriptors.fillReal(c, 1, (int) (entry >>> 16) & 0xFFFF);
        c.flagRest &= ~(Flags.VIF | Flags.TF);
        c.modeChanged();
        c.rip = entry & 0xFFFF;
    }
}
