package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Machine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The read-only file system that a client sees by Host I/O: the guest's programs, kernel and vDSO images, and what gdb
 * reads below {@code /proc/PID}.
 */
public final class GuestFiles {
    private static final Pattern PROC = Pattern.compile("/proc/(\\d{1,10})/(?:task/\\d{1,10}/)?(\\w+)");

    /** ELF specification 1.2, e_ident. */
    private static final int EI_CLASS = 4;
    private static final int ELFCLASS64 = 2;

    private final BootImage image;
    private final Optional<Tasks> tasks;
    private final long pidOffset;
    private final List<CpioFiles> archives;

    /**
     * The files of a guest that booted {@code image}.
     *
     * @param tasks how its kernel keeps tasks, if known
     * @param pidOffset what is added to the guest's process numbers for the client
     */
    public GuestFiles(BootImage image, Optional<Tasks> tasks, long pidOffset) {
        this.image = image;
        this.tasks = tasks;
        this.pidOffset = pidOffset;
        this.archives = image.modules().stream().map(BootImage.Module::data).filter(CpioFiles::isArchive)
                .map(CpioFiles::of).toList();
    }

    /** The client's number of a process or thread of the guest. */
    public long pid(long process) {
        return process + pidOffset;
    }

    /** The guest's number of a process or thread. */
    public long process(long pid) {
        return pid - pidOffset;
    }

    /** Path of the guest's first program. */
    public String program() {
        return GuestProgram.path(image);
    }

    /**
     * Contents of a file now.
     *
     * @return empty if there is no such file
     */
    public Optional<byte[]> contents(String path, Machine machine, Optional<GuestProgram> program) {
        if (path.equals(GuestProgram.KERNEL_PATH)) {
            return Optional.of(image.kernel());
        }
        if (path.equals(GuestProgram.path(image)) && archives.isEmpty()) {
            return programImage();
        }
        if (path.equals(GuestProgram.VDSO_PATH)) {
            return program.flatMap(GuestProgram::vdso).map(GuestProgram.Vdso::image);
        }
        Matcher proc = PROC.matcher(path);
        if (proc.matches()) {
            return proc(process(Long.parseLong(proc.group(1))), proc.group(2), machine, program);
        }
        Optional<byte[]> inTree = archives.stream().flatMap(a -> a.contents(path).stream()).findFirst();
        return inTree.isPresent() || !path.equals(GuestProgram.path(image)) ? inTree : programImage();
    }

    /** What a symbolic link points to; empty if there is none of that name. */
    public Optional<String> link(String path, Machine machine) {
        Matcher proc = PROC.matcher(path);
        if (!proc.matches()) {
            return Optional.empty();
        }
        long process = process(Long.parseLong(proc.group(1)));
        return switch (proc.group(2)) {
            case "exe" -> task(process, machine).map(Task::executable).filter(e -> !e.isEmpty())
                    .or(() -> process == GuestProgram.PID ? Optional.of(program()) : Optional.empty());
            case "cwd" -> Optional.of("/");
            default -> Optional.empty();
        };
    }

    private Optional<Task> task(long process, Machine machine) {
        return tasks.flatMap(t -> t.all(machine).stream().filter(a -> a.tgid() == process).findFirst());
    }

    /** The auxiliary vector of a program that is not the first; empty if it is not to be found. */
    public Optional<byte[]> auxiliaryVector(long process, Machine machine) {
        return task(process, machine).map(t -> {
            Optional<byte[]> file = contents(t.executable(), machine, Optional.empty());
            boolean wide = file.filter(f -> f.length > EI_CLASS && f[EI_CLASS] == ELFCLASS64).isPresent();
            return tasks.orElseThrow().auxiliaryVector(machine, t, wide ? 8 : 4);
        }).filter(vector -> vector.length > 0);
    }

    private Optional<byte[]> programImage() {
        return image.modules().isEmpty()
                ? Optional.empty()
                : Optional.of(image.modules().getFirst().data());
    }

    private Optional<byte[]> proc(long process, String name, Machine machine, Optional<GuestProgram> program) {
        Optional<Task> task = task(process, machine);
        if (task.isEmpty() && process != GuestProgram.PID) {
            return Optional.empty();
        }
        Optional<GuestProgram> first = program.filter(_ -> process == GuestProgram.PID);
        return switch (name) {
            case "exe" -> link("/proc/" + pid(process) + "/exe", machine).flatMap(e -> contents(e, machine, program));
            case "maps" -> Optional.of(ascii(ProcMaps.text(
                    task.map(t -> AddressSpace.of(machine, t.addressSpace())).orElseGet(() -> AddressSpace.of(machine)),
                    image, program)));
            case "auxv" -> first.map(GuestProgram::auxv).or(() -> auxiliaryVector(process, machine));
            case "cmdline" -> first.map(p -> ascii(String.join("\0", p.arguments()) + "\0"));
            case "comm" -> Optional.of(ascii(task.map(Task::command).orElse(program().substring(1)) + "\n"));
            default -> Optional.empty();
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
