package dev.retrap.repl.bench;

import dev.retrap.fixtures.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engines and their peers on the same guest programs, one whole process after the other: the interpreter alone, the
 * tiered engine, qemu-system-i386 (TCG, same kernel and program), qemu-i386 (the program alone). Millions of guest
 * instructions a second by processor time: of the thread that runs the guest here, of the whole process for QEMU. QEMU
 * does not count, so its number of instructions is ours. See {@code engines.sh}.
 */
final class EngineComparison {
    private static final String VARIANT = "v4.2";
    /** A static program of the host's C library. */
    private static final String GLIBC_WORK = "glibc-work";
    private static final Pattern RESULT = Pattern.compile(
            "(\\d+) steps, ([\\d.]+) s, ([\\d.]+) s of the thread.*best ([\\d.]+)");
    private static final Pattern RESULT_BREAKPOINT = Pattern.compile("best with a breakpoint.*");
    private static final Pattern TIMES = Pattern.compile("TIMES ([\\d.]+) ([\\d.]+) ([\\d.]+)");

    /** Wall and processor seconds, steps (0 if unknown), M/s of the best stretch, console. */
    private record Run(double wall, double cpu, long steps, double best, String console) {}

    private EngineComparison() {}

    public static void main(String[] args) throws Exception {
        List<String> commands = args.length > 0 ? List.of(args)
                : List.of("workload alu 300000000", "workload sieve 2500", "workload crc 150", "workload fib 40",
                        "workload warm 20000000", "getpid-loop 20000000 vdso", "getpid-loop 10000000 int80",
                        "glibc-work sort 8", "glibc-work sha256 16");
        Path dir = Files.createTempDirectory("retrap-engines");
        System.out.printf("%-28s %12s %12s %12s %12s %12s   %-22s %s%n", "M guest instructions/s", "interpreter", "tiered",
                "tiered, best", "qemu-system", "qemu-i386", "tiered/qemu-system", "tiered/qemu-i386");
        for (String command : commands) {
            if (program(dir, command.split(" ")[0]) == null) {
                System.out.println(command + ": gcc -m32 -static does not work here");
                continue;
            }
            Map<String, Run> runs = new LinkedHashMap<>();
            for (String engine : List.of("interpreter", "tiered")) {
                // The interpreter is steady after a fraction of the work.
                runs.put(engine, here(dir, engine, engine.equals("tiered") ? command : smaller(command)));
            }
            runs.put("system", system(dir, command));
            runs.put("user", user(dir, command));
            row(command, runs);
        }
        for (String command : List.of("workload alu 300000000", "workload crc 150")) {
            System.out.println(command + ": " + RESULT_BREAKPOINT.matcher(output(line(dir, "tiered", command,
                    "-Dbreakpoint=true"))).results().findFirst().orElseThrow().group());
        }
    }

    private static void row(String command, Map<String, Run> runs) {
        Run tiered = runs.get("tiered");
        Run interpreter = runs.get("interpreter");
        Run system = runs.get("system");
        Run user = runs.get("user");
        double fast = tiered.steps() / tiered.cpu() / 1e6;
        double peer = system == null ? Double.NaN : tiered.steps() / system.cpu() / 1e6;
        double alone = user == null ? Double.NaN : tiered.steps() / user.cpu() / 1e6;
        System.out.printf("%-28s %12.1f %12.1f %12.1f %12.1f %12.1f   %-22s %s%n", command, interpreter.best(), fast,
                tiered.best(), peer, alone, "%.2f (best %.2f)".formatted(fast / peer, tiered.best() / peer),
                user == null ? "" : "%.2f (best %.2f)".formatted(fast / alone, tiered.best() / alone));
        if (system != null && !system.console().contains(tiered.console().strip())) {
            throw new IllegalStateException("QEMU's console differs: " + system.console() + " / " + tiered.console());
        }
    }

    /** The same with a tenth of the work. */
    private static String smaller(String command) {
        String[] words = command.split(" ");
        for (int n = 1; n < words.length; n++) {
            if (words[n].matches("\\d{3,}")) {
                words[n] = words[n].substring(0, words[n].length() - 1);
            }
        }
        return command.contains("fib") ? command.replace("40", "35") : String.join(" ", words);
    }

    private static List<String> line(Path dir, String engine, String command, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Dretrap.engine=" + engine, "-Dwindow=50000000"));
        line.addAll(List.of(options));
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        // Compiled beside this class, or a source file that the launcher compiles.
        line.add(System.getProperty("engine.run", EngineRun.class.getName()));
        line.add(VARIANT);
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        if (words.getFirst().equals(GLIBC_WORK)) {
            words.set(0, program(dir, GLIBC_WORK).toString());
        }
        line.addAll(words);
        return line;
    }

    private static Run here(Path dir, String engine, String command) throws Exception {
        List<String> line = line(dir, engine, command);
        String out = output(line);
        Matcher m = RESULT.matcher(out);
        if (!m.find()) {
            throw new IllegalStateException(out);
        }
        return new Run(Double.parseDouble(m.group(2)), Double.parseDouble(m.group(3)), Long.parseLong(m.group(1)),
                Double.parseDouble(m.group(4)), out.substring(0, m.start()));
    }

    private static Run system(Path dir, String command) throws IOException, InterruptedException {
        Path kernel = dir.resolve("kernel");
        Files.write(kernel, Fixtures.kernel(VARIANT));
        String program = command.split(" ")[0];
        Path image = program(dir, program);
        return timed("qemu-system-i386", "-accel tcg -M isapc -cpu pentium3 -m 32 -nodefaults -no-user-config"
                + " -display none -serial stdio -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 -kernel "
                + kernel + " -initrd '" + image + command.substring(program.length()) + "'");
    }

    private static Run user(Path dir, String command) throws IOException, InterruptedException {
        String program = command.split(" ")[0];
        // Its getpid is the host's: not the same work.
        return program.equals("getpid-loop") ? null
                : timed("qemu-i386", program(dir, program) + command.substring(program.length()));
    }

    /** The program's file; null if it cannot be made here. */
    private static Path program(Path dir, String name) throws IOException, InterruptedException {
        if (name.equals(GLIBC_WORK)) {
            Path p = dir.resolve(name);
            if (!Files.exists(p)) {
                output(List.of("gcc", "-m32", "-static", "-O2", "-o", p.toString(),
                        System.getProperty("engine.glibc", "repl/src/jmh/c/glibc-work.c")));
            }
            return Files.exists(p) ? p : null;
        }
        Path p = Files.write(dir.resolve(name), Fixtures.program(name));
        Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwx------"));
        return p;
    }

    /** Null if the peer is not installed. */
    private static Run timed(String peer, String arguments) throws IOException, InterruptedException {
        String out = output(List.of("bash", "-c", "command -v " + peer + " >/dev/null || { echo ABSENT; exit 0; };"
                + " TIMEFORMAT='TIMES %R %U %S'; time " + peer + " " + arguments + " </dev/null"));
        Matcher m = TIMES.matcher(out);
        return out.startsWith("ABSENT") || !m.find() ? null
                : new Run(Double.parseDouble(m.group(1)),
                        Double.parseDouble(m.group(2)) + Double.parseDouble(m.group(3)), 0, 0, out);
    }

    private static String output(List<String> line) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(line).redirectErrorStream(true).start();
        p.getOutputStream().close();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        p.waitFor();
        return out;
    }
}
