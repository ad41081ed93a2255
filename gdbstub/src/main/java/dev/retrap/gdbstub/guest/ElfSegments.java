package dev.retrap.gdbstub.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The few facts about an ELF file that the stub needs (gABI, "ELF Header", "Program Header").
 *
 * @param loads its PT_LOAD segments
 * @param dynamic address of the dynamic section, 0 if it has none
 * @param fileSize bytes of the file that its headers account for
 * @param threadLocal how far below the thread pointer the program's thread-local storage begins (PT_TLS; Drepper, "ELF
 *     Handling For Thread-Local Storage", variant II); 0 if it has none
 */
public record ElfSegments(List<Load> loads, long dynamic, long fileSize, long threadLocal) {
    /**
     * A PT_LOAD segment.
     *
     * @param address where it is linked
     * @param size its size in memory
     * @param offset its offset in the file
     */
    public record Load(long address, long size, long offset) {}

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_TLS = 7;

    /** Reads the headers of an image, whose beginning is enough; null if it is not little-endian ELF. */
    public static ElfSegments of(byte[] image) {
        ByteBuffer elf = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < 52 || elf.getInt(0) != 0x464c457f || image[5] != 1) {
            return null;
        }
        boolean wide = image[4] == 2;
        if (wide && image.length < 64) {
            return null;
        }
        long programHeaders = wide ? elf.getLong(32) : elf.getInt(28) & 0xffff_ffffL;
        long sectionHeaders = wide ? elf.getLong(40) : elf.getInt(32) & 0xffff_ffffL;
        int tail = wide ? 54 : 42;
        int entrySize = elf.getShort(tail) & 0xffff;
        int entries = elf.getShort(tail + 2) & 0xffff;
        long sectionBytes = (long) (elf.getShort(tail + 4) & 0xffff) * (elf.getShort(tail + 6) & 0xffff);
        if (programHeaders < 0 || programHeaders > image.length
                || programHeaders + (long) entries * entrySize > image.length || entrySize < (wide ? 56 : 32)) {
            return null;
        }
        List<Load> loads = new ArrayList<>();
        long dynamic = 0;
        long threadLocal = 0;
        long fileSize = sectionHeaders + sectionBytes;
        for (int i = 0; i < entries; i++) {
            int at = (int) programHeaders + i * entrySize;
            long offset = wide ? elf.getLong(at + 8) : elf.getInt(at + 4) & 0xffff_ffffL;
            long address = wide ? elf.getLong(at + 16) : elf.getInt(at + 8) & 0xffff_ffffL;
            long inFile = wide ? elf.getLong(at + 32) : elf.getInt(at + 16) & 0xffff_ffffL;
            long inMemory = wide ? elf.getLong(at + 40) : elf.getInt(at + 20) & 0xffff_ffffL;
            switch (elf.getInt(at)) {
                case PT_LOAD -> loads.add(new Load(address, inMemory, offset));
                case PT_DYNAMIC -> dynamic = address;
                case PT_TLS -> {
                    long align = Math.max(1, wide ? elf.getLong(at + 48) : elf.getInt(at + 28) & 0xffff_ffffL);
                    threadLocal = inMemory + align - 1 & -align;
                }
                default -> {}
            }
            fileSize = Math.max(fileSize, offset + inFile);
        }
        return new ElfSegments(List.copyOf(loads), dynamic, fileSize, threadLocal);
    }

    /** The segment that an address lies in, or null. */
    Load at(long address) {
        for (Load load : loads) {
            if (address >= (load.address & -4096L) && address < load.address + load.size) {
                return load;
            }
        }
        return null;
    }
}
