package dev.retrap.cpu.engine.compile;

/** Which of flagRes and flagAux something may still depend on after each instruction of a block. */
final class Liveness {
    private Liveness() {}

    /**
     * Sets of {@link Inlined#RES} and {@link Inlined#AUX} by instruction. A fault and a handler see all flags, and so
     * does what follows the block.
     *
     * @param inlined how the instructions are written, null for a handler call
     */
    static int[] after(Inlined[] inlined) {
        int[] live = new int[inlined.length];
        int now = Inlined.BOTH;
        for (int n = inlined.length - 1; n >= 0; n--) {
            live[n] = now;
            Inlined x = inlined[n];
            now = x == null || x.faults() ? Inlined.BOTH : now & ~x.sets() | x.reads();
        }
        return live;
    }
}
