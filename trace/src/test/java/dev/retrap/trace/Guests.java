package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs of the fixture kernels and programs. */
public final class Guests {
    /** Far more steps than any of the programs takes that end. */
    private static final long LONGEST = 100_000_000;

    private Guests() {}

    /** What a recording of {@code command} (a program and its arguments) under a variant says about itself. */
    public static RecordingInfo info(String variant, String command) {
        String program = command.split(" ")[0];
        BootImage image = new BootImage(Fixtures.kernel(variant), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        return new RecordingInfo(MachineConfig.of(CpuModels.named("p6")), image, variant, program,
                List.of("retrap", "record", program), "retrap test");
    }

    /** Records a run on a variant's x86-64 kernel to its end, into a directory. */
    public static Recording record64(Path directory, String variant, String cpu, String command) throws Exception {
        String program = command.split(" ")[0];
        BootImage image = new BootImage(Fixtures.kernel(variant, Architecture.X86_64), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        RecordingInfo info = new RecordingInfo(MachineConfig.of(CpuModels.named(cpu)), image, variant, program,
                List.of("retrap", "record", "--arch", "x86_64", program), "retrap test");
        Path file = directory.resolve(variant + "-" + cpu + "-" + command.replace(' ', '-') + ".retrap");
        try (Timeline t = Timeline.live(info.config(), image, Recorder.create(file, info))) {
            t.stepForward(LONGEST);
        }
        return Recording.open(file);
    }

    /** What came on a recording's console. */
    public static String console(Recording r) {
        return new String(r.console().bytes(), StandardCharsets.ISO_8859_1);
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
