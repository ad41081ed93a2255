package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.MachineConfig;
import java.util.List;

/**
 * What a recording says about its origin: everything that is known before the first step.
 *
 * @param config the machine
 * @param image what it booted
 * @param variant name of the kernel variant, e.g. {@code v4.4}; empty if the kernel is not one of the catalogue's
 * @param program name of the initial program, e.g. {@code sixargs}; empty if there is none
 * @param commandLine the command that made the recording, word by word
 * @param recorder name and version of the recording program, e.g. {@code retrap 0.1.0}
 */
public record RecordingInfo(
        MachineConfig config,
        BootImage image,
        String variant,
        String program,
        List<String> commandLine,
        String recorder) {
    public RecordingInfo {
        commandLine = List.copyOf(commandLine);
    }
}
