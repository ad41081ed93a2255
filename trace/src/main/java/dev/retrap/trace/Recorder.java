package dev.retrap.trace;

import com.google.protobuf.ByteString;
import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.ProbePoint;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.trace.file.EventItem;
import dev.retrap.trace.file.EventRow;
import dev.retrap.trace.file.FarPairs;
import dev.retrap.trace.file.ProbeItem;
import dev.retrap.trace.file.RecordingWriter;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Writes a recording while a machine runs. The machine's thread only copies into preallocated memory; coding,
 * compression and writing happen on a thread of the recorder's own, and the machine waits if that falls behind.
 *
 * <p>{@link Timeline#live} does the rest: it attaches the recorder, logs inputs and places checkpoints. If the file
 * cannot be written any further (disk full), the machine's run is interrupted and {@link #flush}, {@link #checkpoint}
 * and {@link #close} throw an exception with one line for the user; what was written before stays readable.
 */
public final class Recorder implements MachineObserver, AutoCloseable {
    private static final int R = Reg.CROSSING_SLOTS;
    private static final int STEPS = EventItem.NESTING + EventRow.STEPS - EventRow.NESTING;
    private static final Crossing.Kind[] BY_ORDINAL = Crossing.Kind.values();

    /** Number of kinds of crossing. */
    static final int KINDS = BY_ORDINAL.length;
    /** Whether the kind with an ordinal is an entry. */
    static final IntPredicate IS_ENTRY = kind -> BY_ORDINAL[kind].isEntry();

    private final Path file;
    private final RecordingInfo info;
    private final List<ProbeSite> sites;
    private final RecordingWriter writer;
    private final ProbeReader probeReader;
    private final Pairing pairing = new Pairing();
    private Machine machine;
    private MachineObserver listener;
    private long events;
    private int inputs;
    private Crossing last;
    private long lastNesting;
    private long position;
    private Record end;
    private boolean closed;

    private Recorder(Path file, RecordingInfo info, List<ProbeSite> sites, RecordingWriter writer) {
        this.file = file;
        this.info = info;
        this.sites = sites;
        this.writer = writer;
        probeReader = new ProbeReader(sites);
    }

    /**
     * Starts a recording in a new file (an existing one is replaced).
     *
     * @throws IOException if the file cannot be created, or the image is no kernel; the message is one line for the
     *     user
     */
    public static Recorder create(Path file, RecordingInfo info) throws IOException {
        try {
            List<ProbeSite> sites = ProbeSite.of(info.image());
            RecordingWriter writer = RecordingWriter.create(file, HeaderCodec.encode(info, sites, Optional.empty()), R, IS_ENTRY,
                    sites.stream().mapToInt(s -> s.layout().wordBytes()).toArray());
            return new Recorder(file, info, sites, writer);
        } catch (BadImageException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            throw cannot("write", file, e);
        }
    }

    /**
     * Starts a recording that branches off another one, in a new file that begins with the other's whole chunks. The
     * rest up to the branch is the caller's to run through again: from the point's position, with the inputs that are
     * not among those taken over.
     *
     * @throws IOException if it cannot be read or written; the message is one line for the user
     */
    static Recorder branch(Path file, Recording from, BranchPoint point, Branch branch) throws IOException {
        try {
            List<ProbeSite> sites = ProbeSite.of(from.info().image()); // with more than the header tells
            RecordingWriter writer = RecordingWriter.branch(file,
                    HeaderCodec.encode(from.info(), sites, Optional.of(branch)), R, IS_ENTRY,
                    sites.stream().mapToInt(s -> s.layout().wordBytes()).toArray(), from.chunks(), point.chunks(),
                    point.position(), point.events(), from.farPairs(), from.checkpointReader());
            Recorder r = new Recorder(file, from.info(), sites, writer);
            r.events = point.events();
            r.inputs = point.inputs();
            r.position = point.position();
            point.pair(from, r.pairing);
            return r;
        } catch (BadImageException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            throw cannot("write", file, e);
        }
    }

    /** An exception whose message is one line for the user. */
    static IOException cannot(String what, Path file, IOException e) {
        String why = switch (e) {
            case NoSuchFileException x -> "no such file or directory";
            case AccessDeniedException x -> "permission denied";
            case FileSystemException x when x.getReason() != null -> x.getReason();
            default -> e.getMessage();
        };
        return new IOException("cannot " + what + " " + file + ": " + why, e);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** What the recording says about its origin. */
    public RecordingInfo info() {
        return info;
    }

    /** The probes that the machine must have for this recorder, from the kernel's own table. */
    public List<ProbePoint> probes() {
        return sites.stream().map(s -> new ProbePoint(s.address())).toList();
    }

    /** Observes this machine from now on: sets its observer and probes. */
    public void attach(Machine observed) {
        machine = observed;
        probeReader.forget();
        observed.setProbes(probes());
        observed.setObserver(this);
    }

    /** Someone else to tell everything after it is recorded (a terminal that shows the console), null for none. */
    public void setListener(MachineObserver other) {
        listener = other;
    }

    @Override
    public void crossing(Crossing c) {
        long[] a = writer.item();
        long nesting;
        if (c.kind.isEntry()) {
            nesting = pairing.entry(events, c);
        } else {
            pairing.exit(c, machine.cycles());
            nesting = pairing.entry < 0 ? 0 : events - pairing.entry;
            a[STEPS] = pairing.steps;
            a[STEPS + 1] = pairing.nestedSteps;
            a[STEPS + 2] = pairing.spentCycles;
            a[STEPS + 3] = pairing.nestedCycles;
        }
        a[EventItem.POSITION] = c.position;
        a[EventItem.CYCLES] = c.cycles;
        a[EventItem.NESTING] = nesting;
        registers(c, a);
        writer.event(EventRow.context(c.kind.ordinal(), c.vector, c.hasErrorCode));
        events++;
        position = c.position + 1;
        last = c;
        lastNesting = nesting;
        if (listener != null) {
            listener.crossing(c);
        }
        if (writer.failed()) {
            machine.interrupt();
        }
    }

    private static void registers(Crossing c, long[] a) {
        int v = EventItem.VALUES;
        long before = c.beforeChanged;
        long after = c.afterChanged;
        a[EventItem.BEFORE] = before;
        for (long left = before; left != 0; left &= left - 1) {
            a[v++] = c.before[Long.numberOfTrailingZeros(left)];
        }
        for (long left = after; left != 0; left &= left - 1) {
            a[v++] = c.after[Long.numberOfTrailingZeros(left)];
        }
        if (c.kind == Crossing.Kind.EXCEPTION) { // nothing else has an error code
            after |= 1L << R;
            a[v] = c.errorCode;
        }
        a[EventItem.AFTER] = after;
    }

    @Override
    public void probe(int index, Machine m) {
        long[] a = writer.item();
        long address = probeReader.address(index, m);
        a[ProbeItem.POSITION] = m.position();
        a[ProbeItem.EVENT] = probeReader.handler(index)
                ? pairing.handler(address, probeReader.returnAddress(index, address))
                : pairing.decision(address, probeReader.returnAddress(index, address));
        probeReader.read(index, m, address, a);
        writer.probe(index, probeReader.words());
        if (listener != null) {
            listener.probe(index, m);
        }
    }

    @Override
    public void console(int octet) {
        writer.console(octet, machine.position());
        if (listener != null) {
            listener.console(octet);
        }
    }

    @Override
    public void unsupported(long at, long ip, byte[] bytes, String what) {
        writer.io(at, Record.newBuilder().setUnsupported(dev.retrap.trace.v1.Unsupported.newBuilder()
                .setPosition(at).setIp(ip).setData(ByteString.copyFrom(bytes)).setWhat(what)).build());
        if (listener != null) {
            listener.unsupported(at, ip, bytes, what);
        }
    }

    /** Number of events so far. */
    public long eventCount() {
        return events;
    }

    /** The event that {@link #crossing} was last told; without its probes. */
    Event lastEvent() {
        return EventAssembler.live(events - 1, last, lastNesting, pairing);
    }

    /** Logs an input; the caller applies it to the machine. */
    public void input(Input input) {
        inputs++;
        position = Math.max(position, input.position());
        writer.io(input.position(), InputCodec.encode(input));
    }

    /** Stores a state of now as a checkpoint. */
    public void checkpoint(Snapshot state) {
        checkpoint(state, state.position(), null);
    }

    /**
     * Stores a state of now as a checkpoint.
     *
     * @param since where the span begins that the footprint is of
     * @param footprint what has been touched from there to now, or more; null if nobody knows. The recorder's from now on
     */
    public void checkpoint(Snapshot state, long since, Footprint footprint) {
        check();
        writer.checkpoint(state, inputs, since, footprint);
    }

    /** Hands over all that has happened up to a position and waits until it is in the file, readable by others. */
    public void flush(long at) {
        position = at;
        try {
            writer.flush(at);
        } catch (IOException e) {
            throw unchecked(e);
        }
    }

    /** Pairs of entries and exits in different chunks, so far; it grows. */
    FarPairs farPairs() {
        return writer.farPairs();
    }

    /** Throws if the file cannot be written any more. */
    void check() {
        try {
            writer.check();
        } catch (IOException e) {
            throw unchecked(e);
        }
    }

    private UncheckedIOException unchecked(IOException e) {
        IOException x = failed(e);
        return new UncheckedIOException(x.getMessage(), x);
    }

    private IOException failed(IOException e) {
        IOException x = cannot("write", file, e);
        return new IOException(x.getMessage() + "; what is recorded up to position " + writer.writtenPosition()
                + " is readable", e);
    }

    /** Says how the run ended; to be called before {@link #close()}, at the last position. */
    public void end(long at, EndStatus status) {
        position = at;
        end = EndCodec.encode(status);
    }

    /**
     * Writes what is left, the index and the footer.
     *
     * @throws IOException if the recording is not whole on disk; the message is one line for the user
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            writer.finish(position, end);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
