package dev.retrap.gdbstub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands between gdb and the stub and does something as soon as a packet of gdb's has passed. */
final class PacketProxy implements AutoCloseable {
    private record Trigger(String packetStart, Runnable action) {}

    private final ServerSocket listener;
    private final InetSocketAddress stub;
    private final ConcurrentLinkedQueue<Trigger> triggers = new ConcurrentLinkedQueue<>();

    PacketProxy(InetSocketAddress stub) throws IOException {
        this.stub = stub;
        listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Runs {@code action} once, after the next packet that begins so has gone to the stub. */
    void after(String packetStart, Runnable action) {
        triggers.add(new Trigger("$" + packetStart, action));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(stub.getAddress(), stub.getPort());
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            } catch (IOException e) {
                // Closed, or the stub is gone: gdb will notice.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean fromGdb) {
        byte[] buffer = new byte[1 << 16];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n; (n = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, n);
                out.flush();
                if (fromGdb) {
                    fire(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            // One side has gone; closing the other tells it.
        }
    }

    private void fire(String bytes) {
        Trigger first = triggers.peek();
        if (first != null && bytes.contains(first.packetStart()) && triggers.remove(first)) {
            first.action().run();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
