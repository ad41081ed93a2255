package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;

/**
 * Memory of an address space that is not the present one, by its root page table: two levels, PAE without long mode
 * excepted, or four (SDM vol. 3, 4.3 and 4.5).
 */
public final class PageWalk {
    private static final long PRESENT = 1;
    private static final long LARGE = 1 << 7;
    private static final long EFER_LMA = 1 << 10;
    private static final long ADDRESS_64 = 0x000f_ffff_ffff_f000L;
    private static final int PAGE = 4096;

    private PageWalk() {}

    /**
     * Reads linear memory.
     *
     * @param root physical address of the root page table
     * @return bytes read, less than all if an unmapped page comes first
     */
    public static int read(Machine machine, long root, long linear, byte[] into) {
        int done = 0;
        while (done < into.length) {
            long at = linear + done;
            long physical = translate(machine, root, at);
            int piece = (int) Math.min(into.length - done, PAGE - (at & PAGE - 1));
            if (physical < 0 || machine.readPhysical(physical, into, done, piece) < piece) {
                break;
            }
            done += piece;
        }
        return done;
    }

    /** The physical address of a linear one, -1 if it is not mapped. */
    public static long translate(Machine machine, long root, long linear) {
        boolean longMode = (machine.get(Reg.EFER) & EFER_LMA) != 0;
        int bits = longMode ? 9 : 10;
        int entryBytes = longMode ? 8 : 4;
        long table = root;
        byte[] word = new byte[8];
        for (int shift = longMode ? 39 : 22; ; shift -= bits) {
            long index = linear >>> shift & (1 << bits) - 1;
            if (machine.readPhysical(table + index * entryBytes, word, 0, entryBytes) < entryBytes) {
                return -1;
            }
            long entry = 0;
            for (int i = entryBytes - 1; i >= 0; i--) {
                entry = entry << 8 | word[i] & 0xff;
            }
            if ((entry & PRESENT) == 0) {
                return -1;
            }
            long frame = entry & (longMode ? ADDRESS_64 : 0xffff_f000L);
            if (shift == 12 || (entry & LARGE) != 0 && shift < 39) {
                long offset = (1L << shift) - 1;
                return frame & ~offset | linear & offset;
            }
            table = frame;
        }
    }
}
