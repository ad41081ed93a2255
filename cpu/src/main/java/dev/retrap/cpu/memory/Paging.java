package dev.retrap.cpu.memory;

/**
 * The page-table walk in all paging modes (SDM vol. 3, chapter 4): none, 32-bit, PAE, 4-level. Sets A and D, checks
 * rights, raises #PF through its {@link PageFault}.
 */
public final class Paging {
    /** Raises #PF: sets CR2 and throws. */
    @FunctionalInterface
    public interface PageFault {
        void raise(long linear, int errorCode);
    }

    /** Error-code bits (SDM vol. 3, figure 4-12). */
    public static final int P = 1, W = 2, U = 4, RSVD = 8, I = 16;

    private static final int PTE_P = 1, PTE_W = 2, PTE_U = 4, PTE_A = 0x20, PTE_D = 0x40, PTE_PS = 0x80;
    private static final long PTE_NX = 1L << 63;

    private enum Mode { NONE, BITS32, PAE, LEVEL4 }

    private final PhysicalMemory memory;
    private final PageFault fault;
    private Mmu mmu;

    private Mode mode = Mode.NONE;
    private boolean longMode;
    private boolean pse;
    private boolean wp;
    private boolean nx;
    private boolean smep;
    private boolean gigabytePages;
    private long cr3;
    private long reserved;
    private final long[] pdpte = new long[4];

    /** Raises #GP(0) for an address that is not canonical. */
    @FunctionalInterface
    public interface NonCanonical {
        void raise(long linear);
    }

    private final NonCanonical nonCanonical;

    public Paging(PhysicalMemory memory, PageFault fault, NonCanonical nonCanonical) {
        this.memory = memory;
        this.fault = fault;
        this.nonCanonical = nonCanonical;
    }

    /** The MMU told of the tables used. */
    public void attach(Mmu m) {
        mmu = m;
    }

    /**
     * Takes over the control registers. The caller flushes the TLB.
     *
     * @param physicalBits MAXPHYADDR
     */
    public void configure(long cr0, long cr3Value, long cr4, long efer, int physicalBits) {
        wp = (cr0 & 1 << 16) != 0;
        pse = (cr4 & 1 << 4) != 0;
        smep = (cr4 & 1 << 20) != 0;
        nx = (efer & 1 << 11) != 0;
        longMode = (efer & 1 << 10) != 0;
        cr3 = cr3Value;
        reserved = -1L << physicalBits & 0x000FFFFFFFFFFFFFL;
        mode = (cr0 & 1L << 31) == 0 ? Mode.NONE
                : longMode ? Mode.LEVEL4
                : (cr4 & 1 << 5) != 0 ? Mode.PAE : Mode.BITS32;
    }

    /** Whether an entry of a page-directory-pointer table may map 1 GiB; else its PS bit is reserved (SDM vol. 3, 4.5). */
    public void allowGigabytePages(boolean allow) {
        gigabytePages = allow;
    }

    /** The four PDPTE registers of PAE paging (SDM vol. 3, 4.4.1). */
    public long[] pdptes() {
        return pdpte;
    }

    /**
     * Loads the PDPTE registers from memory as MOV to CR3 does.
     *
     * @return false if one has a reserved bit set (#GP); then none is loaded
     */
    public boolean loadPdptes(long cr3Value) {
        long[] loaded = new long[4];
        for (int i = 0; i < 4; i++) {
            loaded[i] = memory.read64((cr3Value & 0xFFFFFFE0L) + 8L * i);
            if ((loaded[i] & PTE_P) != 0 && (loaded[i] & (reserved | 0xFFF00000000001E6L)) != 0) {
                return false;
            }
        }
        System.arraycopy(loaded, 0, pdpte, 0, 4);
        return true;
    }

    /** True while PAE paging (not 4-level) is on. */
    public boolean pae() {
        return mode == Mode.PAE;
    }

    /** A linear address as the mode has it: 32 bits wide outside long mode. */
    public long wrap(long la) {
        return longMode ? la : la & 0xFFFFFFFFL;
    }

