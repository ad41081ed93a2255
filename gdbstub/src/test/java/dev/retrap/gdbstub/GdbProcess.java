package dev.retrap.gdbstub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stock gdb, driven through its standard input, a command at a time. */
final class GdbProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private int commands;

    GdbProcess() throws IOException {
        List<String> line = new ArrayList<>(List.of("gdb", "-nx", "-q"));
        for (String setting : List.of(
                "set prompt", "set confirm off", "set pagination off", "set width 0", "set style enabled off",
                "set debuginfod enabled off", "set history save off")) {
            line.addAll(List.of("-ex", setting));
        }
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        process = builder.start();
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        process.toHandle().onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(_ -> {
            process.destroyForcibly();
            return null;
        });
        command("echo ready\\n");
    }

    /** True if there is a gdb to drive. */
    static boolean isInstalled() {
        try {
            Process version = new ProcessBuilder("gdb", "--version").redirectErrorStream(true).start();
            version.getInputStream().readAllBytes();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lines that gdb prints of itself, not of the target. */
    private static boolean isNoise(String line) {
        return line.isBlank() || line.equals("Continuing.") || line.startsWith("Remote debugging using ");
    }

    /** Runs a command and waits until gdb is ready for the next one; what it printed but for noise. */
    List<String> command(String text) throws IOException {
        String mark = "@@" + commands++;
        in.write(text + "\necho \\n" + mark + "\\n\n");
        in.flush();
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("gdb has ended (or was ended after " + PATIENCE_SECONDS + " s) in \"" + text
                        + "\" after: " + lines);
            }
            if (line.equals(mark)) {
                return lines;
            }
            if (!isNoise(line)) {
                lines.add(line.stripTrailing());
            }
        }
    }

    /** What Ctrl-C on gdb's terminal does. */
    void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
