package dev.retrap.gdbstub;

import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Request;
import dev.retrap.gdbstub.session.GdbSignals;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** What is said about a client that comes, acts and goes: in the user view, gdbserver's very words. */
final class ClientNotices {
    private final boolean asGdbserver;
    private final Consumer<String> notices;

    ClientNotices(View view, Consumer<String> notices) {
        this.asGdbserver = view == View.USER;
        this.notices = notices;
    }

    void attached(SocketAddress peer) {
        if (asGdbserver && peer instanceof InetSocketAddress at) {
            notices.accept("Remote debugging from host %s, port %d".formatted(
                    at.getAddress().getHostAddress(), at.getPort()));
        } else {
            notices.accept(asGdbserver ? "Remote debugging using a local connection" : "gdb attached from " + peer);
        }
    }

    void asked(Request request) {
        if (asGdbserver && request instanceof Request.Detach) {
            notices.accept("Detaching from process " + GuestProgram.PID);
        }
    }

    void answered(Reply reply) {
        switch (reply) {
            case Reply.Exited(int status, long _, boolean _) ->
                    notices.accept("\nChild exited with status " + (status & 0xff));
            case Reply.Signalled(int signal, long _, boolean _) -> notices.accept(
                    "\nChild terminated with signal = 0x%x (%s)".formatted(signal, GdbSignals.name(signal)));
            default -> {}
        }
    }

    void detached(boolean withoutProcess) {
        if (!asGdbserver) {
            notices.accept("gdb detached");
        } else if (!withoutProcess) {
            notices.accept("Remote side has terminated connection.  GDBserver will reopen the connection.");
        }
    }
}
