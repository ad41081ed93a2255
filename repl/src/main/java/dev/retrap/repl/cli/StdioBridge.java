package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.Io;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Standard input and output as a connection to our own server: gdb's {@code target remote | command}. */
final class StdioBridge {
    private static final int PIECE = 1 << 16;

    private StdioBridge() {}

    /** Connects; threads of its own copy both ways until either end closes. */
    static void to(InetSocketAddress server, Io io) throws IOException {
        Socket socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().name("retrap-stdin").start(() -> {
            copy(io.in(), outputOf(socket));
            close(socket);
        });
        Thread.ofPlatform().daemon().name("retrap-stdout").start(() -> {
            copy(inputOf(socket), io.out());
            close(socket);
        });
    }

    private static InputStream inputOf(Socket socket) {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            return InputStream.nullInputStream();
        }
    }

    private static OutputStream outputOf(Socket socket) {
        try {
            return socket.getOutputStream();
        } catch (IOException e) {
            return OutputStream.nullOutputStream();
        }
    }

    private static void copy(InputStream in, OutputStream out) {
        byte[] piece = new byte[PIECE];
        try {
            for (int n; (n = in.read(piece)) > 0; ) {
                out.write(piece, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // The other end is gone, which ends the session.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing more to lose.
        }
    }
}
