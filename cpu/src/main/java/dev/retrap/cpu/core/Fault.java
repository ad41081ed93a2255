package dev.retrap.cpu.core;

/**
 * An exception of the guest on its way to its handler: one preallocated instance per processor, without stack trace.
 * Vectors are those of SDM vol. 3, table 6-1.
 */
public final class Fault extends RuntimeException {
    public static final int DE = 0, DB = 1, NMI = 2, BP = 3, OF = 4, BR = 5, UD = 6, NM = 7, DF = 8, TS = 10, NP = 11,
            SS = 12, GP = 13, PF = 14, MF = 16, AC = 17, MC = 18, XM = 19;
    /** Not an exception of the guest: the instruction must be run again alone, see {@link Cpu#resync()}. */
    public static final int RESYNC = -1;
    /** Not an exception either: the step is made and over, and its instruction is still the next one. */
    public static final int AGAIN = -2;

    private static final long serialVersionUID = 1;

    /** Vector, {@link #RESYNC} or {@link #AGAIN}. */
    public int vector;
    /** True if an error code belongs to it. */
    public boolean hasError;
    public int error;

    Fault() {
        super(null, null, false, false);
    }

    /** Makes this instance the given exception. */
    public Fault set(int vector, boolean hasError, int error) {
        this.vector = vector;
        this.hasError = hasError;
        this.error = error;
        return this;
    }

    @Override
    public String getMessage() {
        return "guest exception " + vector + (hasError ? " error " + Integer.toHexString(error) : "");
    }
}
