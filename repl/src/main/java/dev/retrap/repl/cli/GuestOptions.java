package dev.retrap.repl.cli;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.fixtures.Program;
import dev.retrap.fixtures.UnknownFixtureException;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that say what guest to run on what machine; mixed into the commands that run one. */
final class GuestOptions {
    static final String DEFAULT_VARIANT = "v4.4";
    static final String DEFAULT_CPU = "p6";
    static final String DEFAULT_CPU_64 = "k8";

    private static final long LARGEST_FILE = 1L << 30;

    @Option(names = "--variant", paramLabel = "NAME", order = 1,
            description = "Kernel variant, see retrap variants (default: " + DEFAULT_VARIANT + ")")
    private String variant;

    @Option(names = "--arch", paramLabel = "ARCH", order = 1,
            description = "The variant's kernel: i386, or x86_64, which runs 32-bit programs, too (default: the program's)")
    private Architecture arch;

    @Option(names = "--kernel", paramLabel = "FILE", order = 2,
            description = "A Multiboot or PVH ELF kernel of your own instead")
    private String kernel;

    @Option(names = "--cpu", paramLabel = "MODEL", order = 3,
            description = "CPU model, see retrap cpus (default: " + DEFAULT_CPU + ", for a 64-bit kernel "
                    + DEFAULT_CPU_64 + ")")
    private String cpu;

    @Option(names = "--ram", paramLabel = "SIZE", order = 4, description = "RAM, such as 32M (default: 32M)")
    private String ram;

    @Option(names = "--append", paramLabel = "CMDLINE", order = 5, description = "The kernel's command line")
    private String append = "";

