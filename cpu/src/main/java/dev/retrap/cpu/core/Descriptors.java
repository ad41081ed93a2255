package dev.retrap.cpu.core;

/**
 * Descriptor tables: reading descriptors and loading segment registers with the checks of SDM vol. 3, 5.4-5.6 and
 * vol. 2, MOV.
 */
public final class Descriptors {
    private Descriptors() {}

    /**
     * The descriptor a selector names.
     *
     * @param vector exception to raise if it is outside its table, with the selector as error code
     * @param ext 1 if the event is external to the program (error code bit 0)
     */
    public static long read(Cpu c, int selector, int vector, int ext) {
        boolean local = (selector & 4) != 0;
        if (local && (c.attr[Seg.LDTR] & Seg.UNUSABLE) != 0) {
            throw c.fault(vector, selector & 0xFFFC | ext);
        }
        long base = local ? c.base[Seg.LDTR] : c.gdtrBase;
        int limit = local ? c.limit[Seg.LDTR] : c.gdtrLimit;
        int at = selector & 0xFFF8;
        if (Integer.compareUnsigned(at + 7, limit) > 0) {
            throw c.fault(vector, selector & 0xFFFC | ext);
        }
        return c.mmu.systemLoad(c.paging.wrap(base + at), 8);
    }

    /** The second half (bytes 8..15) of a 16-byte system descriptor of long mode. */
    public static long readUpper(Cpu c, int selector, int vector, int ext) {
        boolean local = (selector & 4) != 0;
        int limit = local ? c.limit[Seg.LDTR] : c.gdtrLimit;
        int at = selector & 0xFFF8;
        if (Integer.compareUnsigned(at + 15, limit) > 0) {
            throw c.fault(vector, selector & 0xFFFC | ext);
        }
        return c.mmu.systemLoad((local ? c.base[Seg.LDTR] : c.gdtrBase) + at + 8, 8);
    }

    /** Writes back the descriptor's type byte with {@code set} bits added (accessed, busy), if they are not there yet. */
    public static void mark(Cpu c, int selector, long descriptor, int set) {
        int type = (int) (descriptor >>> 40) & 0xFF;
        if ((type & set) != set) {
            storeType(c, selector, type | set);
        }
    }

    /** Writes the descriptor's type byte (bits 47:40). */
    public static void storeType(Cpu c, int selector, int type) {
        long base = (selector & 4) != 0 ? c.base[Seg.LDTR] : c.gdtrBase;
        c.mmu.systemStore(c.paging.wrap(base + (selector & 0xFFF8) + 5), type, 1);
    }

    /** Attribute word of a descriptor, as {@link Cpu#attr} keeps it. */
    public static int attr(long descriptor) {
        return Seg.attrOf((int) (descriptor >>> 32));
    }

    /**
     * Fills a segment register from a descriptor; no checks. The accessed bit is taken as set.
     *
     * @return false if all but the selector was so before: then nothing that is derived from it changes
     */
    public static boolean fill(Cpu c, int seg, int selector, long descriptor) {
        int low = (int) descriptor;
        int high = (int) (descriptor >>> 32);
        long base = Seg.baseOf(low, high);
        int limit = Seg.limitOf(low, high);
        int attr = Seg.attrOf(high) | ((high & 1 << 12) != 0 ? Seg.ACCESSED : 0);
        c.sel[seg] = selector & 0xFFFF;
        if (c.base[seg] == base && c.limit[seg] == limit && c.attr[seg] == attr) {
            return false;
        }
        c.base[seg] = base;
        c.limit[seg] = limit;
        c.attr[seg] = attr;
        return true;
    }

    /** A segment register with a null selector: not usable for access. */
    public static void fillNull(Cpu c, int seg, int selector) {
        c.sel[seg] = selector & 0xFFFF;
        if (c.model.behaviour().nullSelectorClearsBase()) {
            c.base[seg] = 0;
            c.limit[seg] = 0;
        }
        c.attr[seg] = Seg.UNUSABLE | c.attr[seg] & Seg.DB;
    }

