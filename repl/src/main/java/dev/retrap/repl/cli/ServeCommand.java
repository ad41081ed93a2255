package dev.retrap.repl.cli;

import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.gdbstub.GdbServer;
import dev.retrap.gdbstub.OsTable;
import dev.retrap.gdbstub.View;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retrap serve}: a gdb server on a recording or on a live guest. */
@Command(
        name = "serve",
        header = "Let gdb attach to a recording, or to a guest that runs.",
        description = {
            "",
            "PROGRAM may be a recording: then gdb moves in it, forward and backward. Otherwise a guest is started and "
                + "waits for gdb; going back works as well, and forward past where it has been it goes on living. One "
                + "gdb at a time, any number one after another. Ctrl-C ends it.",
        },
        exitCodeList = {"0:done, with --once", "2:wrong usage, or the port is in use", "130:ended by Ctrl-C"},
        footer = {
            "  retrap serve a.retrap",
            "  retrap serve --variant v4.2 sixargs",
            "  retrap serve --listen :0 --once -o session.retrap hello",
            "  gdb -ex 'target remote | retrap serve - a.retrap'",
            "and then:",
            "  gdb -ex 'target remote 127.0.0.1:1234'",
            "  (gdb) break __kernel_vsyscall",
            "  (gdb) continue",
            "  (gdb) reverse-stepi",
        })
final class ServeCommand implements Callable<Integer> {
    private static final String UNIX = "unix:";

    private final Context context;
    /** PROGRAM came after a dash: gdb is at our standard input and output. */
    private boolean stdio;

    @Mixin
    private GuestOptions guest;

    @Option(names = {"-l", "--listen"}, paramLabel = "[HOST]:PORT", order = 10,
            description = "Where to listen; port 0 takes a free one, unix:PATH is a Unix-domain socket "
                + "(default: 127.0.0.1:1234)")
    private String listen = "127.0.0.1:1234";

    @Option(names = "--once", order = 11, description = "End after the first session")
    private boolean once;

    @Option(names = "--view", paramLabel = "VIEW", order = 13,
            description = "What gdb sees: flat, the processor; split, kernel and program as two inferiors; user, the "
                + "program alone (default: flat)")
    private View view = View.FLAT;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", order = 12, description = "Record the live guest")
    private String output;

    @Spec
    private CommandSpec spec;

    ServeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        stdio = "-".equals(guest.first());
        if (stdio) {
            guest.takeFirst();
        }
        SocketAddress address = listen.startsWith(UNIX)
                ? UnixDomainSocketAddress.of(listen.substring(UNIX.length()))
                : ListenAddress.parse(stdio ? ":0" : listen);
        if (address instanceof InetSocketAddress at && !at.getAddress().isLoopbackAddress()) {
            context.note("warning: listening on " + listen
                    + ": whoever can reach it can read the guest and move it about");
        }
        String name = guest.first();
        if (name != null && isRecording(name)) {
            return serveRecording(name, address);
        }
        return serveLive(guest.resolve(), address);
    }

    /** Also what is called like one, so that what is wrong with it is said. */
    private static boolean isRecording(String name) {
        return name.endsWith(".retrap") || Recordings.hasSignature(Recordings.path(name));
    }

    private int serveRecording(String name, SocketAddress address) {
        if (guest.describesGuest() || output != null) {
            throw new Trouble(name + " is a recording: it has its own guest; leave out the other options");
        }
        Recording recording = Recordings.open(context, name);
        try (Timeline timeline = Timeline.replay(recording)) {
            return serve(timeline, address, true);
        } catch (IOException | BadImageException e) {
            throw new Trouble(name + ": " + e.getMessage(), e);
        } finally {
            Recordings.close(recording);
        }
    }

    private int serveLive(Guest g, SocketAddress address) {
        Recorder recorder = null;
        try {
            if (output != null) {
                List<String> words = new ArrayList<>(List.of("retrap"));
                words.addAll(spec.root().commandLine().getParseResult().originalArgs());
                recorder = RecordSession.recorder(g, Recordings.path(output), words);
            }
            try (Timeline timeline = Timeline.live(g.config(), g.image(), recorder)) {
                timeline.setListener(new Console(stdio ? context.err() : context.out()));
                return serve(timeline, address, output != null);
            }
        } catch (IOException | BadImageException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    private int serve(Timeline timeline, SocketAddress address, boolean kept) {
        GdbServer.Options options = GdbServer.Options.loopback(0)
                .withAddress(address)
                .withOnce(once || stdio)
                .withNotices(this::notice)
                .withView(view)
                .withBranchFiles(Branches.of(timeline, kept))
                .withTables(List.of(variants()));
        try {
            return StubRun.serve(context, timeline, options, stdio,
                    server -> tell(address instanceof UnixDomainSocketAddress path ? path.toString() : null, server));
        } catch (IOException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    /** Where it listens and how to attach. */
    private void tell(String path, GdbServer server) {
        String where = path != null ? path : ListenAddress.format(server.address());
        String target = path == null && server.address().getAddress().isAnyLocalAddress()
                ? "localhost:" + server.address().getPort()
                : where;
        context.out().println("Listening on " + where + ". Attach with:");
        context.out().println(attach(target));
        context.out().flush();
    }

    private String attach(String target) {
        return view == View.SPLIT
                ? "  gdb -ex 'target extended-remote " + target + "' -ex 'set schedule-multiple on'"
                    + " -ex add-inferior -ex 'inferior 2' -ex 'attach 2'"
                : "  gdb -ex 'target remote " + target + "'";
    }

    /** The catalogue for gdb's {@code info os variants}. */
    private static OsTable variants() {
        return new OsTable("variants", "Kernel variants that retrap comes with", List.of("Variant", "Summary"),
                () -> Fixtures.variants().stream().map(v -> List.of(v.name(), v.summary())).toList());
    }

    private void notice(String line) {
        context.out().flush();
        context.note(line);
    }
}
