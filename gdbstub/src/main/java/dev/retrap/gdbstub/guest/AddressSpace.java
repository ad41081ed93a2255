package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import java.util.ArrayList;
import java.util.List;

/**
 * The linear address space as the page tables of the moment map it: 32-bit, PAE and 4-level paging (SDM vol. 3, 4.3 to
 * 4.5), read from physical memory without side effects.
 */
public final class AddressSpace {
    /**
     * A run of pages with the same rights.
     *
     * @param start first linear address
     * @param end first linear address behind it; 0 means 2^64
     * @param user whether CPL 3 may access it
     * @param writable whether the tables allow writing
     * @param executable whether the tables allow fetching instructions
     */
    public record Mapping(long start, long end, boolean user, boolean writable, boolean executable) {
        boolean continuedBy(Mapping next) {
            return end == next.start && user == next.user && writable == next.writable
                    && executable == next.executable;
        }
    }

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long PAGE_SIZE = 1 << 7;
    private static final long NO_EXECUTE = 1L << 63;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PSE = 1 << 4;
    private static final long CR4_PAE = 1 << 5;
    private static final long EFER_LMA = 1 << 10;
    private static final long ADDRESS_64 = 0x000f_ffff_ffff_f000L;

    private final Machine machine;
    private final boolean wide;
    private final boolean longMode;
    private final boolean largePages;
    private final int[] shifts;
    private final byte[] table = new byte[4096];
    private final List<Mapping> mappings = new ArrayList<>();

    private AddressSpace(Machine machine) {
        this.machine = machine;
        long cr4 = machine.get(Reg.CR4);
        this.longMode = (machine.get(Reg.EFER) & EFER_LMA) != 0;
        this.wide = (cr4 & CR4_PAE) != 0;
        this.largePages = wide || (cr4 & CR4_PSE) != 0;
        this.shifts = longMode ? new int[] {39, 30, 21, 12} : wide ? new int[] {30, 21, 12} : new int[] {22, 12};
    }

    /** All mappings in ascending order; with paging off, one of the kernel's that covers 32 bits of address space. */
    public static List<Mapping> of(Machine machine) {
        if ((machine.get(Reg.CR0) & CR0_PG) == 0) {
            return List.of(new Mapping(0, 1L << 32, false, true, true));
        }
        return of(machine, machine.get(Reg.CR3));
    }

    /** The same of another address space, by what CR3 holds while that is in use. */
    public static List<Mapping> of(Machine machine, long cr3) {
        AddressSpace space = new AddressSpace(machine);
        long root = space.longMode ? cr3 & ADDRESS_64 : space.wide ? cr3 & 0xffff_ffe0L : cr3 & 0xffff_f000L;
        space.walk(root, 0, 0, USER | WRITABLE);
        return List.copyOf(space.mappings);
    }

    /**
     * Walks one table.
     *
     * @param level 0 for the root
     * @param base linear address its first entry maps
     * @param rights {@link #USER}, {@link #WRITABLE} and {@link #NO_EXECUTE} as the levels above leave them
     */
    private void walk(long physical, int level, long base, long rights) {
        int shift = shifts[level];
        boolean pointerTable = wide && !longMode && level == 0;
        int entryBytes = wide ? 8 : 4;
        int size = pointerTable ? 4 * entryBytes : 4096;
        if (machine.readPhysical(physical, table, 0, size) < size) {
            return;
        }
        // The one buffer is used again below: take the entries out first.
        long[] entries = new long[size / entryBytes];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entry(i * entryBytes, entryBytes);
        }
        for (int i = 0; i < entries.length; i++) {
            long entry = entries[i];
            if ((entry & PRESENT) == 0) {
                continue;
            }
            long linear = canonical(base + ((long) i << shift));
            long allowed = pointerTable
                    ? rights
                    : rights & entry & (USER | WRITABLE) | (rights | entry) & NO_EXECUTE;
            boolean leaf = level == shifts.length - 1 || !pointerTable && largePages && (entry & PAGE_SIZE) != 0;
            if (leaf) {
                add(new Mapping(linear, linear + (1L << shift), (allowed & USER) != 0, (allowed & WRITABLE) != 0,
                        (allowed & NO_EXECUTE) == 0));
            } else {
                walk(wide ? entry & ADDRESS_64 : entry & 0xffff_f000L, level + 1, linear, allowed);
            }
        }
    }

    private long entry(int offset, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | table[offset + i] & 0xff;
        }
        return value;
    }

    private long canonical(long linear) {
        return longMode ? linear << 16 >> 16 : linear;
    }

    private void add(Mapping next) {
        int last = mappings.size() - 1;
        if (last >= 0 && mappings.get(last).continuedBy(next)) {
            Mapping before = mappings.get(last);
            mappings.set(last, new Mapping(before.start, next.end, before.user, before.writable, before.executable));
        } else {
            mappings.add(next);
        }
    }
}
