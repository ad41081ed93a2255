package dev.retrap.cpu;

/**
 * What a span of a run touched, as a superset: whatever is not in it was not touched. Pages are numbers of 4 KiB pages;
 * of code and of writes also the lines of 64 bytes in them are known, as a mask with bit {@code n} for bytes
 * {@code 64n..64n+63}. The walks of page tables that translations make are reads and writes of no linear page.
 *
 * @param code linear pages from which instructions were executed
 * @param written linear pages that were written, by whatever address space's linear addresses
 * @param writtenPhysical page frames that were written, whichever way, A and D bits of page tables included
 * @param read linear pages that were read; all lines of them
 * @param readPhysical page frames that were read; all lines of them
 */
public record Footprint(
        PageLines code, PageLines written, PageLines writtenPhysical, PageLines read, PageLines readPhysical) {
    /** An empty one. */
    public Footprint() {
        this(new PageLines(), new PageLines(), new PageLines(), new PageLines(), new PageLines());
    }

    /** True if an instruction at a linear address may have been executed. */
    public boolean mayExecute(long linear) {
        return code.touches(linear, 1);
    }

    /** True if an access that a watch is for may have been made. */
    public boolean mayTouch(Watch w) {
        boolean physical = w.space() == Watch.Space.PHYSICAL;
        return w.counts(true) && (physical ? writtenPhysical : written).touches(w.address(), w.length())
                || w.counts(false) && (physical ? readPhysical : read).touches(w.address(), w.length());
    }

    /** Makes it empty. */
    public void clear() {
        code.clear();
        written.clear();
        writtenPhysical.clear();
        read.clear();
        readPhysical.clear();
    }
}