    /**
     * Translates, with all side effects.
     *
     * @param user access with CPL-3 rights
     * @param smap supervisor access that must not touch user pages
     * @return physical address
     */
    public long translate(long la, boolean write, boolean user, boolean fetch, boolean smap) {
        return switch (mode) {
            case NONE -> la & 0xFFFFFFFFL;
            case BITS32 -> walk32(la, write, user, fetch, smap);
            case PAE -> walkPae(la, write, user, fetch, smap);
            case LEVEL4 -> walk4(la, write, user, fetch, smap);
        };
    }

    private long walk32(long la, boolean write, boolean user, boolean fetch, boolean smap) {
        long pdeAt = (cr3 & 0xFFFFF000L) + (la >>> 20 & 0xFFC);
        int pde = memory.read32(pdeAt);
        if ((pde & PTE_P) == 0) {
            raise(la, 0, write, user, fetch);
        }
        table(pdeAt);
        if (pse && (pde & PTE_PS) != 0) {
            // Bit 21 is reserved, bits 20:13 hold address bits 39:32 with PSE-36, which no model here has.
            if ((pde & 0x3FE000) != 0) {
                raise(la, P | RSVD, write, user, fetch);
            }
            rights(la, pde, write, user, fetch, smap);
            mark32(pdeAt, pde, write);
            return pde & 0xFFC00000L | la & 0x3FFFFF;
        }
        mark32(pdeAt, pde, false);
        long pteAt = (pde & 0xFFFFF000L) + (la >>> 10 & 0xFFC);
        int pte = memory.read32(pteAt);
        if ((pte & PTE_P) == 0) {
            raise(la, 0, write, user, fetch);
        }
        rights(la, pde & pte, write, user, fetch, smap);
        table(pteAt);
        mark32(pteAt, pte, write);
        return pte & 0xFFFFF000L | la & 0xFFF;
    }

    private void mark32(long at, int entry, boolean dirty) {
        int marked = entry | PTE_A | (dirty ? PTE_D : 0);
        if (marked != entry) {
            set(at, marked);
        }
    }

    private long walkPae(long la, boolean write, boolean user, boolean fetch, boolean smap) {
        long pdpt = pdpte[(int) (la >>> 30) & 3];
        if ((pdpt & PTE_P) == 0) {
            raise(la, 0, write, user, fetch);
        }
        return walkFrom(2, pdpt & 0x000FFFFFFFFFF000L, ~0L ^ PTE_NX, la, write, user, fetch, smap);
    }

    /** Raises #GP for an access that begins below the canonical hole and reaches into it, before either page is walked. */
    void checkReach(long last) {
        if (mode == Mode.LEVEL4 && last << 16 >> 16 != last) {
            nonCanonical.raise(last);
        }
    }

    private long walk4(long la, boolean write, boolean user, boolean fetch, boolean smap) {
        if (la << 16 >> 16 != la) {
            nonCanonical.raise(la);
        }
        return walkFrom(4, cr3 & 0x000FFFFFFFFFF000L, ~0L ^ PTE_NX, la, write, user, fetch, smap);
    }

    /** Levels of 512 entries of 8 bytes: 4 PML4, 3 PDPT, 2 PD, 1 PT. */
    private long walkFrom(int top, long base, long combined, long la, boolean write, boolean user, boolean fetch,
            boolean smap) {
        long table = base;
        long all = combined;
        boolean noExecute = false;
        for (int level = top; ; level--) {
            int shift = 12 + 9 * (level - 1);
            long at = table + (la >>> shift & 0x1FF) * 8;
            long e = memory.read64(at);
            if ((e & PTE_P) == 0) {
                raise(la, 0, write, user, fetch);
            }
            boolean leaf = level == 1 || level < 4 && level > 1 && (e & PTE_PS) != 0;
            long mustBeZero = reserved | (nx ? 0 : PTE_NX);
            if (level == 4 || level == 3 && !gigabytePages) {
                mustBeZero |= PTE_PS;
            }
            if (leaf && level > 1) {
                mustBeZero |= (1L << shift) - 1 & ~0x1FFFL;
            }
            if (!longMode) {
                mustBeZero |= 0x7FF0000000000000L;
            }
            if ((e & mustBeZero) != 0) {
                raise(la, P | RSVD, write, user, fetch);
            }
            all &= e;
            noExecute |= (e & PTE_NX) != 0;
            table(at);
            if (leaf) {
                if (noExecute && fetch) {
                    raise(la, P, write, user, true);
                }
                rights(la, all, write, user, fetch, smap);
                mark64(at, e, write);
                long offset = (1L << shift) - 1;
                return e & 0x000FFFFFFFFFF000L & ~offset | la & offset;
            }
            mark64(at, e, false);
            table = e & 0x000FFFFFFFFFF000L;
        }
    }