    /** Real-mode and virtual-8086 load: base from the selector. */
    public static void fillReal(Cpu c, int seg, int selector) {
        c.sel[seg] = selector & 0xFFFF;
        c.base[seg] = (selector & 0xFFFFL) << 4;
        if (c.v86()) {
            c.limit[seg] = 0xFFFF;
            c.attr[seg] = Seg.P | Seg.DPL | Seg.S | Seg.RW | Seg.ACCESSED;
        } else if (seg == Seg.CS) {
            c.attr[seg] = Seg.P | Seg.S | Seg.RW | Seg.ACCESSED | c.attr[seg] & Seg.DB;
        } else {
            c.attr[seg] &= ~Seg.UNUSABLE;
            c.attr[seg] |= Seg.P | Seg.S | Seg.RW | Seg.ACCESSED;
        }
    }

    /** Loads ES, SS, DS, FS or GS as MOV does, in any mode. */
    public static void load(Cpu c, int seg, int selector) {
        if (!c.isProtected()) {
            fillReal(c, seg, selector);
            c.segmentLoaded(seg);
        } else if (seg == Seg.SS) {
            loadStack(c, selector);
            c.segmentLoaded(seg);
        } else if (loadData(c, seg, selector)) {
            c.segmentLoaded(seg);
        }
    }

    private static void loadStack(Cpu c, int selector) {
        int rpl = selector & 3;
        if ((selector & 0xFFFC) == 0) {
            if (c.mode64() && c.cpl < 3 && rpl == c.cpl) {
                nullStack(c, selector);
                return;
            }
            throw c.gp(0);
        }
        long d = read(c, selector, Fault.GP, 0);
        int a = attr(d);
        boolean writableData = (a & (Seg.S | Seg.CODE | Seg.RW)) == (Seg.S | Seg.RW);
        if (rpl != c.cpl || !writableData || Seg.dpl(a) != c.cpl) {
            throw c.gp(selector & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.SS, selector & 0xFFFC);
        }
        mark(c, selector, d, Seg.ACCESSED);
        fill(c, Seg.SS, selector, d);
    }

    /** SS with a null selector as 64-bit mode allows it at CPL 0..2. */
    public static void nullStack(Cpu c, int selector) {
        c.sel[Seg.SS] = selector & 0xFFFF;
        c.attr[Seg.SS] = Seg.UNUSABLE | c.cpl << 5;
    }

    /** True if more than the selector may have changed. */
    private static boolean loadData(Cpu c, int seg, int selector) {
        if ((selector & 0xFFFC) == 0) {
            fillNull(c, seg, selector);
            return true;
        }
        long d = read(c, selector, Fault.GP, 0);
        int a = attr(d);
        boolean code = (a & Seg.CODE) != 0;
        if ((a & Seg.S) == 0 || code && (a & Seg.RW) == 0) {
            throw c.gp(selector & 0xFFFC);
        }
        boolean conforming = code && (a & Seg.DC) != 0;
        if (!conforming && ((selector & 3) > Seg.dpl(a) || c.cpl > Seg.dpl(a))) {
            throw c.gp(selector & 0xFFFC);
        }
        if ((a & Seg.P) == 0) {
            throw c.fault(Fault.NP, selector & 0xFFFC);
        }
        mark(c, selector, d, Seg.ACCESSED);
        return fill(c, seg, selector, d);
    }

    /** Sets CS and CPL from a checked code descriptor; the RPL of the selector becomes {@code cpl}. */
    public static void fillCode(Cpu c, int selector, long descriptor, int cpl) {
        mark(c, selector, descriptor, Seg.ACCESSED);
        setCode(c, selector, descriptor, cpl);
    }

    /** {@link #fillCode} without the accessed bit's write. */
    public static void setCode(Cpu c, int selector, long descriptor, int cpl) {
        fill(c, Seg.CS, selector & 0xFFFC | cpl, descriptor);
        c.cpl = cpl;
        c.codeAndStackChanged();
    }
}
