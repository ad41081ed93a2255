package dev.retrap.repl.cli;

import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.gdbstub.GdbServer;
import dev.retrap.gdbstub.View;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrap gdbserver}: what gdbserver(1) is called as and answers, with a way back. */
@Command(
        name = "gdbserver",
        header = "Debug a program with gdb as gdbserver does, forward and backward.",
        customSynopsis = "retrap gdbserver [OPTIONS] [HOST]:PORT PROGRAM [ARGS...]",
        description = {
            "",
            "A stand-in for gdbserver(1): the program stops at its first instruction and waits for gdb, which sees the "
                + "program alone, with signals and exit status, and can go back: reverse-step, reverse-finish, "
                + "reverse-continue. PORT is a port, or - for standard input and output. Ends with the program, or with "
                + "the session if told so by --once.",
        },
        exitCodeList = {"0:the program has ended or was let go", "2:wrong usage, or the port is in use",
            "130:ended by Ctrl-C"},
        footer = {
            "  retrap gdbserver --once localhost:1234 ./program argument",
            "  gdb -ex 'target remote localhost:1234' ./program",
            "  gdb -ex 'target remote | retrap gdbserver - ./program' ./program",
        })
final class GdbserverCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private GuestOptions guest;

    @Option(names = "--once", order = 11, description = "End after the first session")
    private boolean once;

    GdbserverCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String where = guest.takeFirst();
        if (where == null || guest.first() == null) {
            throw new Trouble("say where to listen and what to debug: retrap gdbserver :1234 PROGRAM");
        }
        boolean stdio = where.equals("-");
        InetSocketAddress address = ListenAddress.parse(stdio ? ":0" : where);
        if (!address.getAddress().isLoopbackAddress()) {
            context.note("warning: listening on " + where + ": whoever can reach it can debug the program");
        }
        Guest g = guest.resolve();
        try (Timeline timeline = Timeline.live(g.config(), g.image(), null)) {
            timeline.setListener(new Console(stdio ? context.err() : context.out()));
            Arrival arrival = timeline.continueForward(StopSet.NONE.withCrossings(Event::toUser));
            if (!(arrival instanceof Arrival.Crossing)) {
                throw new Trouble(guest.first() + " cannot be run by this kernel");
            }
            say("Process %s created; pid = 1".formatted(guest.first()));
            return serve(timeline, address, stdio);
        } catch (IOException | BadImageException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    private int serve(Timeline timeline, InetSocketAddress address, boolean stdio) throws IOException {
        GdbServer.Options options = GdbServer.Options.loopback(0)
                .withAddress(address).withOnce(once || stdio).withView(View.USER).withNotices(this::say)
                .withBranchFiles(Branches.of(timeline, false));
        return StubRun.serve(context, timeline, options, stdio,
                server -> say("Listening on port " + server.address().getPort()));
    }

    /** As gdbserver, to standard error, without our name before it. */
    private void say(String line) {
        context.out().flush();
        context.err().println(line);
        context.err().flush();
    }
}
