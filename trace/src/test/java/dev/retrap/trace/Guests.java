package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs of the fixture kernels and programs. */
public final class Guests {
    private Guests() {}

    /** What a recording of {@code command} (a program and its arguments) under a variant says about itself. */
    public static RecordingInfo info(String variant, String command) {
        String program = command.split(" ")[0];
        BootImage image = new BootImage(Fixtures.kernel(variant), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        return new RecordingInfo(MachineConfig.of(CpuModels.named("p6")), image, variant, program,
                List.of("retrap", "record", program), "retrap test");
    }

    /** A guest about to start, recorded into a file. */
    public static Timeline live(Path file, String variant, String command) throws IOException {
        RecordingInfo info = info(variant, command);
        return Timeline.live(info.config(), info.image(), Recorder.create(file, info));
    }

    /** Records a run to its end. */
    public static Path record(Path file, String variant, String command) throws IOException {
        try (Timeline t = live(file, variant, command)) {
            t.continueForward(StopSet.NONE);
        }
        return file;
    }
}
