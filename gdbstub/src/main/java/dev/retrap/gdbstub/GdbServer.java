package dev.retrap.gdbstub;

import dev.retrap.gdbstub.guest.ProgramLookup;
import dev.retrap.gdbstub.rsp.FrameDecoder;
import dev.retrap.gdbstub.rsp.FrameEncoder;
import dev.retrap.gdbstub.session.MachineThread;
import dev.retrap.gdbstub.session.Session;
import dev.retrap.trace.Timeline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves a timeline to gdb over TCP: one client at a time, any number of sessions one after another.
 *
 * <p>From {@link #start} to {@link #close} the timeline belongs to the server: it is used on a thread of the server's
 * own, never on the network's, which therefore answers and takes Ctrl-C whatever the machine is doing. Others may call
 * only what {@link Timeline} allows from any thread, {@link Timeline#consoleInput} say.
 */
public final class GdbServer implements AutoCloseable {
    private final Options options;
    private final MachineThread machine;
    private final ProgramLookup program;
    private final EventLoopGroup group;
    private final Channel listener;
    private volatile boolean nothingLeft;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * How to serve.
     *
     * @param address where to listen: a port, 0 takes a free one, or a Unix-domain socket
     * @param once close after the first session
     * @param runDetached let a live guest run while no client is attached (a client stops it by attaching)
     * @param notices told, one line each and from any thread, about clients that come and go and what the guest comes
     *     to
     * @param tables more tables for gdb's {@code info os}
     * @param view what clients see of the machine
     * @param branchFiles the file for a branch of that name, which {@code monitor branch} and writing to the past start;
     *     empty: there are no branches
     */
    public record Options(SocketAddress address, boolean once, boolean runDetached, Consumer<String> notices,
            List<OsTable> tables, View view, Optional<Function<String, Path>> branchFiles) {
        /** Checks that nothing is missing. */
        public Options {
            Objects.requireNonNull(address);
            Objects.requireNonNull(notices);
            tables = List.copyOf(tables);
        }

        /** The loopback interface, session after session, the guest stopped while nobody is attached. */
        public static Options loopback(int port) {
            return new Options(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), false, false, _ -> {}, List.of(), View.FLAT, Optional.empty());
        }

        /** The same at another address. Anyone who can reach it can read the guest and move it about. */
        public Options withAddress(SocketAddress other) {
            return new Options(other, once, runDetached, notices, tables, view, branchFiles);
        }

        /** The same, for one session only or not. */
        public Options withOnce(boolean other) {
            return new Options(address, other, runDetached, notices, tables, view, branchFiles);
        }

        /** The same, running a live guest while nobody is attached or not. */
        public Options withRunDetached(boolean other) {
            return new Options(address, once, other, notices, tables, view, branchFiles);
        }

        /** The same, telling somebody else. */
        public Options withNotices(Consumer<String> other) {
            return new Options(address, once, runDetached, other, tables, view, branchFiles);
        }

        /** The same with more tables for {@code info os}. */
        public Options withTables(List<OsTable> other) {
            return new Options(address, once, runDetached, notices, List.copyOf(other), view, branchFiles);
        }

        /** The same in another view. */
        public Options withView(View other) {
            return new Options(address, once, runDetached, notices, tables, other, branchFiles);
        }

        /** The same with branches, in these files by their names. */
        public Options withBranchFiles(Function<String, Path> other) {
            return new Options(address, once, runDetached, notices, tables, view, Optional.of(other));
        }
    }

    /**
     * Starts serving.
     *
     * @throws IOException if the address cannot be listened at; the message is one line for the user
     */
    public static GdbServer start(Timeline timeline, Options options) throws IOException {
        return new GdbServer(timeline, options);
    }

    private GdbServer(Timeline timeline, Options options) throws IOException {
        this.options = options;
        this.program = new ProgramLookup(timeline);
        this.group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.machine = new MachineThread(timeline, options.notices());
        options.branchFiles().ifPresent(timeline::setBranchFiles);
        Admission admission = new Admission(this::sessionEnded);
        ServerBootstrap server = new ServerBootstrap().group(group);
        if (options.address() instanceof UnixDomainSocketAddress) {
            server.channel(NioServerDomainSocketChannel.class);
        } else {
            server.channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelFuture bound = server
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new FrameDecoder(Session.PACKET_SIZE), new FrameEncoder())
                                .addLast(new Connection(timeline, machine, program, admission, GdbServer.this));
                    }
                })
                .bind(options.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            machine.close();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(cannotListen(options.address(), bound.cause()));
        }
        this.listener = bound.channel();
        machine.submit(() -> machine.runWhenIdle(options.runDetached()));
    }

    private static String cannotListen(SocketAddress where, Throwable cause) {
        if (!(where instanceof InetSocketAddress address)) {
            return "cannot listen at " + where + ": "
                    + (cause instanceof BindException ? "there is such a file already" : cause.getMessage());
        }
        return cannotListenAtPort(address, cause);
    }

    private static String cannotListenAtPort(InetSocketAddress address, Throwable cause) {
        String where = address.getHostString() + ":" + address.getPort();
        if (address.isUnresolved()) {
            return "cannot listen at " + where + ": unknown host";
        }
        return cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")
                ? "cannot listen at " + where + ": the port is in use; choose another, or 0 for a free one"
                : "cannot listen at " + where + ": " + cause.getMessage();
    }

    Options options() {
        return options;
    }

    private void sessionEnded() {
        if (options.once() || nothingLeft) {
            CompletableFuture.runAsync(this::close);
        }
    }

    /** The session that is about to end leaves no process to debug: as gdbserver, we end with it. */
    void nothingLeft() {
        nothingLeft = true;
    }

    /**
     * Where it listens, the port resolved.
     *
     * @throws ClassCastException if it is no port
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Completes when the server is closed: after the one session with {@link Options#once}, or by {@link #close}. */
    public CompletableFuture<Void> closed() {
        return closed;
    }

    /**
     * Ends the session and stops listening. The timeline is the caller's again when this returns. Not to be called from
     * {@link Options#notices}.
     */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        machine.close();
        closed.complete(null);
    }
}
