/** What runs in the machine: ELF files, their symbols and probes, and the Multiboot and PVH loaders. */
package dev.retrap.cpu.boot;
