package dev.retrap.cpu;

/**
 * What a span of a run touched, as a superset: whatever is not in it was not touched. Writes are known by lines of 64
 * bytes, code by lines of 16, reads by pages. The walks of page tables that translations make are reads and writes of no
 * linear page.
 *
 * @param code linear addresses from which instructions were executed, in lines of {@link #CODE_LINE} bytes
 * @param written linear pages that were written, by whatever address space's linear addresses
 * @param writtenPhysical page frames that were written, whichever way, A and D bits of page tables included
 * @param read linear pages that were read or written; all lines of them
 * @param readPhysical page frames that were read or written; all lines of them
 */
public record Footprint(
        PageLines code, PageLines written, PageLines writtenPhysical, PageLines read, PageLines readPhysical) {
    /** Bytes of a line of code: what compilers align functions to. */
    public static final int CODE_LINE = 16;

    /** An empty one. */
    public Footprint() {
        this(new PageLines(63, CODE_LINE), new PageLines(), new PageLines(), new PageLines(), new PageLines());
    }

    /** An empty one with room for as much as another has. */
    public static Footprint withRoomOf(Footprint f) {
        return new Footprint(new PageLines(f.code.size(), CODE_LINE), new PageLines(f.written.size(), 64),
                new PageLines(f.writtenPhysical.size(), 64), new PageLines(f.read.size(), 64),
                new PageLines(f.readPhysical.size(), 64));
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
