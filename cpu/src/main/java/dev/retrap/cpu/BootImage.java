package dev.retrap.cpu;

import java.util.List;

/**
 * What the machine starts with: a Multiboot 1 kernel, or an ELF kernel with a PVH entry, and its modules.
 *
 * @param kernel the kernel's ELF image
 * @param commandLine its command line
 * @param modules boot modules in order; module 0 is the initial program of a fixture kernel
 */
public record BootImage(byte[] kernel, String commandLine, List<Module> modules) {
    /**
     * One boot module.
     *
     * @param name what the user called it (file name)
     * @param data its bytes
     * @param commandLine the string handed over with it: the program's arguments, its name first
     */
    public record Module(String name, byte[] data, String commandLine) {}

    public BootImage {
        modules = List.copyOf(modules);
    }
}
