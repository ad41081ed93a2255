package dev.retrap.repl.cli;

import dev.retrap.gdbstub.GdbServer;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A stub that serves gdb until it has nothing left to serve, or Ctrl-C ends it. */
final class StubRun {
    private StubRun() {}

    /**
     * Serves.
     *
     * @param stdio whether gdb is at our standard input and output
     * @param listening told, if not, once clients can connect
     * @return the exit status
     * @throws IOException if it cannot listen
     */
    static int serve(Context context, Timeline timeline, GdbServer.Options options, boolean stdio,
            Consumer<GdbServer> listening) throws IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        boolean[] interrupted = new boolean[1];
        try (Interrupts _ = Interrupts.handle(() -> {
                    interrupted[0] = true;
                    stopped.countDown();
                });
                GdbServer server = GdbServer.start(timeline, options)) {
            server.closed().thenRun(stopped::countDown);
            if (stdio) {
                StdioBridge.to(server.address(), context.io());
            } else {
                listening.accept(server);
            }
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return interrupted[0] ? ExitStatus.INTERRUPTED : ExitStatus.OK;
    }
}
