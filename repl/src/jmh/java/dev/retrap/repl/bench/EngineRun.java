package dev.retrap.repl.bench;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import dev.retrap.fixtures.Fixtures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One run of a program to its end, whole process: {@code EngineRun VARIANT PROGRAM [ARGUMENT...]}. PROGRAM is a fixture's
 * name, or a file's if it has a slash. With {@code -Dbreakpoint=true} every second window has a breakpoint on the page
 * where the one before ended, at a place that is not reached; then the best window of both kinds is told.
 */
final class EngineRun {
    private EngineRun() {}

    public static void main(String[] args) throws IOException {
        String variant = args[0];
        String program = args[1];
        String command = String.join(" ", List.of(args).subList(1, args.length));
        byte[] file = program.contains("/") ? Files.readAllBytes(Path.of(program)) : Fixtures.program(program);
        BootImage image = new BootImage(Fixtures.kernel(variant), "",
                List.of(new BootImage.Module(program, file, command)));
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
        double stopped = 0;
        boolean breakpoints = Boolean.getBoolean("breakpoint");
        boolean broken = false;
        do {
            broken = breakpoints && !broken;
            if (breakpoints) {
                // The last byte of the page: no instruction of these loops begins there.
                m.setBreakpoints(broken ? List.of(m.linearIp() | 0xFFF) : List.of());
            }
            long from = m.position();
            long at = threads.getCurrentThreadCpuTime();
            stop = m.run(window == Long.MAX_VALUE ? window : from + window);
            double speed = (m.position() - from) * 1e3 / (threads.getCurrentThreadCpuTime() - at);
            if (broken) {
                stopped = Math.max(stopped, speed);
            } else {
                best = Math.max(best, speed);
            }
        } while (stop instanceof Stop.Reached);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpu = (threads.getCurrentThreadCpuTime() - busy) / 1e9;
        if (breakpoints) {
            System.out.printf("best with a breakpoint on the page %.1f M/s, without %.1f, cost %.1f %%%n", stopped, best,
                    100 * (best / stopped - 1));
        }
        System.out.printf("%s%n%d steps, %.3f s, %.3f s of the thread, %.1f M/s, best %.1f, digest %016x, %s%n",
                console.toString().strip(), m.position(), seconds, cpu, m.position() / cpu / 1e6, best, m.digest(), stop);
    }
}
