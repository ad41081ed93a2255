/** What runs in the machine: ELF files, their symbols and probes, and the Multiboot loader. */
package dev.retrap.cpu.boot;
