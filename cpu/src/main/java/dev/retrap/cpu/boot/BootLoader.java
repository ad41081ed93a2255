package dev.retrap.cpu.boot;

import dev.retrap.cpu.BootImage;
import java.util.Optional;

/** Chooses how to boot a kernel: by PVH if it is a 64-bit ELF file with a PVH entry, else as a Multiboot 1 kernel. */
public final class BootLoader {
    /** What messages call the kernel. */
    static final String KERNEL = "kernel";

    private static final int ELF_MAGIC = 0x464C457F;
    private static final int PAGE = 4096;

    private BootLoader() {}

    /**
     * Loads a kernel and its modules.
     *
     * @param image what to load
     * @param ramBytes size of RAM
     * @throws BadImageException if the kernel is none that can be loaded, or RAM is too small
     */
    public static BootState load(BootImage image, long ramBytes) {
        ElfBytes bytes = new ElfBytes(KERNEL, image.kernel());
        if (bytes.size() < 4 || bytes.u32(0) != ELF_MAGIC) {
            return Multiboot.load(image, ramBytes);
        }
        ElfImage elf = ElfImage.parse(KERNEL, image.kernel());
        Optional<Long> entry = Pvh.entry(elf);
        return entry.isPresent() && (elf.is64() || !MultibootHeader.isIn(image.kernel()))
                ? Pvh.load(image, elf, entry.get(), ramBytes)
                : Multiboot.load(image, ramBytes);
    }

    static long pageUp(long address) {
        return address + PAGE - 1 & -PAGE;
    }

    static void fits(String what, long end, long ramBytes) {
        if (end > ramBytes) {
            throw new BadImageException(what + " needs RAM up to 0x" + Long.toHexString(end) + ", the machine has 0x"
                    + Long.toHexString(ramBytes) + "; give it more");
        }
    }

    static String string(String s, String what) {
        if (s.indexOf('\0') >= 0) {
            throw new BadImageException(what + " contains a NUL character");
        }
        return s;
    }
}
