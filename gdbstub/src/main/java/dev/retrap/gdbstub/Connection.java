package dev.retrap.gdbstub;

import dev.retrap.gdbstub.guest.ProgramLookup;
import dev.retrap.gdbstub.rsp.Frame;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.ReplyEncoder;
import dev.retrap.gdbstub.rsp.Request;
import dev.retrap.gdbstub.rsp.RequestParser;
import dev.retrap.gdbstub.session.Interruption;
import dev.retrap.gdbstub.session.MachineThread;
import dev.retrap.gdbstub.session.Session;
import dev.retrap.trace.Timeline;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One client's connection, on the network thread: acknowledges, hands requests to the machine's thread, sends what
 * comes back, interrupts. Knows no request but the one that turns acknowledgments off.
 */
final class Connection extends SimpleChannelInboundHandler<Frame> implements Admission.Candidate {
    /** gdb waits 2 s for an answer ({@code remotetimeout}). */
    private static final int PATIENCE_MILLIS = 1500;
    /** Well below that. */
    private static final int REASSURANCE_MILLIS = 500;
    /** Requests not yet answered at which reading stops; gdb has one, or a few when it pipelines. */
    private static final int MOST_OUTSTANDING = 256;

    private final Timeline timeline;
    private final MachineThread machine;
    private final ProgramLookup program;
    private final Admission admission;
    private final GdbServer server;
    private final GdbServer.Options options;
    private final ClientNotices notices;
    private final Deque<Outstanding> outstanding = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private SocketAddress peer;
    private ScheduledFuture<?> reassurance;
    private boolean acknowledges = true;
    private boolean refused;
    private Frame.Packet lastSent;
    /** Whether {@link #lastSent} was sent after the last request came. */
    private boolean answered;
    /** Confined to the machine's thread. */
    private Session session;
    private volatile boolean gone;

    /** A request that has not been answered yet. */
    private record Outstanding(Request request, Interruption interruption, long since) {}

    Connection(Timeline timeline, MachineThread machine, ProgramLookup program, Admission admission,
            GdbServer server) {
        this.timeline = timeline;
        this.machine = machine;
        this.program = program;
        this.admission = admission;
        this.server = server;
        this.options = server.options();
        this.notices = new ClientNotices(options.view(), options.notices());
    }

    // ---- coming and going ---------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        peer = ctx.channel().remoteAddress();
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(this::giveUp, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        admission.arrived(this);
    }

    @Override
    public void admit() {
        machine.submit(this::open);
        reassurance = context.executor().scheduleAtFixedRate(
                this::reassure, REASSURANCE_MILLIS, REASSURANCE_MILLIS, TimeUnit.MILLISECONDS);
        notices.attached(peer);
        context.channel().config().setAutoRead(true);
    }

    /** On the machine's thread. */
    private void open() {
        machine.runWhenIdle(false);
        try {
            session = new Session(timeline, options, program, this::send);
        } catch (RuntimeException e) {
            gone = true;
            options.notices().accept("cannot serve this recording: " + e.getMessage());
            onNetworkThread(context::close);
        }
    }

    /** Waited long enough: the first packet will be answered with a refusal. */
    private void giveUp() {
        if (admission.giveUp(this)) {
            refused = true;
            context.channel().config().setAutoRead(true);
        }
    }

