package dev.retrap.cpu;

/**
 * Watches a machine run. Called on the thread that runs it, between two steps; must not change the machine. Nothing a
 * guest can see depends on whether there is an observer.
 */
public interface MachineObserver {
    /** False if {@link #crossing} need not be called, which saves the machine from collecting all registers. */
    default boolean wantsCrossings() {
        return true;
    }

    /** The boundary was crossed; {@code c} is valid during the call only. */
    default void crossing(Crossing c) {}

    /**
     * Execution has reached a probe (see {@link Machine#setProbes}); the instruction there has not run yet.
     *
     * @param index index of the probe in the list given to the machine
     * @param machine the machine, at {@link Machine#position()} of the instruction about to run
     */
    default void probe(int index, Machine machine) {}

    /** The guest sent a byte to its serial console (COM1). */
    default void console(int octet) {}

    /**
     * The guest reached an instruction or feature this machine does not have (yet); the guest gets #UD.
     *
     * @param position position of the instruction
     * @param ip offset of the instruction in CS
     * @param bytes the instruction's bytes
     * @param what one line that names it, e.g. {@code "rdrand eax (RDRAND) in 32-bit code of zen is not
     *     implemented"}
     */
    default void unsupported(long position, long ip, byte[] bytes, String what) {}
}
