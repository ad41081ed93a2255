package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.guest.Task;
import dev.retrap.gdbstub.guest.Tasks;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import dev.retrap.trace.Timeline;
import java.util.Optional;

/** The user mode registers of a task that does not run: its {@code pt_regs}, {@code thread_struct} and FPU state. */
final class TaskContext implements Context {
    private static final int FCW_AFTER_FNINIT = 0x37f;
    private static final int MXCSR_AT_RESET = 0x1f80;
    private static final int FX_MXCSR = 24;

    private final Timeline timeline;
    private final Machine machine;
    private final Tasks tasks;
    private final Task task;
    private final PtRegs saved;
    private Optional<Event> entry;

    TaskContext(Timeline timeline, Tasks tasks, Task task, PtRegs saved) {
        this.timeline = timeline;
        this.machine = timeline.machine();
        this.tasks = tasks;
        this.task = task;
        this.saved = saved;
    }

    @Override
    public long get(Reg reg) {
        return switch (reg) {
            case CPL -> 3;
            case FS_BASE -> tasks.base(machine, task, "fs", get(Reg.FS)).orElse(0L);
            case GS_BASE -> tasks.base(machine, task, "gs", get(Reg.GS)).orElse(0L);
            case CR3 -> task.addressSpace();
            case RBX, RBP, R12, R13, R14, R15 -> leftOut(reg).orElseGet(() -> SavedContext.member(saved, reg).orElse(0L));
            default -> tasks.segment(machine, task, reg)
                    .orElseGet(() -> SavedContext.member(saved, reg).orElseGet(() -> machine.get(reg)));
        };
    }

    /** The value of a register that is not in {@code pt_regs}, as it was when the task entered the kernel. */
    private Optional<Long> leftOut(Reg reg) {
        if (saved.layout() != PtRegs.Layout.X86_64 || origAx() < 0) {
            return Optional.empty();
        }
        if (entry == null) {
            entry = timeline.lastEvent(timeline.position(), e -> e.isEntry() && e.fromUser()
                    && e.ptRegs().filter(r -> r.address() == saved.address()).isPresent());
        }
        return entry.filter(e -> SavedContext.isLeftOut(e, reg)).map(e -> e.before(reg));
    }

    @Override
    public byte[] fxsave() {
        return tasks.fxsave(machine, task).orElseGet(TaskContext::unused);
    }

    /** As FNINIT and a reset leave it: what a task that never used the FPU will find. */
    private static byte[] unused() {
        byte[] image = new byte[512];
        image[0] = (byte) FCW_AFTER_FNINIT;
        image[1] = FCW_AFTER_FNINIT >> 8;
        image[FX_MXCSR] = (byte) MXCSR_AT_RESET;
        image[FX_MXCSR + 1] = MXCSR_AT_RESET >> 8;
        return image;
    }

    @Override
    public long origAx() {
        int number = (int) saved.get("orig_ax");
        return number >= 0 ? number : -1;
    }

    @Override
    public boolean isProcessor() {
        return false;
    }
}
