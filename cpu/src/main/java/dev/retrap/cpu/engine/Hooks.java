package dev.retrap.cpu.engine;

import java.util.Arrays;
import java.util.Collection;

/** Addresses at which execution has to be looked at: breakpoints and probes. */
final class Hooks {
    private long[] breakpoints = {};
    private long[] probes = {};
    /** Index in the list given, by position in {@link #probes}. */
    private int[] probeIndex = {};

    /** True if anything is at a linear address. */
    boolean at(long la) {
        return Arrays.binarySearch(breakpoints, la) >= 0 || Arrays.binarySearch(probes, la) >= 0;
    }

    boolean breakpoint(long la) {
        return Arrays.binarySearch(breakpoints, la) >= 0;
    }

    /** Numbers of the probes at an address, in order; null if there are none. */
    int[] probesAt(long la) {
        int from = Arrays.binarySearch(probes, la);
        if (from < 0) {
            return null;
        }
        int to = from;
        while (from > 0 && probes[from - 1] == la) {
            from--;
        }
        while (to < probes.length && probes[to] == la) {
            to++;
        }
        return Arrays.copyOfRange(probeIndex, from, to);
    }

    long[] breakpoints() {
        return breakpoints;
    }

    long[] probes() {
        return probes;
    }

    void setBreakpoints(Collection<Long> addresses) {
        breakpoints = addresses.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
    }

    void setProbes(long[] addresses) {
        Integer[] order = new Integer[addresses.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(addresses[a], addresses[b]));
        probes = new long[addresses.length];
        probeIndex = new int[addresses.length];
        for (int i = 0; i < order.length; i++) {
            probes[i] = addresses[order[i]];
            probeIndex[i] = order[i];
        }
    }
}
