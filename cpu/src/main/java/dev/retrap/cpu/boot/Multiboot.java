package dev.retrap.cpu.boot;

import dev.retrap.cpu.BootImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A Multiboot 1 boot loader (Multiboot Specification 0.6.96). The kernel is a 32-bit ELF file, or any file whose
 * Multiboot header has load addresses. Behind it, from 1 MiB up, follow on pages of their own the information structure
 * with all that it points to, then the modules in order.
 *
 * <p>Strings are as a guest finds them under {@code qemu -kernel K -append A -initrd "M args"}: the kernel's command
 * line is a name and a blank before the arguments, a module's string is as given, its name first. The name is the word
 * {@code kernel} here and the path of the file there, so a guest that skips the first word, or ignores words it does
 * not know, sees the same. Unlike QEMU there is no boot device, and the structure is not in low memory.
 */
final class Multiboot {
    /** EAX at entry. */
    static final int BOOTLOADER_MAGIC = 0x2BADB002;

    private static final long FIRST_FREE = 1 << 20;

    private Multiboot() {}

    /**
     * Loads a kernel and its modules.
     *
     * @param image what to load
     * @param ramBytes size of RAM
     * @throws BadImageException if the kernel is none that can be loaded, or RAM is too small
     */
    static BootState load(BootImage image, long ramBytes) {
        LoadedKernel kernel = LoadedKernel.load(BootLoader.KERNEL, image.kernel());
        List<BootState.Chunk> chunks = new ArrayList<>(kernel.chunks());
        BootLoader.fits("the kernel", kernel.end(), ramBytes);

        List<String> strings = new ArrayList<>();
        for (BootImage.Module module : image.modules()) {
            strings.add(BootLoader.string(module.commandLine(), "the command line of module " + module.name()));
        }
        String arguments = BootLoader.string(image.commandLine(), "the kernel's command line");
        String commandLine = arguments.isEmpty() ? BootLoader.KERNEL : BootLoader.KERNEL + " " + arguments;
        MultibootInfo info = new MultibootInfo(commandLine, strings, ramBytes);
        long infoAt = BootLoader.pageUp(Math.max(kernel.end(), FIRST_FREE));
        long next = infoAt + info.size();
        BootLoader.fits("the boot information", next, ramBytes);
        long[] starts = new long[strings.size()];
        long[] ends = new long[strings.size()];
        for (int i = 0; i < starts.length; i++) {
            BootImage.Module module = image.modules().get(i);
            starts[i] = BootLoader.pageUp(next);
            ends[i] = starts[i] + module.data().length;
            next = ends[i];
            BootLoader.fits("module " + module.name(), next, ramBytes);
            chunks.add(new BootState.Chunk(starts[i], module.data()));
        }
        chunks.add(new BootState.Chunk(infoAt, info.block(infoAt, starts, ends)));
        return new BootState(BootState.Protocol.MULTIBOOT, (int) kernel.entry(), BOOTLOADER_MAGIC, (int) infoAt, chunks);
    }
}
