package dev.retrap.repl.cli;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.MachineConfig;

/**
 * A machine and what it boots.
 *
 * @param config the machine
 * @param image kernel, command line, program
 * @param variant name of the kernel variant, empty for a kernel of the user's own
 * @param program name of the program, empty if there is none
 */
record Guest(MachineConfig config, BootImage image, String variant, String program) {}
