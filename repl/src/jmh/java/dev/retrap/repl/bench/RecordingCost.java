package dev.retrap.repl.bench;

import com.sun.management.ThreadMXBean;
import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What recording costs, by pairs: a guest runs alone and recorded in turn, in one JVM, so that what else the host does
 * falls on both. Tells the processor time of the machine's thread, that of the writer's, and the time that passed until
 * the file had all. Rounds are short and many, and the tenth that was least disturbed by others counts beside the median.
 */
final class RecordingCost {
    /** A stored state comes once in 2^21 steps at first, or 2^22 where many pages are written. */
    private static final long STEPS = 1 << 23;
    /** HotSpot takes its time where its compiling threads get little. */
    private static final int WARM_UP = 120;
    private static final int ROUNDS = 80;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private RecordingCost() {}

    /** Guest command lines, {@code VARIANT:PROGRAM,ARG...}; without any, getpid-loop on both kernels, both ways. */
    static void run(List<String> guests) throws IOException {
        List<String> all = guests.isEmpty()
                ? List.of("v4.2:getpid-loop,4000000000,vdso", "v4.2:getpid-loop,4000000000,int80",
                        "v4.4:getpid-loop,4000000000,vdso", "v4.4:getpid-loop,4000000000,int80")
                : guests;
        for (String g : all) {
            String[] words = g.substring(g.indexOf(':') + 1).split(",");
            measure(g.substring(0, g.indexOf(':')), words[0], String.join(" ", words));
        }
    }

    private static void measure(String variant, String program, String command) throws IOException {
        MachineConfig config = MachineConfig.of(CpuModels.named("p6"));
        BootImage image = new BootImage(Fixtures.kernel(variant), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        Path file = Files.createTempFile("retrap-bench", ".retrap");
        Recorder recorder = Recorder.create(file, new RecordingInfo(config, image, variant, program, List.of(), "bench"));
        Machine alone = Machine.boot(config, image);
        double[] bare = new double[ROUNDS];
        double[] recorded = new double[ROUNDS];
        double[] writer = new double[ROUNDS];
        double[] bareElapsed = new double[ROUNDS];
        double[] recordedElapsed = new double[ROUNDS];
        long events = 0;
        try (Timeline timeline = Timeline.live(config, image, recorder)) {
            long here = Thread.currentThread().threadId();
            long there = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                    .filter(t -> t != null && t.getThreadName().equals("retrap-recorder"))
                    .mapToLong(ThreadInfo::getThreadId).max().orElseThrow();
            for (int i = -WARM_UP; i < ROUNDS; i++) {
                long clock = System.nanoTime();
                long start = THREADS.getThreadCpuTime(here);
                alone.run(alone.position() + STEPS);
                long middle = THREADS.getThreadCpuTime(here);
                long middleClock = System.nanoTime();
                long eventsBefore = recorder.eventCount();
                long writerBefore = THREADS.getThreadCpuTime(there);
                timeline.stepForward(STEPS);
                long end = THREADS.getThreadCpuTime(here);
                recorder.flush(timeline.position());
                long endClock = System.nanoTime();
                if (i >= 0) {
                    bareElapsed[i] = middleClock - clock;
                    recordedElapsed[i] = endClock - middleClock;
                    bare[i] = middle - start;
                    recorded[i] = end - middle;
                    writer[i] = THREADS.getThreadCpuTime(there) - writerBefore;
                    events = recorder.eventCount() - eventsBefore;
                }
            }
        } finally {
            Files.delete(file);
        }
        report(variant + " " + command, bare, recorded, writer, events);
        Arrays.sort(bareElapsed);
        Arrays.sort(recordedElapsed);
        System.out.printf("%-34s elapsed until all is in the file %+6.1f %% (median %+.1f %%)%n", "",
                more(bareElapsed, recordedElapsed, 10), more(bareElapsed, recordedElapsed, 2));
    }

    /** Percent by which the second is more, at one part of so many from the least. */
    private static double more(double[] sorted, double[] other, int part) {
        return 100 * (other[other.length / part] / sorted[sorted.length / part] - 1);
    }

    private static void report(String what, double[] bare, double[] recorded, double[] writer, long events) {
        for (double[] d : List.of(bare, recorded, writer)) {
            Arrays.sort(d);
        }
        System.out.printf("%-34s alone %6.1f M/s  recorded %6.1f M/s  %+6.1f %% (median %+.1f %%)%n", what,
                STEPS * 1e3 / tenth(bare), STEPS * 1e3 / tenth(recorded), more(bare, recorded, 10),
                more(bare, recorded, 2));
        System.out.printf("%-34s %.1f steps an event; per event %.0f ns alone, %+.0f ns recorded, writer %.0f ns%n", "",
                (double) STEPS / events, tenth(bare) / events, (tenth(recorded) - tenth(bare)) / events,
                tenth(writer) / events);
    }

    private static double tenth(double[] sorted) {
        return sorted[sorted.length / 10];
    }
}
