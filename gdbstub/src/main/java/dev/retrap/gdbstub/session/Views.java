package dev.retrap.gdbstub.session;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.View;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.guest.Tasks;
import dev.retrap.trace.Timeline;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes the inferiors of each {@link View} of a timeline. */
final class Views {
    /** Process id of the kernel in the split view, and of the only process in the flat one. */
    static final long FIRST = 1;

    private static final long EFER_LMA = 1 << 10;

    private final Timeline timeline;
    private final BootImage image;
    private final CpuModel cpu;
    private final Optional<Tasks> tasks;
    private final Supplier<Optional<GuestProgram>> program;

    Views(Timeline timeline, Optional<Tasks> tasks, Supplier<Optional<GuestProgram>> program) {
        this.timeline = timeline;
        this.image = timeline.recording().bootImage();
        this.cpu = timeline.recording().config().cpu();
        this.tasks = tasks;
        this.program = program;
    }

    /** What is no user program: the processor of the flat view, the kernel of the split one. */
    Optional<Inferior> first(View view) {
        return switch (view) {
            case FLAT -> {
                TargetDescription all = TargetDescription.of(image, cpu, this::comesToLongMode);
                yield Optional.of(inferior(all, new StopPoints()));
            }
            case SPLIT -> {
                TargetDescription kernel = TargetDescription.ofKernel(image, cpu, this::comesToLongMode);
                yield Optional.of(inferior(kernel, new StopPoints(m -> m.get(Reg.CPL) != 3)));
            }
            case USER -> Optional.empty();
        };
    }

    private Inferior inferior(TargetDescription description, StopPoints points) {
        return new Inferior(FIRST, 0, description, new Registers(timeline, description), points);
    }

    /**
     * A user program.
     *
     * @param pid its number in the protocol
     * @param process the guest's number of it
     * @param file its ELF file, if it is known
     */
    Inferior program(long pid, long process, Optional<byte[]> file) {
        TargetDescription description = TargetDescription.ofProgram(file, cpu);
        Predicate<Machine> scope = tasks
                .<Predicate<Machine>>map(t -> m -> m.get(Reg.CPL) == 3 && t.currentProcess(m) == process)
                .orElse(m -> m.get(Reg.CPL) == 3);
        return new Inferior(pid, process, description, new Registers(timeline, description), new StopPoints(scope));
    }

    private boolean comesToLongMode() {
        return isLongMode(timeline.machine()) || program.get().map(GuestProgram::longMode).orElse(false);
    }

    private static boolean isLongMode(Machine machine) {
        return (machine.get(Reg.EFER) & EFER_LMA) != 0;
    }
}
