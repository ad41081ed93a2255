package dev.retrap.repl.matrix;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.trace.RecordingInfo;
import java.util.List;

/**
 * A kernel on a CPU, and what it runs.
 *
 * @param variant of the catalogue
 * @param architecture of the kernel
 * @param cpu the machine
 * @param command a program of the catalogue and its arguments, separated by spaces
 */
public record Combination(String variant, Architecture architecture, CpuModel cpu, String command) {
    /** The kernel as reports name it: {@code v4.4}, {@code v4.4/64}. */
    String kernel() {
        return architecture == Architecture.I386 ? variant : variant + "/64";
    }

    /** A file name for its recording. */
    String fileName() {
        return command.replaceAll("[^A-Za-z0-9.-]+", "_") + "-" + kernel().replace('/', '-') + "-" + cpu.name()
                + ".retrap";
    }

    RecordingInfo info(String recorder) {
        String program = command.split(" ")[0];
        BootImage image = new BootImage(Fixtures.kernel(variant, architecture), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        return new RecordingInfo(MachineConfig.of(cpu), image, variant, program,
                List.of("retrap", "record", "--variant", variant, "--arch", architecture.label(), "--cpu", cpu.name(), command),
                recorder);
    }
}
