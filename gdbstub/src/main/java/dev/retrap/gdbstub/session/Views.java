package dev.retrap.gdbstub.session;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.View;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.rsp.ThreadId;
import dev.retrap.trace.Timeline;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who there is to be seen in each {@link View} of a timeline. */
final class Views {
    /** Process id of the kernel in the split view, and of the only process in the others. */
    static final long FIRST = 1;
    /** Process id of the user program in the split view. */
    static final long PROGRAM = 2;

    private static final long EFER_LMA = 1 << 10;

    private final Timeline timeline;
    private final BootImage image;
    private final CpuModel cpu;
    private final Supplier<Optional<GuestProgram>> program;

    Views(Timeline timeline, Supplier<Optional<GuestProgram>> program) {
        this.timeline = timeline;
        this.image = timeline.recording().bootImage();
        this.cpu = timeline.recording().config().cpu();
        this.program = program;
    }

    /** The inferiors, by process id. */
    List<Inferior> of(View view) {
        String file = GuestProgram.path(image);
        return switch (view) {
            case FLAT -> {
                TargetDescription description = TargetDescription.of(image, cpu, this::comesToLongMode);
                yield List.of(new Inferior(new ThreadId(FIRST, FIRST), false, file, description,
                        new Registers(timeline, description), new StopPoints()));
            }
            case SPLIT -> {
                TargetDescription kernel = TargetDescription.ofKernel(image, cpu, this::comesToLongMode);
                yield List.of(new Inferior(new ThreadId(FIRST, FIRST), false, GuestProgram.KERNEL_PATH, kernel,
                        new Registers(timeline, kernel), new StopPoints(m -> m.get(Reg.CPL) != 3)),
                        userProgram(PROGRAM, file));
            }
            case USER -> List.of(userProgram(GuestProgram.PID, file));
        };
    }

    private Inferior userProgram(long pid, String file) {
        TargetDescription description = TargetDescription.ofProgram(image, cpu);
        Registers registers = new Registers(timeline, description, () -> SavedContext.of(timeline));
        return new Inferior(new ThreadId(pid, pid), true, file, description, registers,
                new StopPoints(m -> m.get(Reg.CPL) == 3));
    }

    private boolean comesToLongMode() {
        return isLongMode(timeline.machine()) || program.get().map(GuestProgram::longMode).orElse(false);
    }

    private static boolean isLongMode(Machine machine) {
        return (machine.get(Reg.EFER) & EFER_LMA) != 0;
    }
}