    private void mark64(long at, long entry, boolean dirty) {
        int low = (int) entry | PTE_A | (dirty ? PTE_D : 0);
        if (low != (int) entry) {
            set(at, low);
        }
    }

    private void rights(long la, long entry, boolean write, boolean user, boolean fetch, boolean smap) {
        boolean userPage = (entry & PTE_U) != 0;
        boolean denied = user && !userPage
                || write && (entry & PTE_W) == 0 && (user || wp)
                || !user && userPage && (fetch ? smep : smap);
        if (denied) {
            raise(la, P, write, user, fetch);
        }
    }

    private void raise(long la, int bits, boolean write, boolean user, boolean fetch) {
        int error = bits | (write ? W : 0) | (user ? U : 0) | (fetch && (nx && mode != Mode.BITS32 || smep) ? I : 0);
        fault.raise(la, error);
    }

    private void table(long at) {
        mmu.tableUsed((int) (at >>> 12));
    }

    /** Sets the low 32 bits of a table entry in place; nothing that is cached depends on A or D being clear. */
    private void set(long at, int low) {
        int pfn = (int) (at >>> 12);
        if (pfn < memory.pageCount()) {
            mmu.tableStore(pfn, (int) at & 0xFFF, low);
        }
    }

    /** Physical address without side effects and whatever the rights, or -1. */
    public long probe(long linear) {
        long la = wrap(linear);
        return mode == Mode.PAE ? probePae(pdpte[(int) (la >>> 30) & 3], la) : probe(la, cr3);
    }

    /** The same in the address space of another CR3, whose PDPTEs are those in memory. */
    public long probe(long linear, long root) {
        long la = wrap(linear);
        return switch (mode) {
            case NONE -> la;
            case BITS32 -> probe32(root, la);
            case PAE -> probePae(memory.read64((root & 0xFFFFFFE0L) + 8 * (la >>> 30)), la);
            case LEVEL4 -> probeFrom(4, root, la);
        };
    }

    private long probe32(long root, long la) {
        int pde = memory.read32((root & 0xFFFFF000L) + (la >>> 20 & 0xFFC));
        if ((pde & PTE_P) == 0) {
            return -1;
        }
        if (pse && (pde & PTE_PS) != 0) {
            return pde & 0xFFC00000L | la & 0x3FFFFF;
        }
        int pte = memory.read32((pde & 0xFFFFF000L) + (la >>> 10 & 0xFFC));
        return (pte & PTE_P) == 0 ? -1 : pte & 0xFFFFF000L | la & 0xFFF;
    }

    private long probePae(long pointer, long la) {
        return (pointer & PTE_P) == 0 ? -1 : probeFrom(2, pointer, la);
    }

    private long probeFrom(int top, long root, long la) {
        long table = root;
        for (int level = top; ; level--) {
            int shift = 12 + 9 * (level - 1);
            long e = memory.read64((table & 0x000FFFFFFFFFF000L) + (la >>> shift & 0x1FF) * 8);
            if ((e & PTE_P) == 0) {
                return -1;
            }
            if (level == 1 || level < 4 && (e & PTE_PS) != 0) {
                long offset = (1L << shift) - 1;
                return e & 0x000FFFFFFFFFF000L & ~offset | la & offset;
            }
            table = e;
        }
    }
}
