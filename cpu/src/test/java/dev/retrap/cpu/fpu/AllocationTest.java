package dev.retrap.cpu.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instructions allocate nothing while they run. */
class AllocationTest {
    private static final int RUNS = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"D8C1", "D80500200000", "DC3500200000", "D9FA", "D9FE", "D9F0", "D9C0", "D9F8", "DBF1",
        "DB3D00300000", "DF3500300000", "D93500300000", "D9FC", "D9FD"})
    void runsWithoutAllocation(String hex) {
        FpuMachine m = new FpuMachine();
        m.memory(0x2000, "0000403F 00000840");
        m.run("DBE3", "D9EB", "D9E8");
        Insn i = m.decode(hex, 0x100);
        Exec e = m.bind(i);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().threadId();
        long before = 0;
        for (int n = 0; n < 2 * RUNS; n++) {
            if (n == RUNS) {
                before = threads.getThreadAllocatedBytes(id);
            }
            e.exec(m.c, i);
        }
        assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(RUNS);
    }
}
