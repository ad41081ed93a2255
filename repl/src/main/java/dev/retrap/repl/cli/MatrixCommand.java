package dev.retrap.repl.cli;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.fixtures.Program;
import dev.retrap.fixtures.UnknownFixtureException;
import dev.retrap.fixtures.Variant;
import dev.retrap.repl.matrix.Combination;
import dev.retrap.repl.matrix.Matrix;
import dev.retrap.repl.matrix.MatrixTable;
import dev.retrap.repl.matrix.Row;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.check.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap matrix}: programs on all kernels and CPUs. */
@Command(
        name = "matrix",
        header = "Run programs on every kernel variant and CPU, measure, check, compare.",
        description = {
            "",
            "Records each combination, on all processors of this machine, and prints a table: events, exit "
                + "instructions, kernel instructions and modelled cycles of a call by its way in and out, checks that "
                + "failed, and the first call that differs from that of a base variant. Cycles are a model.",
        },
        footer = {
            "  retrap matrix sixargs",
            "  retrap matrix --variants v4.2,v4.4 --cpus p6,k7 sixargs \"getpid-loop 100\"",
            "  retrap matrix --cost --call 224 sixargs",
            "  retrap matrix --arch x86_64 sixargs \"selftest ptrace\"",
            "  retrap matrix --format html sixargs kernel-check > matrix.html",
        })
final class MatrixCommand implements Callable<Integer> {
    private static final List<String> CPUS = List.of("p6", "k7", "no-sep");
    private static final List<String> CPUS_64 = List.of("core2", "k8", "no-fast32");

    private final Context context;

    /** Values of {@code --format}. */
    enum Format {
        TEXT, JSON, HTML, MARKDOWN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(arity = "1..*", paramLabel = "PROGRAM",
            description = "Programs of the catalogue, each with its arguments in one word")
    private List<String> programs;

    @Option(names = "--variants", paramLabel = "NAME", split = ",", description = "Kernel variants (default: all)")
    private List<String> variants = List.of();

    @Option(names = "--arch", paramLabel = "ARCH",
            description = "The variants' kernels: i386 or x86_64 (default: each that the CPUs and programs allow)")
    private Architecture arch;

    @Option(names = "--cpus", paramLabel = "MODEL", split = ",",
            description = "CPU models (default: p6,k7,no-sep, for x86_64 core2,k8,no-fast32)")
    private List<String> cpus = List.of();

    @Option(names = "--base", paramLabel = "NAME", description = "Compare with this variant (default: v4.4)")
    private String base = GuestOptions.DEFAULT_VARIANT;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "These checks only (default: all)")
    private List<String> only = List.of();

    @Option(names = "--cost", description = "Only what calls cost; no checks, no comparison")
    private boolean cost;

    @Option(names = "--call", paramLabel = "NR", description = "Cost of this system call only (default: all together)")
    private long call = -1;

    @Option(names = "--steps", paramLabel = "N", description = "End a run after N steps (default: 1000000000)")
    private long steps = 1_000_000_000L;

    @Option(names = "--dir", paramLabel = "DIR", description = "Keep the recordings in DIR")
    private String directory;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "text, json, html or markdown (default: text)")
    private Format format = Format.TEXT;

    MatrixCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        List<Combination> combinations = combinations();
        Path dir = directory();
        try {
            Set<Check> checks = cost ? EnumSet.noneOf(Check.class) : CheckCommand.checks(only);
            List<Row> rows = Matrix.run(combinations, new Matrix.Options(dir, cost ? "" : base, checks, call, steps,
                    Version.nameAndVersion()), this::progress);
            MatrixTable table = cost ? MatrixTable.cost(rows) : MatrixTable.of(rows);
            context.out().print(switch (format) {
                case TEXT -> table.text();
                case MARKDOWN -> table.markdown();
                case HTML -> table.html();
                case JSON -> MatrixTable.json(rows);
            });
            return ExitStatus.OK;
        } finally {
            if (directory == null) {
                delete(dir);
            }
        }
    }

    private void progress(int done, int all) {
        if (context.io().errIsTerminal()) {
            context.err().print(done == all ? "\r\033[K" : "\r" + done + " of " + all + "\033[K");
            context.err().flush();
        }
    }

    private List<Combination> combinations() {
        List<Combination> all = new ArrayList<>();
        List<Architecture> architectures = arch == null ? List.of(Architecture.values()) : List.of(arch);
        List<String> models = !cpus.isEmpty() ? cpus : arch == Architecture.X86_64 ? CPUS_64 : CPUS;
        List<String> names = variants.isEmpty() ? Fixtures.variants().stream().map(Variant::name).toList() : variants;
        try {
            for (String command : programs) {
                Program program = Fixtures.describe(command.split(" ")[0]);
                for (String name : names) {
                    Variant variant = Fixtures.variant(name);
                    for (Architecture a : architectures) {
                        for (String model : models) {
                            CpuModel cpu = model(model);
                            if (variant.architectures().contains(a) && runs(a, cpu, program)) {
                                all.add(new Combination(name, a, cpu, command));
                            }
                        }
                    }
                }
            }
        } catch (UnknownFixtureException e) {
            throw new Trouble(e.getMessage() + "; retrap variants lists them", e);
        }
        if (all.isEmpty()) {
            throw new Trouble("no such combination: a 64-bit kernel needs a 64-bit CPU, a 64-bit program both");
        }
        return all;
    }

    private static boolean runs(Architecture kernel, CpuModel cpu, Program program) {
        return kernel == Architecture.I386 ? program.architecture() == Architecture.I386 : cpu.has(Feature.LM);
    }

    private static CpuModel model(String name) {
        return CpuModels.all().stream().filter(m -> m.name().equals(name)).findFirst()
                .orElseThrow(() -> new Trouble("unknown CPU model \"" + name + "\"; known are "
                        + CpuModels.all().stream().map(CpuModel::name).collect(Collectors.joining(", "))));
    }

    private Path directory() {
        try {
            return directory == null ? Files.createTempDirectory("retrap-matrix")
                    : Files.createDirectories(Recordings.path(directory));
        } catch (IOException e) {
            throw new Trouble("directory " + directory + " cannot be made: " + e.getMessage()
                    + "; choose another with --dir", e);
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }
}
