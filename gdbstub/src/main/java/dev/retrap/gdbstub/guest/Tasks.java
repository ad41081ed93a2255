package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.trace.PtRegs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tasks of a guest kernel, read out of its memory by its {@link TaskLayout}. Has no state: it may be asked about any
 * machine that runs this kernel, by any thread. The current task is the one whose kernel stack the TSS names.
 */
public final class Tasks {
    private static final int MOST = 4096;
    private static final int COMMAND_BYTES = 16;
    private static final int LONGEST_PATH = 1024;
    /** Offset of ESP0 and RSP0 in a TSS (SDM vol. 3, figures 8-2 and 8-11). */
    private static final int TSS_SP0 = 4;
    /** First TLS entry of the GDT, GDT_ENTRY_TLS_MIN, on i386 and x86-64. */
    private static final int TLS_MIN_32 = 6;
    private static final int TLS_MIN_64 = 12;
    private static final int TLS_ENTRIES = 3;

    private final TaskLayout layout;
    private final int wordBytes;
    private final int stackTop;
    private final int next;
    private final int tgid;

    private Tasks(TaskLayout layout) {
        this.layout = layout;
        this.wordBytes = layout.wordBytes();
        this.stackTop = layout.thread("sp0");
        this.next = layout.task("next");
        this.tgid = layout.task("tgid");
    }

    /** Of the guest that an image boots; empty if its kernel does not tell how it keeps its tasks. */
    public static Optional<Tasks> of(BootImage image) {
        try {
            return TaskLayout.of(ElfImage.parse("kernel", image.kernel())).map(Tasks::new);
        } catch (BadImageException e) {
            return Optional.empty();
        }
    }

    /** All that have a user program, in the order they were made. */
    public List<Task> all(Machine machine) {
        GuestMemory memory = new GuestMemory(machine);
        List<Task> all = new ArrayList<>();
        try {
            long first = memory.word(layout.initTask(), wordBytes);
            long at = first;
            for (int i = 0; at != 0 && i < MOST; i++) {
                long mm = memory.word(at + layout.task("mm"), wordBytes);
                if (mm != 0) {
                    all.add(task(memory, machine, at, mm));
                }
                at = memory.word(at + next, wordBytes);
                if (at == first) {
                    break;
                }
            }
        } catch (GuestMemory.Unmapped e) {
            return List.of(); // before the kernel has set up its memory
        }
        return List.copyOf(all);
    }

    private Task task(GuestMemory memory, Machine machine, long at, long mm) throws GuestMemory.Unmapped {
        long path = memory.word(mm + layout.mm("exe_path"), wordBytes);
        return new Task(at,
                memory.word(at + layout.task("pid"), 4),
                memory.word(at + tgid, 4),
                text(memory, at + layout.task("comm"), COMMAND_BYTES),
                memory.word(at + layout.task("stack"), wordBytes),
                memory.word(at + stackTop, wordBytes),
                machine.translate(memory.word(mm + layout.mm("pgd"), wordBytes)),
                path == 0 ? "" : text(memory, path, LONGEST_PATH));
    }

