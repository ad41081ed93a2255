package dev.retrap.cpu.boot;

import dev.retrap.cpu.BootImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A boot loader by Xen's PVH protocol (Xen docs/misc/pvh.pandoc; public/arch-x86/hvm/start_info.h, version 1): an ELF
 * file with a note that has the physical address of its 32-bit entry. Behind the kernel, from 1 MiB up, follow on pages
 * of their own {@code hvm_start_info} with all that it points to, then the modules in order.
 *
 * <p>Strings are as given: no name goes before the kernel's arguments, as under {@code qemu -kernel K -append A}. Unlike
 * QEMU, which has one module at the end of RAM and no string with it, a module has its string.
 */
final class Pvh {
    private static final String OWNER = "Xen";
    private static final int PHYS32_ENTRY = 18;

    private static final int MAGIC = 0x336EC578;
    private static final int VERSION = 1;
    private static final int START_INFO_BYTES = 56;
    private static final int MODULE_BYTES = 32;
    private static final int MAP_ENTRY_BYTES = 24;
    private static final int MAP_ENTRIES = 3;
    private static final int RAM = 1;
    private static final int RESERVED = 2;

    private static final long FIRST_FREE = 1 << 20;
    private static final long LOW_MEMORY = 640 << 10;
    private static final long FIRMWARE = 0xF0000;

    private Pvh() {}

    /** Physical address of a kernel's PVH entry; empty if it has none. */
    static Optional<Long> entry(ElfImage image) {
        return image.notes().stream()
                .filter(n -> n.type() == PHYS32_ENTRY && n.owner().equals(OWNER) && n.descriptor().length >= 4)
                .map(n -> ByteBuffer.wrap(n.descriptor()).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFF_FFFFL)
                .findFirst();
    }

    /** Loads a kernel with that entry. */
    static BootState load(BootImage image, ElfImage elf, long entry, long ramBytes) {
        LoadedKernel kernel = LoadedKernel.at(elf, entry);
        List<BootState.Chunk> chunks = new ArrayList<>(kernel.chunks());
        BootLoader.fits("the kernel", kernel.end(), ramBytes);

        List<BootImage.Module> modules = image.modules();
        List<byte[]> strings = new ArrayList<>();
        strings.add(octets(BootLoader.string(image.commandLine(), "the kernel's command line")));
        for (BootImage.Module m : modules) {
            strings.add(octets(BootLoader.string(m.commandLine(), "the command line of module " + m.name())));
        }
        int modulesAt = START_INFO_BYTES + MAP_ENTRIES * MAP_ENTRY_BYTES;
        int stringsAt = modulesAt + modules.size() * MODULE_BYTES;
        int size = stringsAt + strings.stream().mapToInt(s -> s.length).sum();
        long at = BootLoader.pageUp(Math.max(kernel.end(), FIRST_FREE));
        long next = at + size;
        BootLoader.fits("the boot information", next, ramBytes);

        ByteBuffer b = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(MAGIC).putInt(VERSION).putInt(0).putInt(modules.size());
        b.putLong(modules.isEmpty() ? 0 : at + modulesAt).putLong(at + stringsAt).putLong(0);
        b.putLong(at + START_INFO_BYTES).putInt(MAP_ENTRIES).putInt(0);
        mapEntry(b, 0, LOW_MEMORY, RAM);
        mapEntry(b, FIRMWARE, FIRST_FREE - FIRMWARE, RESERVED);
        mapEntry(b, FIRST_FREE, ramBytes - FIRST_FREE, RAM);
        long string = at + stringsAt + strings.getFirst().length;
        for (int i = 0; i < modules.size(); i++) {
            byte[] data = modules.get(i).data();
            long start = BootLoader.pageUp(next);
            next = start + data.length;
            BootLoader.fits("module " + modules.get(i).name(), next, ramBytes);
            chunks.add(new BootState.Chunk(start, data));
            b.putLong(start).putLong(data.length).putLong(string).putLong(0);
            string += strings.get(i + 1).length;
        }
        strings.forEach(b::put);
        chunks.add(new BootState.Chunk(at, b.array()));
        return new BootState(BootState.Protocol.PVH, (int) entry, 0, (int) at, chunks);
    }

    private static void mapEntry(ByteBuffer b, long base, long length, int type) {
        b.putLong(base).putLong(length).putInt(type).putInt(0);
    }

    private static byte[] octets(String s) {
        return (s + '\0').getBytes(StandardCharsets.UTF_8);
    }
}
