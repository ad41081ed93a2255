package dev.retrap.repl.bench;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import dev.retrap.fixtures.Fixtures;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** One run of a fixture program to its end, whole process: {@code EngineRun VARIANT PROGRAM [ARGUMENT...]}. */
final class EngineRun {
    private EngineRun() {}

    public static void main(String[] args) {
        String variant = args[0];
        String program = args[1];
        String command = String.join(" ", List.of(args).subList(1, args.length));
        BootImage image = new BootImage(Fixtures.kernel(variant), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), command)));
        Machine m = Machine.boot(MachineConfig.of(CpuModels.named("p6")), image);
        StringBuilder console = new StringBuilder();
        m.setObserver(new MachineObserver() {
            @Override
            public boolean wantsCrossings() {
                return false;
            }

            @Override
            public void console(int octet) {
                console.append((char) octet);
            }
        });
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long busy = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long window = Long.getLong("window", Long.MAX_VALUE);
        Stop stop;
        double best = 0;
        do {
            long from = m.position();
            long at = threads.getCurrentThreadCpuTime();
            stop = m.run(window == Long.MAX_VALUE ? window : from + window);
            best = Math.max(best, (m.position() - from) * 1e3 / (threads.getCurrentThreadCpuTime() - at));
        } while (stop instanceof Stop.Reached);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpu = (threads.getCurrentThreadCpuTime() - busy) / 1e9;
        System.out.printf("%s%n%d steps, %.3f s, %.3f s of the thread, %.1f M/s, best %.1f, digest %016x, %s%n",
                console.toString().strip(), m.position(), seconds, cpu, m.position() / cpu / 1e6, best, m.digest(), stop);
    }
}
