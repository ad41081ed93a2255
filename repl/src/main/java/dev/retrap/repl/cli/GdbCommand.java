package dev.retrap.repl.cli;

import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.gdbstub.GdbExtension;
import dev.retrap.gdbstub.GdbServer;
import dev.retrap.gdbstub.View;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap gdb}: gdb on a recording, attached, with our extension loaded. */
@Command(
        name = "gdb",
        header = "Start gdb on a recording.",
        description = {
            "",
            "Serves the recording to a gdb that it starts, attached and with the commands of a Python extension: retrap "
                + "events, retrap when, retrap goto, retrap last-write, retrap diff, retrap branch (\"help retrap\").",
        },
        footer = {
            "  retrap gdb a.retrap",
            "  retrap gdb --view split a.retrap",
            "  retrap gdb a.retrap -ex 'retrap goto user' -ex 'break main'",
        })
final class GdbCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--view", paramLabel = "VIEW", order = 13, description = "As for serve (default: flat)")
    private View view = View.FLAT;

    @Parameters(index = "0", paramLabel = "FILE", description = "A recording")
    private String file;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "OPTION", description = "More options for gdb")
    private List<String> more = List.of();

    GdbCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Recording recording = Recordings.open(context, file);
        try (Timeline timeline = Timeline.replay(recording);
                Interrupts _ = Interrupts.handle(() -> {});
                GdbServer server = GdbServer.start(timeline, GdbServer.Options.loopback(0).withView(view)
                        .withBranchFiles(Branches.of(timeline, true)))) {
            Path directory = Files.createTempDirectory("retrap-gdb");
            Path extension = GdbExtension.writeTo(directory);
            try {
                Process gdb = new ProcessBuilder(command(ListenAddress.format(server.address()), extension))
                        .inheritIO().start();
                return gdb.waitFor();
            } finally {
                Files.delete(extension);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new Trouble(String.valueOf(e.getMessage()).startsWith("Cannot run program")
                    ? "gdb is not installed, or not on the PATH" : e.getMessage(), e);
        } catch (BadImageException e) {
            throw new Trouble(file + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            Recordings.close(recording);
        }
    }

    private List<String> command(String target, Path extension) {
        List<String> words = new ArrayList<>(List.of("gdb", "-q", "-ex", "source " + extension));
        List<String> attach = view == View.SPLIT
                ? List.of("target extended-remote " + target, "set schedule-multiple on", "add-inferior", "inferior 2",
                        "attach 2")
                : List.of("target remote " + target);
        attach.forEach(line -> words.addAll(List.of("-ex", line)));
        words.addAll(more);
        return words;
    }
}
