package dev.retrap.cpu;

/**
 * A place in guest code at which {@link MachineObserver#probe} is called before the instruction there runs.
 *
 * @param address linear address
 */
public record ProbePoint(long address) {}
