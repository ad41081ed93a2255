package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.BootImage;
import dev.retrap.gdbstub.guest.AddressSpace.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/PID/maps} of the moment (proc(5)), from the page tables: pages that user mode may access, with the
 * rights that the tables give. gdb reads it to learn how long the vDSO is.
 */
final class ProcMaps {
    private ProcMaps() {}

    static String text(List<Mapping> mappings, BootImage image, Optional<GuestProgram> program) {
        ElfSegments segments = image.modules().isEmpty() ? null : ElfSegments.of(image.modules().getFirst().data());
        StringBuilder text = new StringBuilder();
        for (Mapping mapping : mappings) {
            if (mapping.user()) {
                for (Mapping part : cut(mapping, program.flatMap(GuestProgram::vdso))) {
                    text.append(line(part, name(part, segments, GuestProgram.path(image), program)));
                }
            }
        }
        return text.toString();
    }

    /** Cuts the vDSO's pages out of a run of pages that happen to have the same rights. */
    private static List<Mapping> cut(Mapping m, Optional<GuestProgram.Vdso> vdso) {
        long base = vdso.map(GuestProgram.Vdso::base).orElse(-1L);
        if (base < m.start() || base >= m.end()) {
            return List.of(m);
        }
        long end = Math.min(m.end(), base + vdso.get().image().length + 4095 & -4096L);
        List<Mapping> parts = new ArrayList<>();
        long[] cuts = {m.start(), base, end, m.end()};
        for (int i = 1; i < cuts.length; i++) {
            if (cuts[i - 1] < cuts[i]) {
                parts.add(new Mapping(cuts[i - 1], cuts[i], m.user(), m.writable(), m.executable()));
            }
        }
        return parts;
    }

    private static String line(Mapping m, String name) {
        String line = "%08x-%08x r%c%cp 00000000 00:00 0".formatted(
                m.start(), m.end(), m.writable() ? 'w' : '-', m.executable() ? 'x' : '-');
        return (name.isEmpty() ? line : "%-48s %s".formatted(line, name)) + "\n";
    }

    private static String name(Mapping m, ElfSegments segments, String path, Optional<GuestProgram> program) {
        if (program.flatMap(GuestProgram::vdso).filter(v -> v.base() == m.start()).isPresent()) {
            return "[vdso]";
        }
        if (program.filter(p -> p.stackPointer() - m.start() >= 0 && p.stackPointer() < m.end()).isPresent()) {
            return "[stack]";
        }
        return segments != null && segments.at(m.start()) != null ? path : "";
    }
}