    private void refuse() {
        Reply reply = new Reply.Refused("another client is attached to this stub; it serves one at a time");
        context.write(Frame.ACK);
        context.writeAndFlush(new Frame.Packet(ReplyEncoder.encode(reply, true)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone = true;
        interruptAll();
        boolean wasAdmitted = !refused && !admission.giveUp(this);
        if (wasAdmitted) {
            reassurance.cancel(false);
            machine.submit(this::close);
        } else {
            admission.left(this);
        }
    }

    /** On the machine's thread, behind the last request: only then is it known what the session leaves. */
    private void close() {
        boolean withoutProcess = session != null && session.isWithoutProcess();
        if (session != null) {
            session.disconnected();
        }
        machine.runWhenIdle(options.runDetached());
        notices.detached(withoutProcess);
        onNetworkThread(() -> {
            if (withoutProcess && options.view() == View.USER) {
                server.nothingLeft();
            }
            admission.left(this);
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset connection, mostly. The client is lost either way; channelInactive cleans up.
        ctx.close();
    }

    // ---- from the client ----------------------------------------------------------------------------------------

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Frame frame) {
        if (refused) {
            if (frame instanceof Frame.Packet) {
                refuse();
            }
            return;
        }
        switch (frame) {
            case Frame.Ack _ -> {}
            case Frame.Nak _ -> {
                // With an answer still to come gdb means that it waits: it asks so after every time-out.
                if (answered) {
                    ctx.writeAndFlush(lastSent);
                }
            }
            case Frame.Interrupt _ -> interruptAll();
            case Frame.Filler _ -> {}
            case Frame.Packet(byte[] payload) -> {
                acknowledge(Frame.ACK);
                Request request = RequestParser.parse(payload);
                acknowledges &= !(request instanceof Request.StartNoAckMode);
                submit(request);
            }
            case Frame.Damaged(String why) -> {
                if (acknowledges) {
                    acknowledge(Frame.NAK);
                } else {
                    submit(new Request.Malformed(why));
                }
            }
            case Frame.Oversized(int limit) -> {
                acknowledge(Frame.ACK);
                submit(new Request.Malformed("packet longer than " + limit + " bytes"));
            }
        }
    }

    private void acknowledge(Frame ack) {
        if (acknowledges) {
            context.writeAndFlush(ack);
        }
    }

    private void interruptAll() {
        outstanding.forEach(o -> o.interruption().request());
    }

    private void submit(Request request) {
        Outstanding asked = new Outstanding(request, new Interruption(timeline), System.nanoTime());
        outstanding.add(asked);
        answered = false;
        readOnlyIfKeptUp();
        machine.submit(asked.interruption(), _ -> serve(asked));
    }

    /** On the machine's thread. */
    private void serve(Outstanding asked) {
        if (!gone) {
            session.serve(asked.request(), asked.interruption());
            notices.asked(asked.request());
        }
        boolean over = session != null && session.isOver();
        onNetworkThread(() -> {
            outstanding.remove(asked);
            readOnlyIfKeptUp();
            if (over) {
                context.close();
            }
        });
    }

    /** Keeps gdb from timing out on a request that takes long. */
    private void reassure() {
        Outstanding oldest = outstanding.peek();
        if (oldest != null && !oldest.request().mayTakeForever()
                && System.nanoTime() - oldest.since() > TimeUnit.MILLISECONDS.toNanos(REASSURANCE_MILLIS)) {
            context.writeAndFlush(Frame.FILLER);
        }
    }

    /** Stops reading from a client that asks faster than it is answered, or does not take the answers. */
    private void readOnlyIfKeptUp() {
        boolean keptUp = outstanding.size() < MOST_OUTSTANDING && context.channel().isWritable();
        if (!keptUp && outstanding.size() >= MOST_OUTSTANDING) {
            // No Ctrl-C would be read any more: do not let a run go on behind it.
            interruptAll();
        }
        context.channel().config().setAutoRead(keptUp);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        readOnlyIfKeptUp();
        ctx.fireChannelWritabilityChanged();
    }

    // ---- to the client ------------------------------------------------------------------------------------------

    /** Sends a reply; on the machine's thread. */
    private void send(Reply reply) {
        notices.answered(reply);
        Frame.Packet packet = new Frame.Packet(ReplyEncoder.encode(reply, session.takesErrorMessages()));
        onNetworkThread(() -> {
            lastSent = packet;
            answered = true;
            context.writeAndFlush(packet);
        });
    }

    private void onNetworkThread(Runnable task) {
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException e) {
            // The server is closing; there is nobody left to tell.
        }
    }
}
