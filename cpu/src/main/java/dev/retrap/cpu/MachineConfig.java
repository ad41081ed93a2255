package dev.retrap.cpu;

/**
 * All that a machine's behaviour depends on beside its boot image and its inputs (design, invariant 1).
 *
 * @param cpu the processor model
 * @param ramBytes size of RAM, a multiple of 4096, 1 MiB..2 GiB
 */
public record MachineConfig(CpuModel cpu, long ramBytes) {
    /** 32 MiB, enough for the fixture kernels. */
    public static final long DEFAULT_RAM = 32L << 20;

    public MachineConfig {
        if (ramBytes < 1 << 20 || ramBytes > 2L << 30 || (ramBytes & 4095) != 0) {
            throw new IllegalArgumentException(
                    "RAM must be a multiple of 4 KiB from 1 MiB to 2 GiB, not " + ramBytes + " bytes");
        }
    }

    /** The default machine with a model. */
    public static MachineConfig of(CpuModel cpu) {
        return new MachineConfig(cpu, DEFAULT_RAM);
    }
}
