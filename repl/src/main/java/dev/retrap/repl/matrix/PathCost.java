package dev.retrap.repl.matrix;

/**
 * What system calls of one way in and one way out cost the kernel, without what interrupts took.
 *
 * @param path as {@code SYSENTER -> SYSEXIT}
 * @param calls how many there are
 * @param fewest instructions of the shortest
 * @param instructions of all, the exit instruction included
 * @param cycles modelled cycles of all, entry and exit instruction included
 * @param fewestCycles of the cheapest
 */
public record PathCost(String path, long calls, long fewest, long instructions, long cycles, long fewestCycles) {
    PathCost plus(long insns, long cyc) {
        return new PathCost(path, calls + 1, calls == 0 ? insns : Math.min(fewest, insns), instructions + insns,
                cycles + cyc, calls == 0 ? cyc : Math.min(fewestCycles, cyc));
    }

    /** Instructions per call: exact if all are alike, else fewest and mean. */
    String perCall() {
        return fewest * calls == instructions ? String.valueOf(fewest) : fewest + " (mean " + mean(instructions) + ")";
    }

    /** Modelled cycles per call, likewise. */
    String cyclesPerCall() {
        return fewestCycles * calls == cycles ? String.valueOf(fewestCycles)
                : fewestCycles + " (mean " + mean(cycles) + ")";
    }

    private long mean(long sum) {
        return Math.round((double) sum / calls);
    }
}
