package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.memory.Paging;

/** What of an outcome is the instruction's and what is the surroundings': applied to both sides alike. */
final class Normal {
    /** First linear address that Linux never gives to user mode (TASK_SIZE_MAX). */
    private static final long TASK_SIZE_MAX = 0x00007FFFFFFFF000L;

    /** Flags that are compared. RF is the delivery's doing; VIF and VIP never change in user mode here. */
    static final int FLAGS = Flags.ARITH | Flags.TF | Flags.IF | Flags.DF | Flags.IOPL | Flags.NT | Flags.AC | Flags.ID;

    private Normal() {}

    /**
     * An error code as compared. Linux sets P for the kernel's addresses, to hide its layout
     * (arch/x86/mm/fault.c, set_signal_archinfo).
     */
    static int error(int vector, int error, long cr2) {
        return vector == Fault.PF && Long.compareUnsigned(cr2, TASK_SIZE_MAX) >= 0 ? error | Paging.P : error;
    }

    /**
     * A selector as compared. On its way back to user mode the processor makes every null selector 0 (SDM vol. 2, IRET,
     * RETURN-TO-OUTER-PRIVILEGE-LEVEL), before a handler can see it.
     */
    static int selector(int selector) {
        return (selector & 0xFFFC) == 0 ? 0 : selector;
    }
}
