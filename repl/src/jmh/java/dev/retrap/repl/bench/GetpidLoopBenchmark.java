package dev.retrap.repl.bench;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.Stop;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The fixture program {@code getpid-loop} on the default machine, past its start-up: an operation is one guest step,
 * so that throughput in ops/us is millions of guest instructions a second. {@code run} is the machine alone,
 * {@code record} the same under a recorder that writes to a file; their quotient is what recording costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = {"-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
public class GetpidLoopBenchmark {
    /** Steps of one invocation. */
    private static final int STEPS = 1_000_000;
    /** The program has begun to call by then. */
    private static final long STARTED = 500_000;
    /** More calls than any iteration makes. */
    private static final String CALLS = "4000000000";

    /** Kernel variant. */
    @Param({"v4.2", "v4.4"})
    private String variant;

    /** Way into the kernel. */
    @Param({"vdso", "int80"})
    private String way;

    private BootImage image;

    /** Makes the boot image. */
    @Setup
    public void image() {
        String program = "getpid-loop";
        image = new BootImage(Fixtures.kernel(variant), "", List.of(new BootImage.Module(
                program, Fixtures.program(program), program + " " + CALLS + " " + way)));
    }

    private static MachineConfig config() {
        return MachineConfig.of(CpuModels.named("p6"));
    }

    /** A machine by itself. */
    @State(Scope.Thread)
    public static class Alone {
        private Machine machine;

        /** Boots it. */
        @Setup(Level.Iteration)
        public void boot(GetpidLoopBenchmark b) {
            machine = Machine.boot(config(), b.image);
            machine.run(STARTED);
        }
    }

    /** A machine being recorded. */
    @State(Scope.Thread)
    public static class Recorded {
        private Path file;
        private Timeline timeline;

        /** Boots it and starts the recording. */
        @Setup(Level.Iteration)
        public void boot(GetpidLoopBenchmark b) throws IOException {
            file = Files.createTempFile("retrap-bench", ".retrap");
            RecordingInfo info = new RecordingInfo(config(), b.image, b.variant, "getpid-loop", List.of(), "bench");
            timeline = Timeline.live(config(), b.image, Recorder.create(file, info));
            timeline.stepForward(STARTED);
        }

        /** Ends the recording; not measured. */
        @TearDown(Level.Iteration)
        public void close() throws IOException {
            timeline.close();
            Files.delete(file);
        }
    }

    /** The machine alone. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Stop run(Alone s) {
        return s.machine.run(s.machine.position() + STEPS);
    }

    /** The machine with everything recorded. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Arrival record(Recorded s) {
        return s.timeline.stepForward(STEPS);
    }
}
