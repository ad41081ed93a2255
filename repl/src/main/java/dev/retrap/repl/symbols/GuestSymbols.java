package dev.retrap.repl.symbols;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the symbols of a recorded guest. Kernel and program come from the images in the recording; where the vDSO is
 * mapped, and a position-independent program, the program's auxiliary vector says, so the guest is re-executed up to
 * the program's first instruction.
 */
public final class GuestSymbols {
    /** A vDSO is one to a few pages. */
    private static final int MAX_VDSO = 16 * 4096;

    private GuestSymbols() {}

    /** {@return the symbols of a recording's guest; those that cannot be had are left out} */
    public static Symbols of(Recording recording) {
        BootImage boot = recording.bootImage();
        List<Symbols.Image> images = new ArrayList<>();
        Optional<Event> toUser = recording.findForward(0, e -> !e.isEntry() && e.toUser());
        if (toUser.isPresent() && !boot.modules().isEmpty()) {
            BootImage.Module program = boot.modules().get(0);
            addProgram(recording, toUser.get(), program, images);
        }
        elf("kernel", boot.kernel()).ifPresent(e -> images.add(Symbols.Image.of("kernel", e, 0)));
        return new Symbols(images);
    }

    /** {@return the symbols of an ELF file as linked}
     * @param name what to call it
     * @param data its bytes */
    public static Symbols ofFile(String name, byte[] data) {
        return new Symbols(elf(name, data)
                .map(e -> List.of(Symbols.Image.of(name, e, 0)))
                .orElse(List.of()));
    }

    private static void addProgram(
            Recording recording, Event toUser, BootImage.Module program, List<Symbols.Image> images) {
        Optional<ElfImage> elf = elf(program.name(), program.data());
        try (Timeline timeline = Timeline.replay(recording)) {
            timeline.seek(Math.min(toUser.position() + 1, timeline.end()));
            Machine machine = timeline.machine();
            Map<Long, Long> auxv = Auxv.read(machine);
            Long entry = auxv.get(Auxv.AT_ENTRY);
            elf.ifPresent(e -> images.add(
                    Symbols.Image.of(program.name(), e, entry == null ? 0 : entry - e.entry())));
            Long base = auxv.get(Auxv.AT_SYSINFO_EHDR);
            if (base != null) {
                vdso(machine, base).ifPresent(images::add);
            }
        } catch (BadImageException | IOException e) {
            // Without re-execution: what the files alone tell.
            elf.ifPresent(i -> images.add(Symbols.Image.of(program.name(), i, 0)));
        }
    }

    private static Optional<Symbols.Image> vdso(Machine machine, long base) {
        byte[] bytes = new byte[MAX_VDSO];
        int got = machine.read(base, bytes, 0, bytes.length);
        // What follows the vDSO may be mapped too; an ELF reader does not mind.
        return elf("vdso", Arrays.copyOf(bytes, got)).map(e -> Symbols.Image.of("vdso", e, base));
    }

    private static Optional<ElfImage> elf(String name, byte[] data) {
        try {
            return Optional.of(ElfImage.parse(name, data));
        } catch (BadImageException e) {
            return Optional.empty();
        }
    }
}
