package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.guest.Task;
import dev.retrap.gdbstub.guest.Tasks;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import dev.retrap.trace.Timeline;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A user program's registers while the CPU is in the kernel for it, as ptrace(2) would show them: its {@code pt_regs}
 * while they are whole; before, what the entry found; on the last steps out, what the exit leaves.
 */
final class SavedContext implements Context {
    /** More than any kernel's stack. */
    private static final long STACK = 1 << 16;
    /** Bytes of INT n, SYSCALL and SYSENTER. */
    private static final int CALL_INSTRUCTION = 2;
    private static final long ENOSYS = 38;
    private static final long USER_CS = 0x33;
    /** rt_sigreturn, clone, fork, vfork, execve, execveat of x86-64. */
    private static final Set<Long> WITH_ALL_REGISTERS = Set.of(15L, 56L, 57L, 58L, 59L, 322L);
    private static final long EFER_LMA = 1 << 10;

    private final Machine machine;
    private final Event entry;
    /** {@code pt_regs}, null if the values are those of {@link #crossing}. */
    private final PtRegs saved;
    private final long[] crossing;

    private SavedContext(Machine machine, Event entry, PtRegs saved, long[] crossing) {
        this.machine = machine;
        this.entry = entry;
        this.saved = saved;
        this.crossing = crossing;
    }

    /** The program's registers; those of the processor while the program runs, or if it never has yet. */
    static Context of(Timeline timeline) {
        Machine machine = timeline.machine();
        if (machine.get(Reg.CPL) == 3) {
            return new Processor(timeline, machine);
        }
        return Context.lastEntry(timeline, machine.position())
                .<Context>map(entry -> of(timeline, machine, entry))
                .orElseGet(() -> new Processor(timeline, machine));
    }

    /** Those of a task, whether it runs or not; empty if it does not exist now. */
    static Optional<Context> of(Timeline timeline, Tasks tasks, long pid) {
        Machine machine = timeline.machine();
        List<Task> all = tasks.all(machine);
        Optional<Task> task = all.stream().filter(t -> t.pid() == pid).findFirst();
        if (task.isEmpty()) {
            return Optional.empty();
        }
        if (tasks.current(machine).filter(t -> t.pid() == pid).isPresent()) {
            if (machine.get(Reg.CPL) == 3) {
                return Optional.of(new Processor(timeline, machine));
            }
            Optional<Event> entry = Context.lastEntry(timeline, machine.position())
                    .filter(e -> !isOfAnother(e, pid, all, tasks.savedLayout()));
            if (entry.isPresent()) {
                return Optional.of(of(timeline, machine, entry.get()));
            }
        }
        return read(machine, tasks.savedRegisters(task.get()))
                .map(saved -> new TaskContext(timeline, tasks, task.get(), saved));
    }

    /** True if an entry was another task's: its {@code pt_regs} are on that one's kernel stack. */
    private static boolean isOfAnother(Event entry, long pid, List<Task> all, PtRegs.Layout layout) {
        long frame = entry.ptRegs().map(r -> r.address() + layout.bytes()).orElse(entry.after(Reg.RSP));
        return all.stream().anyMatch(t -> t.pid() != pid && t.isOnStack(frame));
    }

    private static SavedContext of(Timeline timeline, Machine machine, Event entry) {
        long address = address(machine, entry);
        long below = address - machine.get(Reg.RSP);
        if (address != 0 && below >= 0 && below < STACK) {
            Optional<PtRegs> now = read(machine, address);
            if (now.isPresent() && now.get().fromUser()) {
                return new SavedContext(machine, entry, now.get(), entry.before());
            }
        }
        // The frame is not built yet, or taken down already.
        if (entry.pair() >= 0) {
            Event exit = timeline.recording().event(entry.pair());
            if (exit.position() - machine.position() < machine.position() - entry.position()) {
                return new SavedContext(machine, entry, null, exit.after());
            }
        }
        return new SavedContext(machine, entry, entry.ptRegs().orElse(null), found(entry));
    }

