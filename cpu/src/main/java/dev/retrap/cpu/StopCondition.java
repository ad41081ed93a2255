package dev.retrap.cpu;

/**
 * Asked by {@link Machine#run} whether to stop where a breakpoint or a watch says so. It must not change the machine, or
 * run it; it may look at everything.
 */
public interface StopCondition {
    /**
     * The next instruction is at a breakpoint.
     *
     * @param address its linear address
     * @return false to run on
     */
    default boolean atBreakpoint(Machine machine, long address) {
        return true;
    }

    /**
     * The step just done touched a watched range; parameters as in {@link Stop.Watchpoint}.
     *
     * @return false to run on
     */
    default boolean afterAccess(Machine machine, Watch watch, long address, boolean write) {
        return true;
    }
}
