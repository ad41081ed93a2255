package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Machine;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The read-only file system that a client sees by Host I/O: the guest's program, kernel and vDSO images, and what gdb
 * reads below {@code /proc/PID}.
 */
public final class GuestFiles {
    private static final String PROC = "/proc/" + GuestProgram.PID + "/";
    private static final String PROC_EXE = PROC + "exe";
    private static final String PROC_CWD = PROC + "cwd";
    private static final String TASK = PROC + "task/" + GuestProgram.PID + "/";

    private final BootImage image;

    /** The files of a guest that booted {@code image}. */
    public GuestFiles(BootImage image) {
        this.image = image;
    }

    /**
     * Contents of a file now.
     *
     * @return empty if there is no such file
     */
    public Optional<byte[]> contents(String path, Machine machine, Optional<GuestProgram> program) {
        String name = normal(path);
        if (name.equals(GuestProgram.KERNEL_PATH)) {
            return Optional.of(image.kernel());
        }
        if (name.equals(GuestProgram.path(image)) || name.equals(PROC_EXE)) {
            return programImage();
        }
        if (name.equals(GuestProgram.VDSO_PATH)) {
            return program.flatMap(GuestProgram::vdso).map(GuestProgram.Vdso::image);
        }
        return name.startsWith(PROC) ? proc(name.substring(PROC.length()), machine, program) : Optional.empty();
    }

    /** What a symbolic link points to; empty if there is none of that name. */
    public Optional<String> link(String path) {
        return switch (normal(path)) {
            case PROC_EXE -> Optional.of(GuestProgram.path(image));
            case PROC_CWD -> Optional.of("/");
            default -> Optional.empty();
        };
    }

    private Optional<byte[]> programImage() {
        return image.modules().isEmpty()
                ? Optional.empty()
                : Optional.of(image.modules().getFirst().data());
    }

    private Optional<byte[]> proc(String name, Machine machine, Optional<GuestProgram> program) {
        return switch (name) {
            case "maps" -> Optional.of(ascii(ProcMaps.text(machine, image, program)));
            case "auxv" -> program.map(GuestProgram::auxv);
            case "cmdline" -> program.map(p -> ascii(String.join("\0", p.arguments()) + "\0"));
            case "comm" -> Optional.of(ascii(GuestProgram.path(image).substring(1) + "\n"));
            default -> Optional.empty();
        };
    }

    /** {@code /proc/PID/task/PID/x} is {@code /proc/PID/x}: there is one thread. */
    private static String normal(String path) {
        return path.startsWith(TASK) ? PROC + path.substring(TASK.length()) : path;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
