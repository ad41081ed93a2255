package dev.retrap.repl.bench;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.InterruptedQueryException;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.Recording;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * How long it takes to go anywhere in a long recording: records the fixture program {@code mixed} (1000 rounds: more than
 * 1 G steps and a million system calls), opens it in the same process, and goes to random places. Seeks and single steps
 * back are told in the thread's processor time, what runs on all processors by the clock.
 */
final class TravelFigures {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final LongSupplier CPU = THREADS::getCurrentThreadCpuTime;
    private static final LongSupplier CLOCK = System::nanoTime;
    private static final String VARIANT = "v4.4";

    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final Timeline t;

    private TravelFigures(Timeline t) {
        this.t = t;
    }

    /**
     * Prints the figures.
     *
     * @param words number of rounds, 1000 if there is none
     */
    static void run(List<String> words) throws IOException {
        String rounds = words.isEmpty() ? "1000" : words.getFirst();
        Path file = Files.createTempFile("retrap-travel", ".retrap");
        try {
            record(file, "mixed " + rounds);
            long start = System.nanoTime();
            try (Recording r = open(file); Timeline t = Timeline.replay(r)) {
                System.out.printf("opened in %.0f ms: %,d steps, %,d events, %d states, %,d bytes%n",
                        (System.nanoTime() - start) / 1e6, r.endPosition(), r.eventCount(),
                        r.checkpointPositions().size(), Files.size(file));
                new TravelFigures(t).all();
            }
        } finally {
            Files.delete(file);
        }
    }

    private static Recording open(Path file) throws IOException {
        try {
            return Recording.open(file);
        } catch (dev.retrap.trace.BadRecordingException e) {
            throw new IOException(e);
        }
    }

    private static void record(Path file, String command) throws IOException {
        BootImage image = new BootImage(Fixtures.kernel(VARIANT), "",
                List.of(new BootImage.Module("mixed", Fixtures.program("mixed"), command)));
        MachineConfig config = MachineConfig.of(CpuModels.named("p6"));
        RecordingInfo info = new RecordingInfo(config, image, VARIANT, "mixed", List.of(), "bench");
        long start = System.nanoTime();
        try (Timeline t = Timeline.live(config, image, Recorder.create(file, info))) {
            t.continueForward(StopSet.NONE);
            System.out.printf("recorded in %.1f s%n", (System.nanoTime() - start) / 1e9);
        }
    }

    private static long address(String image, String symbol) {
        byte[] elf = image.equals(VARIANT) ? Fixtures.kernel(image) : Fixtures.program(image);
        return ElfImage.parse(image, elf).symbolTable(0).named(symbol).orElseThrow().address();
    }

    /** Of {@code times} movements from random places, or from where the one before ended. */
    private void figures(String what, int times, LongSupplier clock, boolean anew, Runnable movement) {
        long[] ns = new long[times];
        for (int i = 0; i < times; i++) {
            if (anew) {
                t.seek(random.nextLong(t.end()));
            }
            long start = clock.getAsLong();
            movement.run();
            ns[i] = clock.getAsLong() - start;
        }
        Arrays.sort(ns);
        System.out.printf("%-44s %6d times  p50 %8.3f ms  p99 %8.3f ms  max %8.3f ms  (%s)%n", what, times,
                ns[times / 2] / 1e6, ns[times * 99 / 100] / 1e6, ns[times - 1] / 1e6,
                clock == CPU ? "processor" : "clock");
    }

    private void all() {
        figures("first seek", 1, CLOCK, false, () -> t.seek(t.end() / 2));
        figures("seek", 400, CPU, false, () -> t.seek(random.nextLong(t.end())));
        figures("reverse-stepi at a random place", 400, CPU, true, () -> t.stepBackward(1));
        figures("reverse-stepi in a row", 20_000, CPU, false, () -> t.stepBackward(1));
        for (String name : List.of("round_of", "milestone", "fib", "crc32")) {
            StopSet stops = StopSet.breakpoints(List.of(address("mixed", name)));
            figures("reverse-continue to " + name, 50, CLOCK, true, () -> t.continueBackward(stops));
            figures("continue to " + name, 50, CLOCK, true, () -> t.continueForward(stops));
        }
        long progress = address("mixed", "progress");
        t.seek(t.end() / 2);
        String[] often = {"every step", "every round", "every 100th round", "once"};
        for (int i = 0; i < often.length; i++) {
            List<Watch> word = t.queries().ranges(progress + 128L * i, 4, Watch.Access.WRITE);
            figures("last write of a word written " + often[i], 30, CLOCK, true,
                    () -> t.queries().last(word, t.position()));
        }
        figures("who called", 50, CLOCK, true, () -> t.queries().whoCalled());
        figures("last change of EAX", 50, CLOCK, true, () -> t.queries().lastChange(Reg.RAX, t.position()));
        falseHits();
        interrupts();
    }

    private void falseHits() {
        long loop = address("mixed", "crc32") + 8; // the loop's first instruction
        AtomicLong hits = new AtomicLong();
        StopSet stops = StopSet.breakpoints(List.of(loop)).withCondition(loop, m -> {
            hits.incrementAndGet();
            return m.get(Reg.RSP) == 1;
        });
        for (boolean forward : new boolean[] {true, false, true, false}) {
            t.seek(t.end() / 2);
            hits.set(0);
            long start = System.nanoTime();
            Arrival a = forward ? t.stepForward(30_000_000, stops) : t.stepBackward(30_000_000, stops);
            System.out.printf("false hits of a condition %s: %.1f M/s (%,d, %s)%n", forward ? "forward" : "backward",
                    hits.get() * 1e3 / (System.nanoTime() - start), hits.get(), a);
        }
    }

    /** From the request to the movement's end. */
    private void interrupts() {
        long loop = address("mixed", "crc32") + 8;
        StopSet never = StopSet.breakpoints(List.of(loop)).withCondition(loop, m -> m.get(Reg.RSP) == 1);
        List<Runnable> movements = List.of(
                () -> t.continueForward(never), () -> t.continueBackward(never),
                () -> t.continueBackward(StopSet.NONE.withCrossings(e -> e.index() < 0)),
                () -> t.continueForward(StopSet.NONE.withWatches(List.of(new Watch(loop, 1, Watch.Access.WRITE)))),
                () -> t.queries().lastChange(Reg.STAR, t.position()),
                () -> t.queries().nextChange(Reg.STAR, t.position()),
                () -> t.queries().executions(loop, 0, t.end(), true, Integer.MAX_VALUE),
                () -> t.eachEvent(0, t.recording().eventCount(), e -> { }));
        long worst = 0;
        for (int i = 0; i < 80; i++) {
            t.seek(t.end() / 2);
            long[] asked = new long[1];
            Thread asks = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(20 + random.nextInt(30));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                asked[0] = System.nanoTime();
                t.interrupt();
            });
            try {
                movements.get(i % movements.size()).run();
            } catch (InterruptedQueryException e) {
                // As it was asked for.
            }
            long end = System.nanoTime();
            try {
                asks.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            t.clearInterrupt();
            worst = Math.max(worst, end - asked[0]);
        }
        System.out.printf("from an interrupt to the end of a movement or question, worst of 80: %.1f ms%n", worst / 1e6);
    }
}
