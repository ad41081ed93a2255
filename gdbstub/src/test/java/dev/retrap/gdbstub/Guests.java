package dev.retrap.gdbstub;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Reg;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.Recording;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Fixture guests, live and recorded. */
public final class Guests {
    private Guests() {}

    /**
     * What boots a variant with a program.
     *
     * @param variant its name for i386; with {@code /64} its x86-64 kernel for a 64-bit program, with {@code /32} that
     *     kernel for a 32-bit one
     * @param commandLine its first word is the program's name: of the fixtures, or of a C file of the test resources
     */
    static RecordingInfo info(String variant, String commandLine) throws IOException {
        if (variant.equals(Bare64.VARIANT)) {
            return Bare64.info(commandLine);
        }
        String name = commandLine.split(" ")[0];
        String kernel = variant.split("/")[0];
        byte[] program = name.endsWith(".c")
                ? CProgram.build(name, variant.endsWith("/64") ? 64 : 32)
                : Fixtures.program(name);
        boolean wide = !kernel.equals(variant);
        BootImage image = new BootImage(
                Fixtures.kernel(kernel, wide ? Architecture.X86_64 : Architecture.I386), "",
                List.of(new BootImage.Module(name.replace(".c", ""), program, commandLine.replace(".c", ""))));
        return new RecordingInfo(
                MachineConfig.of(CpuModels.named(wide ? "k8" : "p6")), image, kernel, name, List.of(), "test");
    }

    /** A guest about to start. */
    public static Timeline live(String variant, String commandLine) throws Exception {
        RecordingInfo info = info(variant, commandLine);
        return Timeline.live(info.config(), info.image(), null);
    }

    /** Records a guest from power-on to power-off. */
    public static Recording record(Path file, String variant, String commandLine) throws Exception {
        RecordingInfo info = info(variant, commandLine);
        try (Timeline timeline = Timeline.live(info.config(), info.image(), Recorder.create(file, info))) {
            Arrival arrival = timeline.continueForward(StopSet.NONE);
            if (!(arrival instanceof Arrival.PoweredOff)) {
                throw new IllegalStateException("the guest did not power off: " + arrival);
            }
        }
        return Recording.open(file);
    }

    /** Opens a latch when a live guest first comes to user mode. */
    static CountDownLatch userMode(Timeline timeline) {
        CountDownLatch latch = new CountDownLatch(1);
        timeline.setListener(new MachineObserver() {
            @Override
            public void crossing(Crossing c) {
                if (c.after(Reg.CPL) == 3) {
                    latch.countDown();
                }
            }
        });
        return latch;
    }
}
