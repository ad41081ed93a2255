package dev.retrap.gdbstub.session;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the target is, for {@code qXfer:features:read} and for the layout of {@code g}: both come from this one list, so
 * that they agree (GDB manual, appendix "Target Descriptions").
 *
 * @param architecture BFD's name, e.g. {@code i386}
 * @param osAbi gdb's name, e.g. {@code GNU/Linux}
 * @param compatible other architectures whose programs run on it
 * @param expedited names of the frame, stack and instruction pointer: sent along with every stop
 * @param addressMask bits that an address of it has
 * @param features in order; register numbers count through them from 0
 */
record TargetDescription(String architecture, String osAbi, List<String> compatible, List<String> expedited,
        long addressMask, List<Feature> features) {
    /**
     * A feature.
     *
     * @param name standard or private name
     * @param types type definitions, as XML
     * @param registers in order
     * @param inBlock whether {@code g} carries them. gdb asks for the others one by one when it needs them, so that a
     *     stop does not cost what is dear to find out. Features in the block come first.
     */
    record Feature(String name, String types, List<Register> registers, boolean inBlock) {}

    TargetDescription {
        compatible = List.copyOf(compatible);
        expedited = List.copyOf(expedited);
        features = List.copyOf(features);
    }

    /**
     * The description that suits a guest: the 64-bit one if its kernel leaves 32-bit mode.
     *
     * @param longMode whether it is known to have done so, asked if the files do not tell
     */
    static TargetDescription of(BootImage image, CpuModel cpu, BooleanSupplier longMode) {
        return cpu.has(dev.retrap.cpu.isa.Feature.LM) && (is64(image) || longMode.getAsBoolean())
                ? X86_64Description.make()
                : I386Description.of(cpu);
    }

    /** The same for its kernel alone. */
    static TargetDescription ofKernel(BootImage image, CpuModel cpu, BooleanSupplier longMode) {
        return of(new BootImage(image.kernel(), image.commandLine(), List.of()), cpu, longMode);
    }

    /**
     * The description that suits a program, whatever the kernel is: a 32-bit one sees a 32-bit processor.
     *
     * @param file the program's ELF file, if it is known
     */
    static TargetDescription ofProgram(Optional<byte[]> file, CpuModel cpu) {
        return file.filter(TargetDescription::isElf64).isPresent() ? X86_64Description.make() : I386Description.of(cpu);
    }

    private static boolean is64(BootImage image) {
        return isElf64(image.kernel()) || image.modules().stream().anyMatch(m -> isElf64(m.data()));
    }

    /** ELF specification 1.2: EI_CLASS is ELFCLASS64. */
    private static boolean isElf64(byte[] file) {
        return file.length > 4 && file[0] == 0x7f && file[1] == 'E' && file[2] == 'L' && file[3] == 'F' && file[4] == 2;
    }

    /** Bytes of a pointer. */
    int wordBytes() {
        return addressMask == -1 ? 8 : 4;
    }

    /** All registers in order of their numbers. */
    List<Register> registers() {
        List<Register> all = new ArrayList<>();
        features.forEach(f -> all.addAll(f.registers()));
        return List.copyOf(all);
    }

    /** How many of them {@code g} carries: the first that many. */
    int inBlock() {
        return features.stream().filter(Feature::inBlock).mapToInt(f -> f.registers().size()).sum();
    }

    /** The document {@code target.xml}. */
    String xml() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n");
        xml.append("<target version=\"1.0\">\n");
        xml.append("  <architecture>").append(architecture).append("</architecture>\n");
        xml.append("  <osabi>").append(osAbi).append("</osabi>\n");
        compatible.forEach(a -> xml.append("  <compatible>").append(a).append("</compatible>\n"));
        int number = 0;
        for (Feature feature : features) {
            xml.append("  <feature name=\"").append(feature.name()).append("\">\n").append(feature.types());
            for (Register r : feature.registers()) {
                xml.append("    <reg name=\"%s\" bitsize=\"%d\" type=\"%s\" regnum=\"%d\"".formatted(
                        r.name(), r.bits(), r.type(), number++));
                if (!r.group().isEmpty()) {
                    xml.append(" group=\"").append(r.group()).append('"');
                }
                xml.append("/>\n");
            }
            xml.append("  </feature>\n");
        }
        return xml.append("</target>\n").toString();
    }
}