    /** What an entry finds; of a system call, as it will be saved: gone past the instruction, the result to come. */
    private static long[] found(Event entry) {
        if (!entry.isSystemCallEntry()) {
            return entry.before();
        }
        long[] found = entry.before().clone();
        found[Reg.RIP.slot()] += CALL_INSTRUCTION;
        found[Reg.RAX.slot()] = -ENOSYS;
        return found;
    }

    /** Where {@code pt_regs} lie: where a probe saw them, or around the frame that the processor pushed; 0 if unknown. */
    private static long address(Machine machine, Event entry) {
        if (entry.ptRegs().isPresent()) {
            return entry.ptRegs().get().address();
        }
        return switch (entry.kind()) {
            case SYSENTER, SYSCALL, CALL_GATE -> 0;
            default -> {
                PtRegs.Layout layout = layout(machine);
                long frame = entry.after(Reg.RSP) + (entry.hasErrorCode() ? layout.wordBytes() : 0);
                yield frame - (long) layout.wordBytes() * layout.fields().indexOf("ip");
            }
        };
    }

    private static PtRegs.Layout layout(Machine machine) {
        return (machine.get(Reg.EFER) & EFER_LMA) != 0 ? PtRegs.Layout.X86_64 : PtRegs.Layout.I386;
    }

    private static Optional<PtRegs> read(Machine machine, long address) {
        PtRegs.Layout layout = layout(machine);
        byte[] bytes = new byte[layout.bytes()];
        if (machine.read(address, bytes, 0, bytes.length) < bytes.length) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long[] words = new long[layout.fields().size()];
        for (int i = 0; i < words.length; i++) {
            words[i] = layout.wordBytes() == 8 ? in.getLong() : Integer.toUnsignedLong(in.getInt());
        }
        return Optional.of(new PtRegs(layout, address, words));
    }

    @Override
    public long get(Reg reg) {
        if (reg == Reg.CPL) {
            return 3;
        }
        return Optional.ofNullable(saved).filter(_ -> !isLeftOut(entry, reg)).flatMap(s -> member(s, reg))
                .orElseGet(() -> reg.slot() < Reg.CROSSING_SLOTS ? crossing[reg.slot()] : machine.get(reg));
    }

    /**
     * True if the kernel has no need to save a register for a system call: by SYSCALL in 64-bit mode it leaves those to
     * the C code's calling convention, unless the call is about registers (Linux 4.2, arch/x86/entry/entry_64.S).
     */
    static boolean isLeftOut(Event entry, Reg reg) {
        return switch (reg) {
            case RBX, RBP, R12, R13, R14, R15 -> entry.kind() == Crossing.Kind.SYSCALL
                    && entry.before(Reg.CS) == USER_CS && !WITH_ALL_REGISTERS.contains(entry.systemCall());
            default -> false;
        };
    }

    /** The value that {@code pt_regs} have for a register; empty if they have no member for it. */
    static Optional<Long> member(PtRegs saved, Reg reg) {
        String field = field(reg);
        return field == null || !saved.layout().fields().contains(field)
                ? Optional.empty()
                : Optional.of(isSelector(reg) ? saved.get(field) & 0xffff : saved.get(field));
    }

    private static boolean isSelector(Reg reg) {
        return switch (reg) {
            case CS, SS, DS, ES, FS, GS -> true;
            default -> false;
        };
    }

    /** The member of {@code pt_regs} that holds a register; null if none does. i386 keeps the user's GS loaded. */
    private static String field(Reg reg) {
        return switch (reg) {
            case RAX -> "ax";
            case RBX -> "bx";
            case RCX -> "cx";
            case RDX -> "dx";
            case RSI -> "si";
            case RDI -> "di";
            case RBP -> "bp";
            case RSP -> "sp";
            case RIP -> "ip";
            case RFLAGS -> "flags";
            case CS, SS, DS, ES, FS, R8, R9, R10, R11, R12, R13, R14, R15 -> reg.label();
            default -> null;
        };
    }

    @Override
    public byte[] fxsave() {
        return machine.fxsave();
    }

    @Override
    public long origAx() {
        return entry.isSystemCallEntry() ? entry.systemCall() : -1;
    }

    @Override
    public boolean isProcessor() {
        return false;
    }
}
