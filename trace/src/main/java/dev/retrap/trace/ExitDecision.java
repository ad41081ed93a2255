package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import java.util.List;
import java.util.OptionalLong;

/**
 * Why the kernel left by the fast exit instruction (SYSEXIT, SYSRET) or by IRET: the state in which the decision was
 * taken, and each thing that the variant's test looks at.
 *
 * @param style which test
 * @param position position of the decision
 * @param ptRegs {@code pt_regs} at that moment
 * @param threadFlags {@code thread_info.flags} at that moment, if the kernel tells
 * @param conditions what is tested, in the kernel's order; empty if nothing is
 * @param verdict the test's result: true, hence a fast exit, if there are conditions and all hold
 * @param taken the exit instruction that followed; null if the recording ends before it
 */
public record ExitDecision(
        Style style,
        long position,
        PtRegs ptRegs,
        OptionalLong threadFlags,
        List<Condition> conditions,
        boolean verdict,
        Crossing.Kind taken) {

    /** The kinds of test; ordinals are the numbers in the guest kernels' probe table. */
    public enum Style {
        /** None: this way out always takes IRET. */
        UNCONDITIONAL,
        /** Thread flags against {@code _TIF_ALLWORK_MASK}: Linux up to v4.3. */
        THREAD_FLAGS,
        /** The opportunistic test over {@code pt_regs}: {@code do_fast_syscall_32}, v4.4 and later. */
        PT_REGS,
        /** Whether SYSRET restores the same as IRET, the end of all slow returns of a 64-bit kernel: entry_64.S, v4.0. */
        SYSRET64
    }

    /**
     * One thing tested.
     *
     * @param id stable name: {@code sep cs ss ip rf tf vm}, {@code work}, or {@code rcx canonical r11}
     * @param tested what must hold, with numbers, e.g. {@code ip == landing pad 0xb7fff429}
     * @param actual what was found, e.g. {@code 0x08049020}
     * @param holds whether it does
     */
    public record Condition(String id, String tested, String actual, boolean holds) {}

    public ExitDecision {
        conditions = List.copyOf(conditions);
    }

    /** Whether the exit taken is the one that the test asks for; true if none is known. */
    public boolean consistent() {
        return taken == null || verdict == (taken == Crossing.Kind.SYSEXIT || taken == Crossing.Kind.SYSRET);
    }
}
