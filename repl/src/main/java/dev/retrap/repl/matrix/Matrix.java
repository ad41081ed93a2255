package dev.retrap.repl.matrix;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.isa.Op;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.BadRecordingException;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import dev.retrap.trace.check.Check;
import dev.retrap.trace.check.Checker;
import dev.retrap.trace.diff.Aspect;
import dev.retrap.trace.diff.DiffOptions;
import dev.retrap.trace.diff.DiffReport;
import dev.retrap.trace.diff.TraceDiff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs combinations on all processors. */
public final class Matrix {
    private static final int NOT_KEPT = 0;

    /**
     * How.
     *
     * @param directory where recordings go
     * @param base variant that the others are compared with, empty for none
     * @param checks what to check, empty for nothing
     * @param call number of the system call whose cost is told, -1 for all
     * @param maxSteps position at which a run ends at the latest
     * @param recorder what recordings say they were made by
     */
    public record Options(Path directory, String base, Set<Check> checks, long call, long maxSteps, String recorder) {}

    /** Is told how far it is, from any thread. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many steps of work are done. */
        void done(int done, int all);
    }

    private final Options options;
    private final Progress progress;
    private final int all;
    private int done;

    private Matrix(Options options, Progress progress, int all) {
        this.options = options;
        this.progress = progress;
        this.all = all;
    }

    /**
     * Records, measures, checks and compares all combinations.
     *
     * @return one row each, in the same order
     * @throws UncheckedIOException if a recording cannot be written or read
     * @throws InterruptedException if the thread is interrupted
     */
    public static List<Row> run(List<Combination> combinations, Options options, Progress progress)
            throws InterruptedException {
        return new Matrix(options, progress, 2 * combinations.size()).rows(combinations);
    }

    private List<Row> rows(List<Combination> combinations) throws InterruptedException {
        try (ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Row> rows = each(workers, combinations, this::record);
            return each(workers, rows, this::compare);
        }
    }

    private <T, R> List<R> each(ExecutorService workers, List<T> items, Function<T, R> work)
            throws InterruptedException {
        List<Callable<R>> tasks = new ArrayList<>();
        for (T item : items) {
            tasks.add(() -> {
                R result = work.apply(item);
                step();
                return result;
            });
        }
        List<R> results = new ArrayList<>();
        for (Future<R> f : workers.invokeAll(tasks)) {
            try {
                results.add(f.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException r) {
                    throw r;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return results;
    }

    private synchronized void step() {
        progress.done(++done, all);
    }

    private Row record(Combination c) {
        Path file = options.directory().resolve(c.fileName());
        var info = c.info(options.recorder());
        try {
            String end;
            try (Timeline t = Timeline.live(info.config(), info.image(), Recorder.create(file, info))) {
                end = words(t.stepForward(options.maxSteps()));
            }
            try (Recording r = Recording.open(file)) {
                return measure(c, r, end);
            }
        } catch (BadRecordingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static String words(Arrival a) {
        return switch (a) {
            case Arrival.PoweredOff(int status) -> "status " + status;
            case Arrival.Shutdown(String report) -> "crash";
            case Arrival.Idle() -> "idle";
            default -> "unfinished";
        };
    }

    private Row measure(Combination c, Recording r, String end) {
        Map<String, Long> exits = new TreeMap<>();
        Map<String, PathCost> paths = new TreeMap<>();
        for (Event exit : r.events()) {
            if (exit.isEntry() || !exit.toUser() || exit.pair() < 0 || exit.systemCall() < 0) {
                continue;
            }
            exits.merge(exit.name(), 1L, Long::sum);
            if (options.call() < 0 || options.call() == exit.systemCall()) {
                Event entry = r.event(exit.pair());
                String path = entry.name() + " -> " + exit.name();
                long leaving = c.cpu().costs().crossing(exit.kind()) + c.cpu().costs().cost(op(exit.kind()));
                paths.merge(path, new PathCost(path, 0, 0, 0, 0, 0).plus(entry.ownSteps(), entry.ownCycles() + leaving),
                        (x, y) -> x.plus(y.instructions(), y.cycles()));
            }
        }
        List<String> failed = options.checks().isEmpty() ? List.of()
                : Checker.check(r, options.checks(), NOT_KEPT).failed();
        return new Row(c, end, r.eventCount(), exits, List.copyOf(paths.values()), failed, "");
    }

    private static Op op(Crossing.Kind exit) {
        return switch (exit) {
            case SYSEXIT -> Op.SYSEXIT;
            case SYSRET -> Op.SYSRET;
            default -> Op.IRET;
        };
    }

    private Row compare(Row row) {
        Combination c = row.of();
        if (options.base().isEmpty() || options.base().equals(c.variant())) {
            return row;
        }
        Combination base = new Combination(options.base(), c.architecture(), c.cpu(), c.command());
        Path baseFile = options.directory().resolve(base.fileName());
        if (!baseFile.toFile().exists()) {
            return row;
        }
        try (Recording a = Recording.open(baseFile);
                Recording b = Recording.open(options.directory().resolve(c.fileName()))) {
            // Counts differ between any two kernels: they have columns of their own.
            EnumSet<Aspect> aspects = EnumSet.complementOf(EnumSet.of(Aspect.KERNEL_INSTRUCTIONS, Aspect.CYCLES,
                    Aspect.DECISION));
            return row.diverging(first(TraceDiff.compare(a, b, new DiffOptions(aspects, 1))));
        } catch (BadRecordingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static String first(DiffReport report) {
        long missing = Math.min(report.onlyA().stream().mapToLong(DiffReport.CallRef::number).min().orElse(Long.MAX_VALUE),
                report.onlyB().stream().mapToLong(DiffReport.CallRef::number).min().orElse(Long.MAX_VALUE));
        DiffReport.Group g = report.groups().stream()
                .min(Comparator.comparingLong(x -> x.calls().getFirst().number())).orElse(null);
        if (g != null && g.calls().getFirst().number() <= missing) {
            return "call " + g.calls().getFirst().number() + ", " + g.what() + ": " + g.differences().stream()
                    .map(d -> d.aspect().label() + " " + d.field()).distinct().limit(3)
                    .collect(Collectors.joining(", ")) + (g.differences().size() > 3 ? ", ..." : "");
        }
        return missing == Long.MAX_VALUE ? "" : "call " + missing + ": on one side only";
    }
}