    @Option(names = "--root", paramLabel = "DIR", order = 6,
            description = "The guest's files: a directory, or a cpio archive; PROGRAM may then be a path in it, from /")
    private String root;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PROGRAM",
            description = "A program of the catalogue, or a path to a static Linux program, 32-bit or 64-bit")
    private String program;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARGS",
            description = "Its arguments; put -- before those that begin with a dash")
    private List<String> arguments = List.of();

    /** {@return the first word: a program, or for serve a recording; null if there is none} */
    String first() {
        return program;
    }

    /** Takes the first word away: it is no program, the next one is. {@return it, null if there is none} */
    String takeFirst() {
        String taken = program;
        program = arguments.isEmpty() ? null : arguments.getFirst();
        arguments = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        return taken;
    }

    /** {@return true if an option was given that a recording does not take} */
    boolean describesGuest() {
        return variant != null || arch != null || kernel != null || ram != null || root != null || !append.isEmpty() || !arguments.isEmpty()
                || cpu != null;
    }

    /** {@return the guest}
     * @throws Trouble if something is not as it must be */
    Guest resolve() {
        if (kernel != null && variant != null) {
            throw new Trouble("--kernel and --variant exclude each other: a variant is a kernel");
        }
        if (program == null && kernel == null) {
            throw new Trouble("a program is missing: name one of "
                    + Fixtures.programs().stream().map(Program::name).collect(Collectors.joining(", "))
                    + ", or a static Linux program");
        }
        try {
            String name = kernel != null ? "" : variant != null ? variant : DEFAULT_VARIANT;
            byte[] kernelImage = kernel != null ? elf(kernel, "a kernel").data() : Fixtures.kernel(name, architecture());
            if (root != null && program == null) {
                throw new Trouble("--root needs a PROGRAM, which may be a path in the tree");
            }
            List<BootImage.Module> modules = program == null ? List.of()
                    : root == null ? List.of(module()) : List.of(module(), FileTree.module(Recordings.path(root)));
            return new Guest(config(), new BootImage(kernelImage, append, modules), name,
                    modules.isEmpty() ? "" : modules.getFirst().name());
        } catch (UnknownFixtureException e) {
            throw new Trouble(e.getMessage() + "; retrap variants lists them", e);
        }
    }

    private MachineConfig config() {
        try {
            return new MachineConfig(model(), ram == null ? MachineConfig.DEFAULT_RAM : Numbers.parseBytes(ram));
        } catch (NumberFormatException e) {
            throw new Trouble("--ram " + ram + " is no size: write a number and K, M or G, such as 32M", e);
        } catch (IllegalArgumentException e) {
            throw new Trouble("--ram " + ram + ": " + e.getMessage(), e);
        }
    }

    /** Of the kernel: what was asked for, or what the program needs. */
    private Architecture architecture() {
        if (arch != null) {
            return arch;
        }
        boolean only64 = variant != null && kernel == null
                && Fixtures.variant(variant).architectures().equals(java.util.Set.of(Architecture.X86_64));
        return only64 || programIs64() ? Architecture.X86_64 : Architecture.I386;
    }

    private boolean kernelIs64() {
        return kernel != null ? elf(kernel, "a kernel").is64() : architecture() == Architecture.X86_64;
    }

    private boolean programIs64() {
        if (program == null) {
            return false;
        }
        return fixture() ? Fixtures.describe(program).architecture() == Architecture.X86_64
                : Files.isRegularFile(Recordings.path(FileTree.onHost(root, program)))
                        && elf(FileTree.onHost(root, program), "a program").is64();
    }

    private boolean fixture() {
        return program.indexOf('/') < 0 && Fixtures.programs().stream().anyMatch(p -> p.name().equals(program));
    }

    private CpuModel model() {
        boolean is64 = kernelIs64();
        String name = cpu != null ? cpu : is64 ? DEFAULT_CPU_64 : DEFAULT_CPU;
        CpuModel model = CpuModels.all().stream().filter(m -> m.name().equals(name)).findFirst()
                .orElseThrow(() -> new Trouble("unknown CPU model \"" + name + "\"; known are " + names(_ -> true)));
        if (is64 && kernel == null && !model.has(Feature.LM)) {
            throw new Trouble("CPU model " + name + " has no long mode, which a 64-bit kernel needs: choose one of "
                    + names(m -> m.has(Feature.LM)));
        }
        return model;
    }

    private static String names(Predicate<CpuModel> which) {
        return CpuModels.all().stream().filter(which).map(CpuModel::name).collect(Collectors.joining(", "));
    }

    private BootImage.Module module() {
        byte[] data;
        if (fixture()) {
            data = Fixtures.program(program);
        } else if (program.indexOf('/') < 0 && !Files.exists(Recordings.path(program))) {
            throw new Trouble("no program " + program + ": name one of "
                    + Fixtures.programs().stream().map(Program::name).collect(Collectors.joining(", "))
                    + ", or a static Linux program");
        } else {
            ElfImage elf = elf(FileTree.onHost(root, program), "a program");
            if (kernel == null && elf.is64() && architecture() == Architecture.I386) {
                throw new Trouble(program + " is a 64-bit program, which an i386 kernel cannot run: leave out --arch");
            }
            if (kernel == null && root == null && elf.section(".interp").isPresent()) {
                throw new Trouble(program + " is dynamically linked, and there is no loader: link it with -static, "
                        + "or give its loader and libraries with --root");
            }
            data = elf.data();
        }
        Path file = Recordings.path(program).getFileName();
        String name = file == null ? program : file.toString();
        StringBuilder line = new StringBuilder(quoted(name));
        arguments.forEach(a -> line.append(' ').append(quoted(a)));
        return new BootImage.Module(name, data, line.toString());
    }

    /** A word as the guest kernel splits its command line: like a shell. */
    private static String quoted(String word) {
        boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> " '\"\\".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static ElfImage elf(String name, String what) {
        try {
            Path file = Recordings.path(name);
            if (Files.isDirectory(file)) {
                throw new Trouble(name + " is a directory: name " + what + ", an ELF file");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new Trouble(name + " is too large to be " + what + ": " + Numbers.bytes(Files.size(file)));
            }
            return ElfImage.parse(name, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new Trouble(name + " does not exist: name " + what + ", an ELF file", e);
        } catch (AccessDeniedException e) {
            throw new Trouble(name + " may not be read: change its permissions", e);
        } catch (IOException e) {
            throw new Trouble(name + " cannot be read: " + e.getMessage(), e);
        } catch (BadImageException e) {
            throw new Trouble(e.getMessage() + "; name " + what + ", an ELF file", e);
        }
    }
}