    private static String text(GuestMemory memory, long at, int most) throws GuestMemory.Unmapped {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < most; i++) {
            char octet = (char) memory.word(at + i, 1);
            if (octet == 0) {
                break;
            }
            text.append(octet);
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Who made a task, {@code real_parent}; empty if the kernel keeps that elsewhere, or it has no program any more. */
    public Optional<Task> parent(Machine machine, Task task) {
        int member = layout.taskOrNone("real_parent");
        Optional<Long> at = member < 0 ? Optional.empty() : word(machine, task.address() + member, wordBytes);
        return at.flatMap(address -> all(machine).stream().filter(t -> t.address() == address).findFirst());
    }

    /** The auxiliary vector of a task's program, its bytes in memory; empty if it is not to be found. */
    public byte[] auxiliaryVector(Machine machine, Task task, int bytesOfWord) {
        int member = layout.mmOrNone("stack_top");
        return member < 0 ? new byte[0] : word(machine, task.address() + layout.task("mm"), wordBytes)
                .flatMap(mm -> word(machine, mm + member, wordBytes))
                .map(top -> AuxiliaryVector.find(machine, task.addressSpace(), top, bytesOfWord)).orElse(new byte[0]);
    }

    /** The task that has the processor, or for which the kernel has it. */
    public Optional<Task> current(Machine machine) {
        long top = currentStack(machine);
        return all(machine).stream().filter(t -> t.stackTop() == top).findFirst();
    }

    /** The same: the number of its process, 0 if there is none. */
    public long currentProcess(Machine machine) {
        GuestMemory memory = new GuestMemory(machine);
        try {
            long top = currentStack(machine);
            long first = memory.word(layout.initTask(), wordBytes);
            long at = first;
            for (int i = 0; at != 0 && i < MOST; i++) {
                if (memory.word(at + stackTop, wordBytes) == top) {
                    return memory.word(at + tgid, 4);
                }
                at = memory.word(at + next, wordBytes);
                if (at == first) {
                    break;
                }
            }
        } catch (GuestMemory.Unmapped e) {
            return 0;
        }
        return 0;
    }

    private long currentStack(Machine machine) {
        try {
            return new GuestMemory(machine).word(machine.get(Reg.TR_BASE) + TSS_SP0, wordBytes);
        } catch (GuestMemory.Unmapped e) {
            return 0;
        }
    }

    /** How the kernel lays out {@code pt_regs}. */
    public PtRegs.Layout savedLayout() {
        return wordBytes == 8 ? PtRegs.Layout.X86_64 : PtRegs.Layout.I386;
    }

    /** Where the registers of a task's user mode are saved while it is in the kernel ({@code task_pt_regs}). */
    public long savedRegisters(Task task) {
        return task.stackTop() - savedLayout().bytes();
    }

    /** A segment register of a task that does not run, if its {@code thread_struct} and not pt_regs has it. */
    public Optional<Long> segment(Machine machine, Task task, Reg reg) {
        String member = switch (reg) {
            case DS, ES, FS, GS -> reg.label();
            default -> "";
        };
        return member.isEmpty() || layout.thread(member) < 0
                ? Optional.empty()
                : word(machine, task.address() + layout.thread(member), wordBytes).map(selector -> selector & 0xffff);
    }

    /** The linear address that a task's FS or GS begins at, of a task that does not run. */
    public Optional<Long> base(Machine machine, Task task, String segment, long selector) {
        int index = (int) (selector >> 3) - (wordBytes == 8 ? TLS_MIN_64 : TLS_MIN_32);
        if (index >= 0 && index < TLS_ENTRIES && (selector & 4) == 0) {
            long at = task.address() + layout.thread("tls_array") + 8L * index;
            return word(machine, at, 8).map(d -> d >>> 16 & 0xff_ffff | d >>> 56 << 24);
        }
        int member = layout.thread(segment + "_base");
        return member < 0 ? Optional.empty() : word(machine, task.address() + member, wordBytes);
    }

    /** A task's FXSAVE image if it is in memory; empty if the processor holds it, or the task never used the FPU. */
    public Optional<byte[]> fxsave(Machine machine, Task task) {
        if (word(machine, task.address() + layout.thread("fpu_loaded"), 1).orElse(0L) != 0) {
            return Optional.empty();
        }
        return word(machine, task.address() + layout.thread("fpu"), wordBytes).filter(at -> at != 0).flatMap(at -> {
            byte[] image = new byte[512];
            return machine.read(at, image, 0, image.length) == image.length ? Optional.of(image) : Optional.empty();
        });
    }

    private static Optional<Long> word(Machine machine, long address, int bytes) {
        try {
            return Optional.of(new GuestMemory(machine).word(address, bytes));
        } catch (GuestMemory.Unmapped e) {
            return Optional.empty();
        }
    }
}
