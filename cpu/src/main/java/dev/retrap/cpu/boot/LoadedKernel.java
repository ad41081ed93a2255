package dev.retrap.cpu.boot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel's bytes at their physical addresses.
 *
 * @param chunks its contents without what is zero
 * @param end first physical address after it, zeros included
 * @param entry physical address of its first instruction
 */
record LoadedKernel(List<BootState.Chunk> chunks, long end, long entry) {

    /** Loads by the addresses in the Multiboot header if it has some, else by the ELF program headers. */
    static LoadedKernel load(String name, byte[] kernel) {
        MultibootHeader header = MultibootHeader.find(name, kernel);
        return header.hasAddresses() ? byHeader(name, kernel, header) : byElf(ElfImage.parse(name, kernel));
    }

    private static LoadedKernel byElf(ElfImage image) {
        if (image.is64()) {
            throw new BadImageException(image.name() + ": a 64-bit ELF file without a PVH entry (a note of Xen, type"
                    + " 18); Multiboot 1 loads 32-bit ones");
        }
        long entry = -1;
        long physicalEntry = -1;
        for (Segment s : image.segments()) {
            long into = image.entry() - s.virtual();
            if (entry < 0 && s.executable() && into >= 0 && into < s.fileSize()) {
                entry = s.physical() + into; // e_entry is virtual; paging is off
            }
            if (s.executable() && image.entry() - s.physical() >= 0 && image.entry() - s.physical() < s.fileSize()) {
                physicalEntry = image.entry(); // a kernel linked high whose linker script gives the physical entry
            }
        }
        if (entry < 0) {
            entry = physicalEntry;
        }
        if (entry < 0) {
            throw new BadImageException(image.name() + ": its entry point 0x" + Long.toHexString(image.entry())
                    + " is in no executable segment");
        }
        return at(image, entry);
    }

    /** Loads by the ELF program headers, to start at a physical address. */
    static LoadedKernel at(ElfImage image, long entry) {
        List<BootState.Chunk> chunks = new ArrayList<>();
        long end = 0;
        for (Segment s : image.segments()) {
            if (s.memorySize() > 0 && Long.compareUnsigned(s.physical(), 1L << 32) >= 0) {
                throw new BadImageException(image.name() + ": a segment's physical address 0x"
                        + Long.toHexString(s.physical()) + " is not below 4 GiB");
            }
            if (s.fileSize() > 0) {
                chunks.add(new BootState.Chunk(s.physical(), image.bytes(s)));
            }
            end = Math.max(end, s.physical() + s.memorySize());
        }
        if (chunks.isEmpty()) {
            throw new BadImageException(image.name() + ": nothing in it to load");
        }
        return new LoadedKernel(chunks, end, entry);
    }

    private static LoadedKernel byHeader(String name, byte[] kernel, MultibootHeader header) {
        long headerAt = Integer.toUnsignedLong(header.addresses()[0]);
        long load = Integer.toUnsignedLong(header.addresses()[1]);
        long loadEnd = Integer.toUnsignedLong(header.addresses()[2]);
        long bssEnd = Integer.toUnsignedLong(header.addresses()[3]);
        long entry = Integer.toUnsignedLong(header.addresses()[4]);
        long from = header.fileOffset() - (headerAt - load);
        long size = loadEnd == 0 ? kernel.length - from : loadEnd - load;
        if (headerAt < load || from < 0 || size <= 0 || size > kernel.length - from || load + size > 1L << 32) {
            throw new BadImageException(name + ": the load addresses in its Multiboot header do not fit the file");
        }
        long end = Math.max(load + size, bssEnd);
        if (entry < load || entry >= load + size) {
            throw new BadImageException(name + ": its entry point 0x" + Long.toHexString(entry)
                    + " is not in what is loaded");
        }
        byte[] data = Arrays.copyOfRange(kernel, (int) from, (int) (from + size));
        return new LoadedKernel(List.of(new BootState.Chunk(load, data)), end, entry);
    }
}
