package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Machine;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's thread allocates nothing per event, recorded or not. */
class RecorderAllocationTest {
    @TempDir
    Path dir;

    @Test
    void nothingIsAllocatedPerEvent() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        RecordingInfo info = Guests.info("v4.4", "getpid-loop 200000 vdso");
        Machine machine = Machine.boot(info.config(), info.image());
        try (Recorder recorder = Recorder.create(dir.resolve("r"), info)) {
            recorder.attach(machine);
            machine.run(4_000_000); // decoded, compiled, all contexts seen
            long events = recorder.eventCount();
            long before = threads.getCurrentThreadAllocatedBytes();
            machine.run(24_000_000);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            events = recorder.eventCount() - events;
            assertThat(events).isGreaterThan(100_000);
            assertThat((double) allocated / events).as("%d bytes for %d events", allocated, events).isLessThan(1);
            recorder.end(machine.position(), new EndStatus.Interrupted());
        }
    }
}
